// The whole procedure of "Server-to-server authentication for the ATS integration API", from an empty organisation to the
// first call that works: an application, its user and role in Dataverse, then steps A1 to A5 and B1 to B5 in Human
// Resources. Before each step the same call is tried, and the refusal that it meets is printed.
//
//   PORTVAKT_SEED=empty npm start                  # in one terminal
//   set -a; . data/admin.env; set +a               # in another
//   node examples/two-gates.mjs
//
// Needs nothing but Node.js: the requests are written as they travel.

const TABLES = `mshr_hcmworkerbaseentity mshr_hcmcandidatetohireentity mshr_hcmpersoncertificateentity
  mshr_hcmcertificatetypeentity cdm_company mshr_hcmjobfunctionentity mshr_hcmjobtypeentity
  mshr_logisticsaddresscountryregionentity mshr_omdepartmententity mshr_hcmpersoneducationentity
  mshr_hcmeducationdegreeentity mshr_hcmeducationdisciplineentity mshr_hcmrecruitingrequesteducationentity
  mshr_hcmpersonidentificationnumberentity mshr_hcmidentificationtypeentity mshr_hcmeducationinstitutionentity
  mshr_hcmissuingagencyentity mshr_hcmjobcompensationentity mshr_hcmjobentity mshr_hcmeducationlevelentity
  mshr_dirpartycontactentity mshr_dirpersonentity mshr_hcmpersonaddressentity mshr_hcmpersonscreeningentity
  mshr_hcmpositiontypeentity mshr_hcmpositionv2entity mshr_hcmpersonprofessionalexperienceentity
  mshr_hcmratinglevelentity mshr_hcmratingmodelentity mshr_hcmreasoncodeentity mshr_hcmrecruitingrequestentity
  mshr_hcmrecruitingrequestlocationentity mshr_hcmrecruitingrequestpositionentity
  mshr_hcmrecruitingrequestskillentity mshr_hcmscreeningtypeentity mshr_hcmpersonskillentity mshr_hcmskillentity
  mshr_hcmtitleentity mshr_hcmveteranstatusentity mshr_hcmworkerentity`.split(/\s+/);
const RIGHTS = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'];
const NAME = 'Rekrutteringsintegrasjon';
const HR_USER = 'RekrutteringIntegrasjon';
const MADE_UP_WORD = 'RekrutteringApp';

