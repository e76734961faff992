import { usageError } from '../../cli-error.ts';
import { filterOf, findRootUnit, pickByName } from '../../lookups.ts';
import { privilegesOfRole, readPrivileges } from '../../role-privileges.ts';
import { parseRow, type Row, type Session } from '../../session.ts';
import { type Kind, sameName } from '../kind.ts';
import { type Depth, type PrivilegesSetup, type Right, rights, type SecurityRoleSetup } from '../setup.ts';

/** Security roles of the root business unit that are not the product's own, with all their privileges. */
export const securityRoles: Kind<SecurityRoleSetup> = {
  kind: 'securityRoles',
  nameOf: ({ name }) => name,
  async read(session) {
    const names = new Map((await readPrivileges(session)).map((row) => [row['privilegeid'], String(row['name'])]));
    const roles: SecurityRoleSetup[] = [];
    for (const role of await readRoles(session)) {
      if (role['ismanaged'] === true) continue;
      const held = await privilegesOfRole(session, role['roleid']);
      const depths = held.map(({ id, depth }) => [names.get(id) ?? '', depth] as const);
      roles.push({ name: String(role['name']), privileges: summarize(new Map(depths)) });
    }
    return roles;
  },
  compare(wanted, current) {
    const [after, before] = [expand(wanted.privileges), expand(current?.privileges ?? [])];
    const added = [...after].filter(([name, depth]) => before.get(name) !== depth);
    const removed = [...before].filter(([name]) => !after.has(name));
    return [
      ...added.map(([name, depth]) => `+ privilege ${name} ${depth}`),
      ...removed.map(([name]) => `- privilege ${name}`),
    ];
  },
  async apply(session, { name, privileges }) {
    const known = await readPrivileges(session);
    const BusinessUnitId = await findRootUnit(session);
    const Privileges = [...expand(privileges)].map(([each, Depth]) => ({
      PrivilegeId: pickByName(known, 'privilege', 'name', each)['privilegeid'],
      ...{ Depth, BusinessUnitId },
    }));
    const role = (await readRoles(session)).find((each) => sameName(String(each['name']), name));
    const roleid = role?.['roleid'] ?? (await create(session, name, BusinessUnitId));
    const path = `roles(${roleid})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`;
    await session.webApi(path, { method: 'POST', body: { Privileges } });
  },
};

async function readRoles(session: Session): Promise<readonly Row[]> {
  const condition = filterOf(`_businessunitid_value eq ${await findRootUnit(session)}`);
  return session.all(session.webApi, `roles?$select=name,ismanaged&$orderby=name&${condition}`);
}

async function create(session: Session, name: string, unit: string): Promise<unknown> {
  const body = { name, 'businessunitid@odata.bind': `/businessunits(${unit})` };
  return parseRow(await session.webApi('roles?$select=name', { method: 'POST', body }))['roleid'];
}

/**
 * Names of privileges in lower case, with their depths. Where entries overlap the deepest counts, as it does in roles.
 * @throws CliError when an entry names nothing
 */
export function expand(entries: readonly PrivilegesSetup[]): ReadonlyMap<string, Depth> {
  const order: readonly Depth[] = ['Basic', 'Local', 'Deep', 'Global'];
  const found = new Map<string, Depth>();
  for (const { tables = [], rights: on = [], names = [], depth = 'Global' } of entries) {
    if (tables.length + names.length === 0) throw usageError('an entry of privileges names neither tables nor names');
    for (const name of [...tables.flatMap((table) => on.map((right) => `prv${right}${table}`)), ...names]) {
      const lower = name.toLowerCase();
      const before = found.get(lower);
      if (before === undefined || order.indexOf(depth) > order.indexOf(before)) found.set(lower, depth);
    }
  }
  return found;
}

/** Privileges of tables are named after the logical name; those of other names are the platform's own. */
const ofTable = /^prv(Create|Read|Write|Delete|AppendTo|Append|Assign|Share)([a-z][a-z0-9]*_\w+)$/;

/** The shortest form that says the same: tables with the same rights at the same depth in one entry. */
export function summarize(privileges: ReadonlyMap<string, Depth>): readonly PrivilegesSetup[] {
  const byTable = new Map<string, Right[]>();
  const named = new Map<Depth, string[]>();
  for (const [name, depth] of [...privileges].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [, right, table] = ofTable.exec(name) ?? [];
    const known = rights.find((each) => each === right);
    if (known === undefined || table === undefined) named.set(depth, [...(named.get(depth) ?? []), name]);
    else {
      // Some privileges are named after the schema name, which has capitals.
      const key = `${depth} ${table.toLowerCase()}`;
      byTable.set(key, [...(byTable.get(key) ?? []), known]);
    }
  }
  const groups = new Map<string, string[]>();
  for (const [key, held] of byTable) {
    const [depth, table = ''] = key.split(' ');
    const group = `${depth} ${rights.filter((right) => held.includes(right)).join(' ')}`;
    groups.set(group, [...(groups.get(group) ?? []), table]);
  }
  const entries = [...groups].map(([group, tables]): PrivilegesSetup => {
    const [depth, ...on] = group.split(' ');
    return { tables: tables.sort(), rights: on as Right[], depth: depth as Depth };
  });
  return [...entries, ...[...named].map(([depth, names]) => ({ names, depth }))];
}
