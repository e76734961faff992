// Carries a security role from one environment to others as a file, through the Web API alone: what it does here it does
// against the real product too. Needs System Administrator in the environment.
//
//   set -a; . data/demo.env; set +a
//   CLIENT_ID=$ADMIN_CLIENT_ID CLIENT_SECRET=$ADMIN_CLIENT_SECRET node examples/role-file.mjs export 'Role name' > role.json
//   … API_URL and AUTHORITY_URL of another environment …
//   node examples/role-file.mjs apply role.json            (--dry-run only tells what it would change)
//
// Privileges are in the file by name and depth, since their ids differ between environments. Applying the file twice
// changes nothing the second time.
import { readFile } from 'node:fs/promises';

const FORMAT = 'portvakt-role/1';
const DEPTHS = ['Basic', 'Local', 'Deep', 'Global'];

async function main([command, argument, flag]) {
  if (!['export', 'apply'].includes(command) || argument === undefined || ![undefined, '--dry-run'].includes(flag)) {
    throw new Error("usage: role-file.mjs export '<role name>' | role-file.mjs apply <file> [--dry-run]");
  }
  const api = await connect(readSettings());
  const output = command === 'export' ? await exportRole(api, argument) : await applyRole(api, argument, flag);
  console.log(JSON.stringify(output, null, 2));
}

async function exportRole(api, name) {
  const unit = await findRootUnit(api);
  const role = await findRole(api, name, unit);
  if (role === undefined) throw new Error(`there is no role '${name}' in the root business unit`);
  const { nameOf } = await readPrivileges(api);
  const held = await readRolePrivileges(api, role);
  const privileges = [...held].map(([id, depth]) => ({ name: nameOf.get(id), depth }));
  return { format: FORMAT, name, description: '', privileges: privileges.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Creates the role or brings it to what the file says. Nothing is written unless all of the file can be. */
async function applyRole(api, file, flag) {
  const wanted = parseFile(await readFile(file, 'utf8'));
  const { nameOf, idOf } = await readPrivileges(api);
  const unknown = wanted.privileges.filter(({ name }) => !idOf.has(name.toLowerCase())).map(({ name }) => name);
  if (unknown.length > 0) throw new Error(`this environment has no privilege ${unknown.join(', ')}`);
  const unit = await findRootUnit(api);
  const existing = await findRole(api, wanted.name, unit);
  const before = existing === undefined ? new Map() : await readRolePrivileges(api, existing);
  const after = new Map(wanted.privileges.map(({ name, depth }) => [idOf.get(name.toLowerCase()), depth]));
  const names = (ids) => ids.map((id) => nameOf.get(id)).sort();
  const report = {
    role: wanted.name,
    created: existing === undefined,
    added: names([...after.keys()].filter((id) => !before.has(id))),
    removed: names([...before.keys()].filter((id) => !after.has(id))),
    changed: names([...after].filter(([id, depth]) => before.has(id) && before.get(id) !== depth).map(([id]) => id)),
  };
  const isSame = [report.added, report.removed, report.changed].every((list) => list.length === 0);
  if (flag === '--dry-run' || (isSame && existing !== undefined)) return report;
  const role = existing ?? (await createRole(api, wanted.name, unit));
  const Privileges = [...after].map(([PrivilegeId, Depth]) => ({ PrivilegeId, Depth, BusinessUnitId: unit }));
  await api('POST', `roles(${role})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`, { Privileges });
  return report;
}

function parseFile(text) {
  const { format, name, privileges } = JSON.parse(text);
  if (format !== FORMAT) throw new Error(`the file's format is ${format}, not ${FORMAT}`);
  const isEntry = (entry) => typeof entry?.name === 'string' && DEPTHS.includes(entry.depth);
  if (typeof name !== 'string' || !Array.isArray(privileges) || !privileges.every(isEntry)) {
    throw new Error('the file needs a name and privileges, each with name and depth');
  }
  const seen = new Set(privileges.map((entry) => entry.name.toLowerCase()));
  if (seen.size < privileges.length) throw new Error('a privilege is in the file twice');
  return { name, privileges };
}

/** Names and ids of all privileges of the environment. Names are compared without regard to case. */
async function readPrivileges(api) {
  const rows = await readAll(api, 'privileges?$select=name,privilegeid');
  return {
    nameOf: new Map(rows.map(({ name, privilegeid }) => [privilegeid, name])),
    idOf: new Map(rows.map(({ name, privilegeid }) => [name.toLowerCase(), privilegeid])),
  };
}

async function readRolePrivileges(api, role) {
  const { RolePrivileges } = await api('GET', `RetrieveRolePrivilegesRole(RoleId=${role})`);
  return new Map(RolePrivileges.map(({ PrivilegeId, Depth }) => [PrivilegeId, DEPTHS[Depth] ?? Depth]));
}

async function findRootUnit(api) {
  const path = `businessunits?$select=businessunitid&$filter=${encodeURIComponent('_parentbusinessunitid_value eq null')}`;
  const [unit] = await readAll(api, path);
  return unit.businessunitid;
}

async function findRole(api, name, unit) {
  const filter = `name eq '${name.replaceAll("'", "''")}' and _businessunitid_value eq ${unit}`;
  const [role] = await readAll(api, `roles?$select=roleid&$filter=${encodeURIComponent(filter)}`);
  return role?.roleid;
}

async function createRole(api, name, unit) {
  const body = { name, 'businessunitid@odata.bind': `/businessunits(${unit})` };
  const { roleid } = await api('POST', 'roles?$select=roleid', body, { Prefer: 'return=representation' });
  return roleid;
}

async function readAll(api, path) {
  const rows = [];
  for (let next = path; next !== undefined; ) {
    const page = await api('GET', next);
    rows.push(...page.value);
    next = page['@odata.nextLink'];
  }
  return rows;
}

/** Calls of the Web API with a token of the client's own. */
async function connect({ API_URL, AUTHORITY_URL, CLIENT_ID, CLIENT_SECRET }) {
  const answer = await fetch(`${AUTHORITY_URL}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      scope: `${API_URL}/.default`,
    }),
  });
  const { access_token: token, error_description: problem } = await answer.json();
  if (token === undefined) throw new Error(`no token: ${problem}`);
  return async (method, path, body, headers = {}) => {
    const url = path.startsWith('https:') ? path : `${API_URL}/api/data/v9.2/${path}`;
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path.split('?')[0]} answered ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

function readSettings() {
  const names = ['API_URL', 'AUTHORITY_URL', 'CLIENT_ID', 'CLIENT_SECRET'];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')}`);
  return process.env;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.cause === undefined ? error.message : `${error.message}: ${error.cause.message}`);
  process.exitCode = 1;
});