async function main() {
  const { API_URL, AUTHORITY_URL, ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET } = readSettings();
  const admin = { id: ADMIN_CLIENT_ID, secret: ADMIN_CLIENT_SECRET };
  const as = (who, scope) => connect(AUTHORITY_URL, who, scope);
  const graph = await as(admin, 'https://graph.microsoft.com/.default');
  const dataverse = await as(admin, `${API_URL}/.default`);
  const humanResources = await as(admin, `${API_URL}/data/.default`);
  const at = { graph: `${API_URL}/v1.0/`, webApi: `${API_URL}/api/data/v9.2/`, data: `${API_URL}/data/` };

  // The organisation's first legal entity, for the user to start in.
  await humanResources('POST', `${at.data}LegalEntities`, { LegalEntityId: 'usmf', Name: 'Contoso' });

  // Register the application for this tenant.
  const app = await graph('POST', `${at.graph}applications`, { displayName: NAME, signInAudience: 'AzureADMyOrg' });
  await graph('POST', `${at.graph}servicePrincipals`, { appId: app.appId });
  const secret = await graph('POST', `${at.graph}applications/${app.id}/addPassword`, {
    passwordCredential: { displayName: 'first' },
  });
  const ats = await as({ id: app.appId, secret: secret.secretText }, `${API_URL}/.default`);
  const attempt = () => tryCall(ats, `${at.webApi}mshr_hcmrecruitingrequestentities?$top=1`);
  const step = async (name, what, work) => {
    const before = await attempt();
    await work();
    console.log(`${name}: ${what}\n    before: ${before}`);
  };

  let unit;
  let user;
  let role;
  await step('gate one', 'create the application user', async () => {
    const root = `${at.webApi}businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value%20eq%20null`;
    unit = (await dataverse('GET', root)).value[0].businessunitid;
    const body = { applicationid: app.appId, 'businessunitid@odata.bind': `/businessunits(${unit})` };
    user = (await dataverse('POST', `${at.webApi}systemusers?$select=systemuserid`, body)).systemuserid;
  });
  await step('gate one', 'create a security role and assign it to the application user', async () => {
    const body = { name: NAME, 'businessunitid@odata.bind': `/businessunits(${unit})` };
    role = (await dataverse('POST', `${at.webApi}roles?$select=roleid`, body)).roleid;
    const link = `${at.webApi}systemusers(${user})/systemuserroles_association/$ref`;
    await dataverse('POST', link, { '@odata.id': `${at.webApi}roles(${role})` });
  });
  await step('gate one', 'give the role access to the forty tables', async () => {
    const ids = await findPrivileges(dataverse, at.webApi);
    const Privileges = TABLES.flatMap((table) => RIGHTS.map((right) => ids.get(`prv${right}${table}`.toLowerCase())))
      .filter((id) => id !== undefined)
      .map((PrivilegeId) => ({ PrivilegeId, Depth: 'Global', BusinessUnitId: unit }));
    await dataverse('POST', `${at.webApi}roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, { Privileges });
  });

  await step('A1', 'open the page Users', () => humanResources('GET', `${at.data}SystemUsers?$select=UserID`));
  await step('A2', `enter user ID and user name ${HR_USER}, e-mail and provider ${MADE_UP_WORD}, and save`, () =>
    humanResources('POST', `${at.data}SystemUsers`, {
      UserID: HR_USER,
      UserName: HR_USER,
      Alias: MADE_UP_WORD,
      Email: MADE_UP_WORD,
      NetworkDomain: MADE_UP_WORD,
      Company: 'usmf',
      UserInfo_language: 'en-us',
      Helplanguage: 'en-us',
    }),
  );
  let recruiting;
  await step('A3', 'look for the role to assign', async () => {
    recruiting = await humanResources('GET', `${at.data}SecurityRoles('HcmRecruitingIntegrator')`);
  });
  await step('A4, A5', 'assign the role Recruiting application to the user, and save', () =>
    humanResources('POST', `${at.data}SecurityUserRoleAssociations`, {
      UserId: HR_USER,
      SecurityRoleIdentifier: recruiting.SecurityRoleIdentifier,
      SecurityRoleName: recruiting.SecurityRoleName,
    }),
  );
  await step('B1', 'open the form Azure Active Directory applications', () =>
    humanResources('GET', `${at.data}SysAADClients`),
  );
  await step('B2 to B5', 'enter client ID, name and user ID, and save', () =>
    humanResources('POST', `${at.data}SysAADClients`, { AADClientId: app.appId, Name: NAME, UserId: HR_USER }),
  );

  console.log(`the call after the last step: ${await attempt()}`);
  const candidate = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };
  const made = await ats('POST', `${at.webApi}mshr_hcmcandidatetohireentities?$select=mshr_dataareaid`, candidate);
  console.log(`a candidate was sent to legal entity ${made.mshr_dataareaid}`);
}

/** Ids of privileges by lower-case name: they differ between environments. */
async function findPrivileges(api, root) {
  const ids = new Map();
  for (let next = `${root}privileges?$select=name,privilegeid`; next !== undefined; ) {
    const page = await api('GET', next);
    for (const { name, privilegeid } of page.value) ids.set(name.toLowerCase(), privilegeid);
    next = page['@odata.nextLink'];
  }
  return ids;
}

/** What a call is answered: its status, or status, code and message of the refusal. */
async function tryCall(api, url) {
  try {
    const { value } = await api('GET', url);
    return `200, ${value.length} rows`;
  } catch (error) {
    return error.message;
  }
}

/** Requests with a token of one application for one scope. */
async function connect(authority, { id, secret }, scope) {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope };
  const answer = await fetch(`${authority}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token, error_description: problem } = await answer.json();
  if (token === undefined) throw new Error(`no token: ${problem}`);
  return async (method, url, body) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    if (method === 'POST') headers.Prefer = 'return=representation';
    const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    const json = text === '' ? {} : JSON.parse(text);
    if (response.ok) return json;
    const { code, message, innererror } = json.error;
    throw new Error([response.status, code, innererror?.message ?? message].filter(Boolean).join(' '));
  };
}

function readSettings() {
  const names = ['API_URL', 'AUTHORITY_URL', 'ADMIN_CLIENT_ID', 'ADMIN_CLIENT_SECRET'];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')}`);
  return process.env;
}

main().catch((error) => {
  console.error(error.cause === undefined ? error.message : `${error.message}: ${error.cause.message}`);
  process.exitCode = 1;
});
