import { webApi } from '../../api/odata.ts';

export const requestSet = `${webApi}/mshr_hcmrecruitingrequestentities`;
export const requestPath = (id: string): string => `${requestSet}(${id})`;

/** A recruiting request. */
export interface RecruitingRequest {
  readonly '@odata.etag': string;
  readonly mshr_hcmrecruitingrequestentityid: string;
  readonly mshr_recruitingrequestid: string;
  readonly mshr_dataareaid: string | null;
  readonly mshr_status: number;
  readonly mshr_description: string;
  readonly mshr_jobid: string;
  readonly mshr_titleid: string | null;
  readonly mshr_defaultfulltimeequivalency: number | null;
  readonly mshr_estimatedstartdate: string;
  readonly mshr_hiringmanagerpersonnelnumber: string | null;
  readonly mshr_recruiterpartynumber: string | null;
  readonly mshr_recruitingrequestlocationid: string | null;
}

/** Columns that a person changes. */
export const requestFields = [
  'mshr_description',
  'mshr_estimatedstartdate',
  'mshr_hiringmanagerpersonnelnumber',
  'mshr_recruiterpartynumber',
  'mshr_recruitingrequestlocationid',
  'mshr_externaldescription',
  'mshr_comments',
  'mshr_compensationlevelid',
  'mshr_compensationlowthreshold',
  'mshr_compensationcontrolpoint',
  'mshr_compensationhighthreshold',
] as const;

export const requestColumns = [
  'mshr_recruitingrequestid',
  'mshr_dataareaid',
  'mshr_status',
  'mshr_jobid',
  'mshr_titleid',
  'mshr_defaultfulltimeequivalency',
  ...requestFields,
].join();
