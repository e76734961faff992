import type { BusinessUnitId, ClientId, Guid, PrivilegeId, SecurityRoleId, SystemUserId } from '../kernel/ids.ts';
import type { Model } from '../metadata/table.ts';
import type { Row } from '../odata/row-store.ts';
import {
  type ApplicationUser,
  assignedRoles,
  type BusinessUnit,
  givesFullPower,
  type Team,
  type UserRecord,
} from './application-user.ts';
import { buildProfiles } from './column-profile.ts';
import { depthNumbers, depthOfMask, type PrivilegeIndex } from './privilege-index.ts';
import { type RoleRecord, SecurityRoles } from './security-roles.ts';
import {
  findGuid,
  findNumber,
  getColumn,
  getTable,
  isTrue,
  type SecurityRows,
  type Stale,
  type Subject,
  textIn,
} from './security-rows.ts';
import { DataverseSnapshot } from './snapshot.ts';

/** Team type whose teams cannot have roles (dataverse-web-api 3.1). */
const accessTeam = 1;

/** `isinherited` of a role whose members get team privileges only. */
const teamOnly = 0;

/**
 * Turns the security tables into the immutable snapshot that decisions are made by. Rows that point to something that is
 * not there grant nothing.
 */
export function buildSnapshot(model: Model, index: PrivilegeIndex, rows: SecurityRows): DataverseSnapshot {
  const nothing = { businessUnits: new Map(), roles: SecurityRoles.of([]), teams: new Map(), users: new Map() };
  const before = new DataverseSnapshot({ ...nothing, model, index, usersByClientId: new Map() });
  return followRows(before, 'everything', rows);
}

/** The snapshot after a change: what is stale is made from rows, everything else is what it was. */
export function followRows(before: DataverseSnapshot, stale: Stale, rows: SecurityRows): DataverseSnapshot {
  const { model, index } = before;
  const staleOf = (subject: Subject) => (stale === 'everything' ? stale : stale[subject]);
  const businessUnits = replaced(before.businessUnits, staleOf('units'), buildBusinessUnits(model, rows.businessunit));
  const roles = followRoles(before, staleOf('roles'), rows);
  const teams = replaced(before.teams, staleOf('teams'), buildTeams(model, rows));
  const users = followUsers(before, stale, buildRecords(model, rows), { roles, teams });
  const usersByClientId = users === before.users ? before.usersByClientId : byClientId(users.values());
  const profiles = replaced(before.profiles, staleOf('profiles'), buildProfiles(model, rows.fieldpermission));
  return new DataverseSnapshot({ model, index, businessUnits, roles, teams, users, usersByClientId, profiles, before });
}

function followRoles(
  { model, index, roles }: DataverseSnapshot,
  stale: ReadonlySet<string> | 'everything',
  rows: SecurityRows,
): SecurityRoles {
  if (stale === 'everything') return buildRoles(model, index, rows);
  const records = buildRoleRecords(model, rows.role);
  return roles.replace(stale, records, buildDepths(model, index, rows.roleprivileges, records));
}

/** With what was made anew in the place of what is stale; the same map where nothing is. */
function replaced<K extends string, T>(
  before: ReadonlyMap<K, T>,
  stale: ReadonlySet<string> | 'everything',
  made: Map<K, T>,
): ReadonlyMap<K, T> {
  if (stale === 'everything') return made;
  if (stale.size === 0) return before;
  const after = new Map([...before].filter(([id]) => !stale.has(id)));
  for (const [id, each] of made) after.set(id, each);
  return after;
}

type Given = Pick<DataverseSnapshot, 'roles' | 'teams'>;

