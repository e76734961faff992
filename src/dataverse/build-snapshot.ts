import type { BusinessUnitId, ClientId, Guid, PrivilegeId, SecurityRoleId, SystemUserId } from '../kernel/ids.ts';
import type { Model } from '../metadata/table.ts';
import type { Row } from '../odata/row-store.ts';
import {
  type ApplicationUser,
  type AssignedSecurityRole,
  type BusinessUnit,
  roleTemplates,
  type SecurityRole,
} from './application-user.ts';
import { depthNumbers, depthOfMask, type PrivilegeIndex } from './privilege-index.ts';
import { findGuid, findNumber, getColumn, getTable, isTrue, type SecurityRows, textIn } from './security-rows.ts';
import { DataverseSnapshot } from './snapshot.ts';

/** Team type whose teams cannot have roles (dataverse-web-api 3.1). */
const accessTeam = 1;

/**
 * Turns the security tables into the immutable snapshot that decisions are made by. Rows that point to something that is
 * not there grant nothing.
 */
export function buildSnapshot(model: Model, index: PrivilegeIndex, rows: SecurityRows): DataverseSnapshot {
  const roles = buildRoles(model, index, rows);
  const users = buildUsers(model, rows, rolesOfUsers(model, rows, roles));
  const byClientId = new Map<ClientId, ApplicationUser>();
  for (const user of users.values()) if (user.clientId !== undefined) byClientId.set(user.clientId, user);
  return new DataverseSnapshot({
    model,
    index,
    businessUnits: buildBusinessUnits(model, rows.businessunit),
    roles,
    users,
    usersByClientId: byClientId,
  });
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

/** Roles with what they give, out of rows of `role` and of `roleprivileges`. */
export function buildRoles(
  model: Model,
  index: PrivilegeIndex,
  rows: Pick<SecurityRows, 'role' | 'roleprivileges'>,
): Map<SecurityRoleId, SecurityRole> {
  const table = getTable(model, 'role');
  const [name, unit, template] = [
    getColumn(table, 'name'),
    getColumn(table, 'businessunitid'),
    getColumn(table, 'roletemplateid'),
  ];
  const roles = new Map<SecurityRoleId, SecurityRole>();
  for (const row of rows.role) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId === undefined) continue;
    const id = idOf<SecurityRoleId>(row);
    const depths = new Uint8Array(index.size);
    roles.set(id, { id, name: textIn(row, name), businessUnitId, templateId: findGuid(row, template), depths });
  }
  fillDepths(model, index, rows.roleprivileges, roles);
  return roles;
}

/** Runs over the longest list of all (privileges times roles), hence a plain loop. */
function fillDepths(
  model: Model,
  index: PrivilegeIndex,
  rows: readonly Row[],
  roles: ReadonlyMap<SecurityRoleId, SecurityRole>,
): void {
  const table = getTable(model, 'roleprivileges');
  const roleColumn = getColumn(table, 'roleid');
  const privilegeColumn = getColumn(table, 'privilegeid');
  const maskColumn = getColumn(table, 'privilegedepthmask');
  for (const row of rows) {
    const role = roles.get(findGuid<SecurityRoleId>(row, roleColumn) ?? idOf(row));
    const slot = index.findById(findGuid<PrivilegeId>(row, privilegeColumn) ?? idOf(row));
    const depth = depthOfMask(findNumber(row, maskColumn));
    if (role === undefined || slot === undefined || depth === undefined) continue;
    role.depths[slot] = Math.max(role.depths[slot] ?? 0, depthNumbers[depth]);
  }
}

type Assignments = ReadonlyMap<
  SystemUserId,
  { readonly own: SecurityRole[]; readonly ofTeams: AssignedSecurityRole[]; readonly teams: Guid[] }
>;

function rolesOfUsers(model: Model, rows: SecurityRows, roles: ReadonlyMap<SecurityRoleId, SecurityRole>): Assignments {
  const assignments = new Map<SystemUserId, { own: SecurityRole[]; ofTeams: AssignedSecurityRole[]; teams: Guid[] }>();
  const of = (id: SystemUserId) => {
    const known = assignments.get(id) ?? { own: [], ofTeams: [], teams: [] };
    assignments.set(id, known);
    return known;
  };
  for (const [user, roleId] of pairs<SystemUserId, SecurityRoleId>(model, 'systemuserroles', rows, [
    'systemuserid',
    'roleid',
  ])) {
    const role = roles.get(roleId);
    if (role !== undefined) of(user).own.push(role);
  }
  const teams = rolesOfTeams(model, rows, roles);
  for (const [user, team] of pairs<SystemUserId, Guid>(model, 'teammembership', rows, ['systemuserid', 'teamid'])) {
    of(user).teams.push(team);
    of(user).ofTeams.push(...(teams.get(team) ?? []));
  }
  return assignments;
}

function rolesOfTeams(
  model: Model,
  rows: SecurityRows,
  roles: ReadonlyMap<SecurityRoleId, SecurityRole>,
): Map<Guid, AssignedSecurityRole[]> {
  const table = getTable(model, 'team');
  const [unit, type] = [getColumn(table, 'businessunitid'), getColumn(table, 'teamtype')];
  const units = new Map<Guid, BusinessUnitId>();
  for (const row of rows.team) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId !== undefined && findNumber(row, type) !== accessTeam) units.set(row.id, businessUnitId);
  }
  const found = new Map<Guid, AssignedSecurityRole[]>();
  for (const [team, roleId] of pairs<Guid, SecurityRoleId>(model, 'teamroles', rows, ['teamid', 'roleid'])) {
    const role = roles.get(roleId);
    const businessUnitId = units.get(team);
    if (role === undefined || businessUnitId === undefined) continue;
    found.set(team, [...(found.get(team) ?? []), { role, businessUnitId }]);
  }
  return found;
}

function buildUsers(model: Model, rows: SecurityRows, assignments: Assignments): Map<SystemUserId, ApplicationUser> {
  const table = getTable(model, 'systemuser');
  const column = (name: string) => getColumn(table, name);
  const [name, client, object] = [column('fullname'), column('applicationid'), column('azureactivedirectoryobjectid')];
  const [unit, mode, isDisabled] = [column('businessunitid'), column('accessmode'), column('isdisabled')];
  const users = new Map<SystemUserId, ApplicationUser>();
  for (const row of rows.systemuser) {
    const businessUnitId = findGuid<BusinessUnitId>(row, unit);
    if (businessUnitId === undefined) continue;
    const id = idOf<SystemUserId>(row);
    const assigned = assignments.get(id);
    const roles = [...(assigned?.own ?? []).map((role) => ({ role, businessUnitId })), ...(assigned?.ofTeams ?? [])];
    users.set(id, {
      id,
      clientId: findGuid<ClientId>(row, client),
      objectId: findGuid(row, object),
      name: textIn(row, name),
      accessMode: findNumber(row, mode) ?? 0,
      businessUnitId,
      isDisabled: isTrue(row, isDisabled),
      roles,
      teams: assigned?.teams ?? [],
      isSystemAdministrator: roles.some(({ role }) => role.templateId === roleTemplates.systemAdministrator.id),
    });
  }
  return users;
}

/** Values of two id columns of an intersect table. */
function* pairs<A extends Guid, B extends Guid>(
  model: Model,
  name: 'systemuserroles' | 'teamroles' | 'teammembership',
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
