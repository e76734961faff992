// The round trip of an ATS integration, with two unmodified client libraries:
// pull an Active recruiting request, send back the chosen candidate, read it again.
//
//   set -a; . data/demo.env; set +a
//   node examples/round-trip.mjs
//
// Against the real product nothing changes but the four variables: API_URL is the environment's URL and AUTHORITY_URL
// is https://login.microsoftonline.com/<tenant id>.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

// Options of a choice are whole numbers on the wire.
const ACTIVE = 200000005; // mshr_hcmrecruitingrequeststatus
const ACTUAL = 200000000; // mshr_hrmskillleveltype: a level somebody has, not one aimed at
const NO = 200000000; // mshr_noyes

// Collections of a recruiting request.
const POSITIONS = 'mshr_FK_HcmRecruitingRequestPositionEntity_RecruitingRequest';
const SKILLS = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
const EDUCATION = 'mshr_FK_HcmRecruitingRequestEducationEntity_RecruitingRequest';

async function main() {
  const api = connect(readSettings());
  const request = await pullRequest(api);
  printRequest(request);
  // Your own recruiting happens here.
  const candidateId = await sendCandidate(api, request);
  await printCandidate(api, candidateId);
}

function connect({ API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET }) {
  // Who we are: an app registration with a secret. MSAL trusts a host other than Microsoft's only when told to.
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      authority: AUTHORITY_URL,
      knownAuthorities: [new URL(AUTHORITY_URL).host],
    },
  });
  // Where we call. The library asks for a token before each request; MSAL keeps it until it expires.
  return new DynamicsWebApi({
    serverUrl: API_URL,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => {
      const token = await app.acquireTokenByClientCredential({ scopes: [`${API_URL}/.default`] });
      return token?.accessToken;
    },
  });
}

/** The Active request of the company usmf for a project manager, with its positions, skills and education. */
async function pullRequest(api) {
  const found = await api.retrieveMultiple({
    collection: 'mshr_hcmrecruitingrequestentities',
    filter: `mshr_status eq ${ACTIVE} and mshr_dataareaid eq 'usmf' and mshr_jobid eq 'Project Manager'`,
    select: ['mshr_hcmrecruitingrequestentityid', 'mshr_recruitingrequestid'], // only the columns you need
    orderBy: ['mshr_recruitingrequestid'],
    top: 1,
  });
  if (found.value.length === 0) throw new Error('there is no Active request of usmf for a Project Manager');
  return api.retrieve({
    collection: 'mshr_hcmrecruitingrequestentities',
    key: found.value[0].mshr_hcmrecruitingrequestentityid,
    select: ['mshr_recruitingrequestid', 'mshr_description', 'mshr_estimatedstartdate'],
    expand: [
      { property: POSITIONS, select: ['mshr_positionid', 'mshr_description'] },
      { property: SKILLS, select: ['mshr_skillid', 'mshr_ratinglevelid'] },
      { property: EDUCATION, select: ['mshr_educationlevelid', 'mshr_educationdisciplineid'] },
    ],
  });
}

function printRequest(request) {
  console.log(`request pulled: ${request.mshr_recruitingrequestid} ${request.mshr_description}`);
  // dynamics-web-api has made a Date of the text.
  console.log(`  starts     ${request.mshr_estimatedstartdate.toISOString().slice(0, 10)}`);
  for (const row of request[POSITIONS]) console.log(`  position   ${row.mshr_positionid} ${row.mshr_description}`);
  for (const row of request[SKILLS]) console.log(`  skill      ${row.mshr_skillid} level ${row.mshr_ratinglevelid}`);
  for (const row of request[EDUCATION]) {
    console.log(`  education  ${row.mshr_educationlevelid} in ${row.mshr_educationdisciplineid}`);
  }
}

