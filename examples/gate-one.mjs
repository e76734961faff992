// The first gate from nothing, over the Web API: application user, custom security role, role assigned. Then the
// application asks for a row of each table, which shows that it is let in. What it does here it does against the real
// product too, where an administrator would click through forms. It can be run again: what is there stays.
//
//   set -a; . data/demo.env; set +a        (with PORTVAKT_SEED=empty: data/admin.env)
//   CLIENT_ID=… CLIENT_SECRET=… node examples/gate-one.mjs
//
// API_URL, AUTHORITY_URL            the environment, and where its tokens come from
// ADMIN_CLIENT_ID, …_SECRET         an application with the role System Administrator
// CLIENT_ID                         the application to be let in; it has a service principal in the tenant
// CLIENT_SECRET                     its secret; without it the last step is left out
// ROLE_NAME                         of the security role; "Recruiting integration" if it is not set

const RIGHTS = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'];

// The tables that the integration needs, as sets of the Web API.
const TABLES = {
  mshr_hcmworkerbaseentity: 'mshr_hcmworkerbaseentities',
  mshr_hcmcandidatetohireentity: 'mshr_hcmcandidatetohireentities',
  mshr_hcmpersoncertificateentity: 'mshr_hcmpersoncertificateentities',
  mshr_hcmcertificatetypeentity: 'mshr_hcmcertificatetypeentities',
  cdm_company: 'cdm_companies',
  mshr_hcmjobfunctionentity: 'mshr_hcmjobfunctionentities',
  mshr_hcmjobtypeentity: 'mshr_hcmjobtypeentities',
  mshr_logisticsaddresscountryregionentity: 'mshr_logisticsaddresscountryregionentities',
  mshr_omdepartmententity: 'mshr_omdepartmententities',
  mshr_hcmpersoneducationentity: 'mshr_hcmpersoneducationentities',
  mshr_hcmeducationdegreeentity: 'mshr_hcmeducationdegreeentities',
  mshr_hcmeducationdisciplineentity: 'mshr_hcmeducationdisciplineentities',
  mshr_hcmrecruitingrequesteducationentity: 'mshr_hcmrecruitingrequesteducationentities',
  mshr_hcmpersonidentificationnumberentity: 'mshr_hcmpersonidentificationnumberentities',
  mshr_hcmidentificationtypeentity: 'mshr_hcmidentificationtypeentities',
  mshr_hcmeducationinstitutionentity: 'mshr_hcmeducationinstitutionentities',
  mshr_hcmissuingagencyentity: 'mshr_hcmissuingagencyentities',
  mshr_hcmjobcompensationentity: 'mshr_hcmjobcompensationentities',
  mshr_hcmjobentity: 'mshr_hcmjobentities',
  mshr_hcmeducationlevelentity: 'mshr_hcmeducationlevelentities',
  mshr_dirpartycontactentity: 'mshr_dirpartycontactentities',
  mshr_dirpersonentity: 'mshr_dirpersonentities',
  mshr_hcmpersonaddressentity: 'mshr_hcmpersonaddressentities',
  mshr_hcmpersonscreeningentity: 'mshr_hcmpersonscreeningentities',
  mshr_hcmpositiontypeentity: 'mshr_hcmpositiontypeentities',
  mshr_hcmpositionv2entity: 'mshr_hcmpositionv2entities',
  mshr_hcmpersonprofessionalexperienceentity: 'mshr_hcmpersonprofessionalexperienceentities',
  mshr_hcmratinglevelentity: 'mshr_hcmratinglevelentities',
  mshr_hcmratingmodelentity: 'mshr_hcmratingmodelentities',
  mshr_hcmreasoncodeentity: 'mshr_hcmreasoncodeentities',
  mshr_hcmrecruitingrequestentity: 'mshr_hcmrecruitingrequestentities',
  mshr_hcmrecruitingrequestlocationentity: 'mshr_hcmrecruitingrequestlocationentities',
  mshr_hcmrecruitingrequestpositionentity: 'mshr_hcmrecruitingrequestpositionentities',
  mshr_hcmrecruitingrequestskillentity: 'mshr_hcmrecruitingrequestskillentities',
  mshr_hcmscreeningtypeentity: 'mshr_hcmscreeningtypeentities',
  mshr_hcmpersonskillentity: 'mshr_hcmpersonskillentities',
  mshr_hcmskillentity: 'mshr_hcmskillentities',
  mshr_hcmtitleentity: 'mshr_hcmtitleentities',
  mshr_hcmveteranstatusentity: 'mshr_hcmveteranstatusentities',
  mshr_hcmworkerentity: 'mshr_hcmworkerentities',
};

/** Code of every refusal of Human Resources, which is asked once the first gate is passed. */
const SECOND_GATE = '0x80040265';

async function main() {
  const settings = readSettings();
  const admin = client(settings, await fetchToken(settings, settings.ADMIN_CLIENT_ID, settings.ADMIN_CLIENT_SECRET));
  const root = await findRootUnit(admin);
  const user = await ensureUser(admin, settings.CLIENT_ID, root);
  const role = await ensureRole(admin, settings.ROLE_NAME, root);
  await grantTables(admin, role);
  await assignRole(admin, user, role);
  if (settings.CLIENT_SECRET === undefined) return;
  await tryTables(client(settings, await fetchToken(settings, settings.CLIENT_ID, settings.CLIENT_SECRET)));
}