/** Users whose own rows, roles or teams are stale are made anew; all others stay the same objects. */
function followUsers(
  before: DataverseSnapshot,
  stale: Stale,
  made: ReadonlyMap<SystemUserId, UserRecord>,
  given: Given,
): ReadonlyMap<SystemUserId, ApplicationUser> {
  if (stale === 'everything') return new Map([...made].map(([id, record]) => [id, withRoles(record, given)]));
  if (stale.users.size + stale.roles.size + stale.teams.size === 0) return before.users;
  const staleTeams = new Set(stale.teams);
  const isStale = (role: SecurityRoleId): boolean => stale.roles.has(role) || stale.roles.has(given.roles.rootOf(role));
  for (const [id, { roleIds }] of given.teams) if (roleIds.some(isStale)) staleTeams.add(id);
  const users = new Map<SystemUserId, ApplicationUser>();
  for (const [id, user] of before.users) {
    if (stale.users.has(id)) continue;
    const isTouched = user.roleIds.some(isStale) || user.teams.some((team) => staleTeams.has(team));
    users.set(id, isTouched ? withRoles(user, given) : user);
  }
  for (const [id, record] of made) users.set(id, withRoles(record, given));
  return users;
}

function withRoles(record: UserRecord, { roles, teams }: Given): ApplicationUser {
  const ofTeams = record.teams.flatMap((id) => {
    const team = teams.get(id);
    return team === undefined ? [] : assignedRoles(roles, team, id);
  });
  const all = [...assignedRoles(roles, record), ...ofTeams];
  return { ...record, roles: all, isSystemAdministrator: givesFullPower(all) };
}

function byClientId(users: Iterable<ApplicationUser>): Map<ClientId, ApplicationUser> {
  const found = new Map<ClientId, ApplicationUser>();
  for (const user of users) if (user.clientId !== undefined) found.set(user.clientId, user);
  return found;
}

function buildBusinessUnits(model: Model, rows: readonly Row[]): Map<BusinessUnitId, BusinessUnit> {
  const table = getTable(model, 'businessunit');
  const [name, parent, isDisabled] = [
    getColumn(table, 'name'),
    getColumn(table, 'parentbusinessunitid'),
    getColumn(table, 'isdisabled'),
  ];
  return byId(
    rows.map((row) => ({
      id: idOf<BusinessUnitId>(row),
      name: textIn(row, name),
      parentId: findGuid<BusinessUnitId>(row, parent),
      isDisabled: isTrue(row, isDisabled),
    })),
  );
}

/** Roles with what they give, out of rows of `role` and of `roleprivileges`. A copy has its root's privileges. */
export function buildRoles(
  model: Model,
  index: PrivilegeIndex,
  rows: Pick<SecurityRows, 'role' | 'roleprivileges'>,
): SecurityRoles {
  const records = buildRoleRecords(model, rows.role);
  return new SecurityRoles(records, buildDepths(model, index, rows.roleprivileges, records));
}

function buildRoleRecords(model: Model, rows: readonly Row[]): Map<SecurityRoleId, RoleRecord> {
  const table = getTable(model, 'role');
  const column = (name: string) => getColumn(table, name);
  const [name, unit, root] = [column('name'), column('businessunitid'), column('parentrootroleid')];
  const [template, inherited] = [column('roletemplateid'), column('isinherited')];
  const records = new Map<SecurityRoleId, RoleRecord>();
  for (const row of rows) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId === undefined) continue;
    const id = idOf<SecurityRoleId>(row);
    records.set(id, {
      id,
      name: textIn(row, name),
      businessUnitId,
      rootId: findGuid<SecurityRoleId>(row, root) ?? id,
      templateId: findGuid(row, template),
      isTeamOnly: findNumber(row, inherited) === teamOnly,
    });
  }
  return records;
}

/** Depths by the id of the root. Runs over the longest list of all (privileges times roles), hence a plain loop. */
function buildDepths(
  model: Model,
  index: PrivilegeIndex,
  rows: readonly Row[],
  records: ReadonlyMap<SecurityRoleId, RoleRecord>,
): Map<SecurityRoleId, Uint8Array> {
  const table = getTable(model, 'roleprivileges');
  const roleColumn = getColumn(table, 'roleid');
  const privilegeColumn = getColumn(table, 'privilegeid');
  const maskColumn = getColumn(table, 'privilegedepthmask');
  const given = new Map<SecurityRoleId, Uint8Array>();
  for (const { id, rootId } of records.values()) if (id === rootId) given.set(id, new Uint8Array(index.size));
  for (const row of rows) {
    const depths = given.get(findGuid<SecurityRoleId>(row, roleColumn) ?? idOf(row));
    const slot = index.findById(findGuid<PrivilegeId>(row, privilegeColumn) ?? idOf(row));
    const depth = depthOfMask(findNumber(row, maskColumn));
    if (depths === undefined || slot === undefined || depth === undefined) continue;
    depths[slot] = Math.max(depths[slot] ?? 0, depthNumbers[depth]);
  }
  return given;
}