/** Sends a candidate for the request's first position; answers the id of its row. */
async function sendCandidate(api, request) {
  // The person behind the candidate is created implicitly.
  const candidateId = await api.create({
    collection: 'mshr_hcmcandidatetohireentities',
    data: {
      mshr_firstname: 'Solveig',
      mshr_lastname: 'Nordlysvik',
      mshr_dataareaid: 'usmf',
      mshr_recruitingrequestid: request.mshr_recruitingrequestid,
      mshr_positionid: request[POSITIONS][0]?.mshr_positionid ?? '', // empty: no position
    },
  });
  // The party number is the person's; education and skills are added to the person.
  const { mshr_partynumber } = await api.retrieve({
    collection: 'mshr_hcmcandidatetohireentities',
    key: candidateId,
    select: ['mshr_partynumber'],
  });
  await api.create({
    collection: 'mshr_hcmpersoneducationentities',
    data: {
      mshr_partynumber,
      mshr_educationlevelid: 'Bachelor',
      mshr_educationdisciplineid: 'Business Mgmt',
      mshr_educationinstitutionid: 'Cottonwood Univ',
      mshr_startdate: '2016-08-15T00:00:00Z',
      mshr_enddate: '2019-06-15T00:00:00Z',
    },
  });
  await api.create({
    collection: 'mshr_hcmpersonskillentities',
    data: {
      mshr_partynumber,
      mshr_skillid: 'CustFocus',
      mshr_ratingid: 'Skills',
      mshr_levelid: '4',
      mshr_leveltype: ACTUAL,
      mshr_leveldate: '2024-01-01T00:00:00Z',
      mshr_verified: NO,
    },
  });
  return candidateId;
}

/** Reads back what Human Resources has now: the candidate, its person, and the person's skills and education. */
async function printCandidate(api, candidateId) {
  const candidate = await api.retrieve({
    collection: 'mshr_hcmcandidatetohireentities',
    key: candidateId,
    select: ['mshr_candidateid', 'mshr_partynumber', 'mshr_recruitingrequestid', 'mshr_positionid'],
    expand: [{ property: 'mshr_FK_Person_id', select: ['mshr_dirpersonentityid', 'mshr_name'] }],
  });
  const person = await api.retrieve({
    collection: 'mshr_dirpersonentities',
    key: candidate.mshr_FK_Person_id.mshr_dirpersonentityid,
    select: ['mshr_name'],
    expand: [
      { property: 'mshr_FK_HcmPersonSkillEntity_Person', select: ['mshr_skillid', 'mshr_levelid'] },
      {
        property: 'mshr_FK_HcmPersonEducationEntity_Person',
        select: ['mshr_educationlevelid', 'mshr_educationdisciplineid', 'mshr_educationinstitutionid'],
      },
    ],
  });
  console.log(
    `candidate sent: ${candidate.mshr_candidateid} ${person.mshr_name}, party number ${candidate.mshr_partynumber}, ` +
      `for ${candidate.mshr_recruitingrequestid} position ${candidate.mshr_positionid}`,
  );
  for (const row of person.mshr_FK_HcmPersonSkillEntity_Person) {
    console.log(`  skill      ${row.mshr_skillid} level ${row.mshr_levelid}`);
  }
  for (const row of person.mshr_FK_HcmPersonEducationEntity_Person) {
    const { mshr_educationlevelid, mshr_educationdisciplineid, mshr_educationinstitutionid } = row;
    console.log(
      `  education  ${mshr_educationlevelid} in ${mshr_educationdisciplineid} at ${mshr_educationinstitutionid}`,
    );
  }
}

function readSettings() {
  const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
  if (!API_URL || !AUTHORITY_URL || !CLIENT_ID || !CLIENT_SECRET) {
    throw new Error('settings are missing; run this first: set -a; . data/demo.env; set +a');
  }
  return { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET };
}

// A refusal of the Web API has a status, a code such as 0x80040265, and a message. MSAL's message begins with its code.
main().catch(({ status, code, message }) => {
  const parts = message.startsWith(code) ? [status, message] : [status, code, message];
  console.error(parts.filter(Boolean).join(' ').replace(/\s+/g, ' '));
  process.exitCode = 1;
});