async function findRootUnit(admin) {
  const filter = '_parentbusinessunitid_value eq null';
  const [unit] = await admin.list('businessunits', { $select: 'name', $filter: filter });
  return unit.businessunitid;
}

/** Client id and business unit are enough: the rest is filled in from the directory. */
async function ensureUser(admin, clientId, unit) {
  const options = { $select: 'fullname,_businessunitid_value', $filter: `applicationid eq ${clientId}` };
  const [known] = await admin.list('systemusers', options);
  if (known === undefined) {
    const body = { applicationid: clientId, 'businessunitid@odata.bind': `/businessunits(${unit})` };
    await admin.send('POST', 'systemusers', body);
  }
  const [user] = known === undefined ? await admin.list('systemusers', options) : [known];
  console.log(`application user ${known === undefined ? 'created' : 'found'}: ${user.fullname}`);
  return { id: user.systemuserid, unit: user._businessunitid_value };
}

async function ensureRole(admin, name, unit) {
  const filter = `name eq '${name.replaceAll("'", "''")}' and _businessunitid_value eq ${unit}`;
  const find = () => admin.list('roles', { $select: 'name', $filter: filter });
  const [known] = await find();
  if (known === undefined) {
    await admin.send('POST', 'roles', { name, 'businessunitid@odata.bind': `/businessunits(${unit})` });
  }
  const [role] = known === undefined ? await find() : [known];
  console.log(`security role ${known === undefined ? 'created' : 'found'}: ${role.name}`);
  return role.roleid;
}

/** Ids of privileges differ between environments of the real product, so they are looked up by name. */
async function grantTables(admin, role) {
  const rows = await admin.list('privileges', { $select: 'name' });
  const ids = new Map(rows.map(({ name, privilegeid }) => [name.toLowerCase(), privilegeid]));
  const names = Object.keys(TABLES).flatMap((table) => RIGHTS.map((right) => `prv${right}${table}`));
  const missing = names.filter((name) => !ids.has(name.toLowerCase()));
  if (missing.length > 0) throw new Error(`this environment has no privilege ${missing.join(', ')}`);
  // Virtual tables belong to the organization: Global is the only depth that they take.
  const Privileges = names.map((name) => ({ PrivilegeId: ids.get(name.toLowerCase()), Depth: 'Global' }));
  await admin.send('POST', `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, { Privileges });
  console.log(`privileges given: ${names.length} on ${Object.keys(TABLES).length} tables`);
}

/** Each business unit below the role's has a copy of it, and a user is given the copy of their own unit. */
async function assignRole(admin, user, role) {
  const filter = `_parentrootroleid_value eq ${role} and _businessunitid_value eq ${user.unit}`;
  const [own] = await admin.list('roles', { $select: 'name', $filter: filter });
  await admin.send('POST', `systemusers(${user.id})/systemuserroles_association/$ref`, {
    '@odata.id': `${admin.root}/roles(${own.roleid})`,
  });
  console.log(`role assigned: ${own.name}`);
}

/** 200, or a refusal of Human Resources, which is behind the first gate. */
async function tryTables(ats) {
  const { UserId } = await ats.send('GET', 'WhoAmI');
  console.log(`calling as: ${UserId}`);
  const behind = { opened: 0, refused: new Set() };
  for (const set of Object.values(TABLES)) {
    try {
      await ats.list(set, { $top: '1' });
      behind.opened += 1;
    } catch (error) {
      if (error.code !== SECOND_GATE) throw error;
      behind.refused.add(error.message);
    }
  }
  console.log(`first gate passed: ${Object.keys(TABLES).length} tables, ${behind.opened} of them answer with rows`);
  for (const message of behind.refused) console.log(`second gate: ${message}`);
}

/** The client credentials grant. URLSearchParams encodes the form: a secret may hold + & = % and the like. */
async function fetchToken({ API_URL, AUTHORITY_URL }, id, secret) {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: `${API_URL}/.default` };
  const response = await fetch(`${AUTHORITY_URL}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${answer.error} ${answer.error_description}`);
  return answer.access_token;
}

function client({ API_URL }, token) {
  const root = `${API_URL}/api/data/v9.2`;
  const send = async (method, path, body) => {
    const url = path.startsWith('https://') ? path : `${root}/${path}`;
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      'Content-Type': 'application/json',
    };
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    const answer = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer;
    const { code, message } = answer.error;
    throw Object.assign(new Error(`${response.status} ${code} ${message}`), { code });
  };
  const list = async (set, options) => {
    const rows = [];
    for (let next = `${set}?${query(options)}`; next !== undefined; ) {
      const page = await send('GET', next);
      rows.push(...page.value);
      next = options.$top === undefined ? page['@odata.nextLink'] : undefined;
    }
    return rows;
  };
  return { root, send, list };
}

/** A query string with %20 for blanks, as every OData service reads it. */
const query = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

function readSettings() {
  const { ROLE_NAME = 'Recruiting integration', CLIENT_SECRET, ...env } = process.env;
  const needed = ['API_URL', 'AUTHORITY_URL', 'ADMIN_CLIENT_ID', 'ADMIN_CLIENT_SECRET', 'CLIENT_ID'];
  const missing = needed.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')}; see the top of this file`);
  return { ...Object.fromEntries(needed.map((name) => [name, env[name]])), ROLE_NAME, CLIENT_SECRET };
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
