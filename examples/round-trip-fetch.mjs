// The same round trip as round-trip.mjs with nothing but Node.js: what travels on the wire.
//
//   set -a; . data/demo.env; set +a
//   node examples/round-trip-fetch.mjs

// Options of a choice are whole numbers on the wire.
const ACTIVE = 200000005; // mshr_hcmrecruitingrequeststatus
const ACTUAL = 200000000; // mshr_hrmskillleveltype: a level somebody has, not one aimed at
const NO = 200000000; // mshr_noyes

// Collections of a recruiting request.
const POSITIONS = 'mshr_FK_HcmRecruitingRequestPositionEntity_RecruitingRequest';
const SKILLS = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
const EDUCATION = 'mshr_FK_HcmRecruitingRequestEducationEntity_RecruitingRequest';

async function main() {
  const settings = readSettings();
  const token = await fetchToken(settings);
  const api = (method, path, body) => callWebApi(settings.API_URL, token, method, path, body);
  const request = await pullRequest(api);
  printRequest(request);
  // Your own recruiting happens here.
  const candidateId = await sendCandidate(api, request);
  await printCandidate(api, candidateId);
}

/** The Active request of the company usmf for a project manager, with its positions, skills and education. */
async function pullRequest(api) {
  const found = await api(
    'GET',
    `mshr_hcmrecruitingrequestentities?${query({
      $filter: `mshr_status eq ${ACTIVE} and mshr_dataareaid eq 'usmf' and mshr_jobid eq 'Project Manager'`,
      $select: 'mshr_hcmrecruitingrequestentityid,mshr_recruitingrequestid', // only the columns you need
      $orderby: 'mshr_recruitingrequestid',
      $top: '1',
    })}`,
  );
  if (found.value.length === 0) throw new Error('there is no Active request of usmf for a Project Manager');
  const options = query({
    $select: 'mshr_recruitingrequestid,mshr_description,mshr_estimatedstartdate',
    $expand: [
      `${POSITIONS}($select=mshr_positionid,mshr_description)`,
      `${SKILLS}($select=mshr_skillid,mshr_ratinglevelid)`,
      `${EDUCATION}($select=mshr_educationlevelid,mshr_educationdisciplineid)`,
    ].join(','),
  });
  return api(
    'GET',
    `mshr_hcmrecruitingrequestentities(${found.value[0].mshr_hcmrecruitingrequestentityid})?${options}`,
  );
}

function printRequest(request) {
  console.log(`request pulled: ${request.mshr_recruitingrequestid} ${request.mshr_description}`);
  console.log(`  starts     ${request.mshr_estimatedstartdate.slice(0, 10)}`);
  for (const row of request[POSITIONS]) console.log(`  position   ${row.mshr_positionid} ${row.mshr_description}`);
  for (const row of request[SKILLS]) console.log(`  skill      ${row.mshr_skillid} level ${row.mshr_ratinglevelid}`);
  for (const row of request[EDUCATION]) {
    console.log(`  education  ${row.mshr_educationlevelid} in ${row.mshr_educationdisciplineid}`);
  }
}

/** Sends a candidate for the request's first position; answers the id of its row. */
async function sendCandidate(api, request) {
  // The person behind the candidate is created implicitly.
  const candidateId = await api('POST', 'mshr_hcmcandidatetohireentities', {
    mshr_firstname: 'Solveig',
    mshr_lastname: 'Nordlysvik',
    mshr_dataareaid: 'usmf',
    mshr_recruitingrequestid: request.mshr_recruitingrequestid,
    mshr_positionid: request[POSITIONS][0]?.mshr_positionid ?? '', // empty: no position
  });
  // The party number is the person's; education and skills are added to the person.
  const { mshr_partynumber } = await api(
    'GET',
    `mshr_hcmcandidatetohireentities(${candidateId})?${query({ $select: 'mshr_partynumber' })}`,
  );
  await api('POST', 'mshr_hcmpersoneducationentities', {
    mshr_partynumber,
    mshr_educationlevelid: 'Bachelor',
    mshr_educationdisciplineid: 'Business Mgmt',
    mshr_educationinstitutionid: 'Cottonwood Univ',
    mshr_startdate: '2016-08-15T00:00:00Z',
    mshr_enddate: '2019-06-15T00:00:00Z',
  });
  await api('POST', 'mshr_hcmpersonskillentities', {
    mshr_partynumber,
    mshr_skillid: 'CustFocus',
    mshr_ratingid: 'Skills',
    mshr_levelid: '4',
    mshr_leveltype: ACTUAL,
    mshr_leveldate: '2024-01-01T00:00:00Z',
    mshr_verified: NO,
  });
  return candidateId;
}

/** Reads back what Human Resources has now: the candidate, its person, and the person's skills and education. */
async function printCandidate(api, candidateId) {
  const candidate = await api(
    'GET',
    `mshr_hcmcandidatetohireentities(${candidateId})?${query({
      $select: 'mshr_candidateid,mshr_partynumber,mshr_recruitingrequestid,mshr_positionid',
      $expand: 'mshr_FK_Person_id($select=mshr_dirpersonentityid,mshr_name)',
    })}`,
  );
  const educationColumns = 'mshr_educationlevelid,mshr_educationdisciplineid,mshr_educationinstitutionid';
  const person = await api(
    'GET',
    `mshr_dirpersonentities(${candidate.mshr_FK_Person_id.mshr_dirpersonentityid})?${query({
      $select: 'mshr_name',
      $expand: [
        'mshr_FK_HcmPersonSkillEntity_Person($select=mshr_skillid,mshr_levelid)',
        `mshr_FK_HcmPersonEducationEntity_Person($select=${educationColumns})`,
      ].join(','),
    })}`,
  );
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

/** The client credentials grant. URLSearchParams encodes the form: a secret may hold + & = % and the like. */
async function fetchToken({ API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET }) {
  const response = await fetch(`${AUTHORITY_URL}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      scope: `${API_URL}/.default`,
    }),
  });
  const answer = await readJson(response);
  if (!response.ok) throw new Error(`${response.status} ${answer.error} ${answer.error_description}`);
  return answer.access_token;
}

/** One call of the Web API: the JSON body of the answer, or the id of the row that was created. */
async function callWebApi(apiUrl, token, method, path, body) {
  const response = await fetch(`${apiUrl}/api/data/v9.2/${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
      'OData-MaxVersion': '4.0',
      'OData-Version': '4.0',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    const { error } = await readJson(response);
    throw new Error(`${response.status} ${error?.code ?? ''} ${error?.message ?? response.statusText}`);
  }
  if (response.status !== 204) return readJson(response);
  // 204: the header ends with the key of the row, as in …/mshr_hcmcandidatetohireentities(<id>).
  return /\(([^()]+)\)$/.exec(response.headers.get('OData-EntityId') ?? '')?.[1];
}

/** A proxy on the way may answer something else than JSON. */
async function readJson(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${response.status} answered no JSON: ${text.slice(0, 100)}`);
  }
}

/** Percent-encodes the values but leaves the `$` of the names readable. */
const query = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

function readSettings() {
  const { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
  if (!API_URL || !AUTHORITY_URL || !CLIENT_ID || !CLIENT_SECRET) {
    throw new Error('settings are missing; run this first: set -a; . data/demo.env; set +a');
  }
  return { API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET };
}

// fetch hides the reason of a failed connection in `cause`.
main().catch((error) => {
  const reason = error.cause instanceof Error ? `: ${error.cause.message || error.cause.code}` : '';
  console.error(`${error.message}${reason}`.replace(/\s+/g, ' '));
  process.exitCode = 1;
});
