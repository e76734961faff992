import { webApi } from '../../api/odata.ts';

export const candidateSet = `${webApi}/mshr_hcmcandidatetohireentities`;
export const candidatePath = (id: string): string => `${candidateSet}(${id})`;

/** A candidate that an ATS has sent. */
export interface Candidate {
  readonly '@odata.etag': string;
  readonly mshr_hcmcandidatetohireentityid: string;
  readonly mshr_candidateid: string;
  readonly mshr_firstname: string | null;
  readonly mshr_middlename: string | null;
  readonly mshr_lastname: string | null;
  readonly mshr_recruitingrequestid: string | null;
  readonly _mshr_fk_recruitingrequest_id_value: string | null;
  readonly _mshr_fk_person_id_value: string | null;
  readonly mshr_positionid: string | null;
  readonly mshr_availabilitydate: string | null;
  readonly mshr_applicantintegrationresult: number;
  readonly mshr_donothirereasoncodeid: string | null;
  readonly mshr_comments: string | null;
  readonly mshr_dataareaid: string | null;
}

export const candidateColumns = [
  'mshr_candidateid',
  'mshr_firstname',
  'mshr_middlename',
  'mshr_lastname',
  'mshr_recruitingrequestid',
  '_mshr_fk_recruitingrequest_id_value',
  '_mshr_fk_person_id_value',
  'mshr_positionid',
  'mshr_availabilitydate',
  'mshr_applicantintegrationresult',
  'mshr_donothirereasoncodeid',
  'mshr_comments',
  'mshr_dataareaid',
].join();

/** The candidate's name; the number where there is none any more. */
export const candidateName = (candidate: Candidate): string =>
  [candidate.mshr_firstname, candidate.mshr_middlename, candidate.mshr_lastname].filter(Boolean).join(' ') ||
  candidate.mshr_candidateid;