function buildTeams(model: Model, rows: SecurityRows): Map<Guid, Team> {
  const table = getTable(model, 'team');
  const [unit, type] = [getColumn(table, 'businessunitid'), getColumn(table, 'teamtype')];
  const roleIds = grouped(pairs<Guid, SecurityRoleId>(model, 'teamroles', rows, ['teamid', 'roleid']));
  const profileIds = grouped(pairs<Guid, Guid>(model, 'teamprofiles', rows, ['teamid', 'fieldsecurityprofileid']));
  const teams = new Map<Guid, Team>();
  for (const row of rows.team) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId === undefined) continue;
    const isAccessTeam = findNumber(row, type) === accessTeam;
    const own = isAccessTeam ? [] : (roleIds.get(row.id) ?? []);
    teams.set(row.id, {
      id: row.id,
      businessUnitId,
      roleIds: own,
      isAccessTeam,
      profileIds: profileIds.get(row.id) ?? [],
    });
  }
  return teams;
}

function buildRecords(model: Model, rows: SecurityRows): Map<SystemUserId, UserRecord> {
  const table = getTable(model, 'systemuser');
  const column = (name: string) => getColumn(table, name);
  const [name, client, object] = [column('fullname'), column('applicationid'), column('azureactivedirectoryobjectid')];
  const [unit, mode, isDisabled] = [column('businessunitid'), column('accessmode'), column('isdisabled')];
  const roleIds = grouped(pairs<Guid, SecurityRoleId>(model, 'systemuserroles', rows, ['systemuserid', 'roleid']));
  const teams = grouped(pairs<Guid, Guid>(model, 'teammembership', rows, ['systemuserid', 'teamid']));
  const profiles = pairs<Guid, Guid>(model, 'systemuserprofiles', rows, ['systemuserid', 'fieldsecurityprofileid']);
  const profileIds = grouped(profiles);
  const users = new Map<SystemUserId, UserRecord>();
  for (const row of rows.systemuser) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId === undefined) continue;
    const id = idOf<SystemUserId>(row);
    users.set(id, {
      id,
      clientId: findGuid<ClientId>(row, client),
      objectId: findGuid(row, object),
      name: textIn(row, name),
      accessMode: findNumber(row, mode) ?? 0,
      businessUnitId,
      isDisabled: isTrue(row, isDisabled),
      roleIds: roleIds.get(id) ?? [],
      teams: teams.get(id) ?? [],
      profileIds: profileIds.get(id) ?? [],
    });
  }
  return users;
}

/** The right sides of pairs by their left side. */
function grouped<A extends Guid, B extends Guid>(all: Iterable<readonly [A, B]>): Map<A, B[]> {
  const groups = new Map<A, B[]>();
  for (const [left, right] of all) {
    const group = groups.get(left);
    if (group === undefined) groups.set(left, [right]);
    else group.push(right);
  }
  return groups;
}

/** Values of two id columns of an intersect table. */
function* pairs<A extends Guid, B extends Guid>(
  model: Model,
  name: 'systemuserroles' | 'teamroles' | 'teammembership' | 'systemuserprofiles' | 'teamprofiles',
  rows: SecurityRows,
  [left, right]: readonly [string, string],
): Generator<readonly [A, B]> {
  const table = getTable(model, name);
  const [leftColumn, rightColumn] = [getColumn(table, left), getColumn(table, right)];
  for (const row of rows[name]) {
    const a = findGuid<A>(row, leftColumn);
    const b = findGuid<B>(row, rightColumn);
    if (a !== undefined && b !== undefined) yield [a, b];
  }
}

const idOf = <T extends Guid>(row: Row): T => parseRowId<T>(row.id);

/** The id of a row, branded by the table that it was read from. */
const parseRowId = <T extends Guid>(id: Guid): T => id as T;

const byId = <T extends { readonly id: Guid }>(values: readonly T[]): Map<T['id'], T> =>
  new Map(values.map((value) => [value.id, value]));
