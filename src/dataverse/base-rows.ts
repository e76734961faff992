import { type BusinessUnitId, type Guid, namedGuid, type SecurityRoleId } from '../kernel/ids.ts';
import { privilegesOf } from '../metadata/privileges.ts';
import type { Model, Table } from '../metadata/table.ts';
import { equals } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';
import { roleTemplates } from './application-user.ts';
import { insertRow } from './insert-row.ts';
import { createDefaultTeam } from './native/default-team.ts';
import { removeLinks } from './native/links.ts';
import { isCopy, listChildUnits, type RoleScope, settleCopies } from './native/role-copies.ts';
import { addAdministratorProfile } from './native/rules/column-security.ts';
import { createPredefinedRoles, givePrivilege, predefinedRoleId } from './predefined-roles.ts';
import { allPrivileges, type Privilege } from './privilege-index.ts';
import { findGuid, getColumn, getTable } from './security-rows.ts';

/** What a new environment is called. */
export interface EnvironmentNames {
  readonly organizationId: Guid;
  readonly organizationName: string;
  readonly rootBusinessUnitName: string;
  /** Locale id, such as 1044 for Norwegian bokmål. */
  readonly languageCode: number;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly moment: string;
}

/** Ids of what every environment has. The same for the same organization, whenever and wherever it is set up. */
export interface BaseIds {
  readonly rootBusinessUnitId: BusinessUnitId;
  readonly systemAdministratorRoleId: SecurityRoleId;
  readonly systemCustomizerRoleId: SecurityRoleId;
  readonly basicUserRoleId: SecurityRoleId;
}

const baseIds = (organizationId: Guid): BaseIds => ({
  rootBusinessUnitId: namedGuid(`${organizationId}:businessunit:root`),
  systemAdministratorRoleId: predefinedRoleId(organizationId, 'systemAdministrator'),
  systemCustomizerRoleId: predefinedRoleId(organizationId, 'systemCustomizer'),
  basicUserRoleId: predefinedRoleId(organizationId, 'basicUser'),
});

/**
 * Rows that every environment has: organization, root business unit with its default team, all privileges, and the
 * predefined roles (dataverse-web-api 3.1 and 3.6). Called once, when an environment is new; nobody's caller is asked.
 */
export async function createBaseRows(rows: Transaction, model: Model, names: EnvironmentNames): Promise<BaseIds> {
  const { organizationId, moment } = names;
  const ids = baseIds(organizationId);
  const times = { createdon: moment, modifiedon: moment };
  await insertRow(rows, model, 'organization', {
    organizationid: organizationId,
    name: names.organizationName,
    languagecode: names.languageCode,
    localeid: names.languageCode,
    ...times,
  });
  await insertRow(rows, model, 'businessunit', {
    businessunitid: ids.rootBusinessUnitId,
    name: names.rootBusinessUnitName,
    organizationid: organizationId,
    ...times,
  });
  const team = namedGuid(`${organizationId}:team:root`);
  const unit = { id: ids.rootBusinessUnitId, name: names.rootBusinessUnitName, organizationId, moment };
  await createDefaultTeam(rows, model, unit, team);
  for (const privilege of allPrivileges(model)) await insertPrivilege(rows, model, privilege);
  await createPredefinedRoles(rows, model, { organizationId, rootBusinessUnitId: ids.rootBusinessUnitId, moment });
  await addAdministratorProfile(rows, model);
  return ids;
}

/**
 * Brings what every environment has up to a newer version, when one is opened: privileges, predefined roles, and copies of
 * roles in business units that were made before there were any.
 */
export async function syncBaseRows(rows: Transaction, model: Model, moment: string): Promise<void> {
  await syncPrivileges(rows, model);
  await addAdministratorProfile(rows, model);
  const table = getTable(model, 'businessunit');
  const parent = getColumn(table, 'parentbusinessunitid');
  const [root] = await rows.list(table, equals(parent, null), 1);
  const organizationId = root === undefined ? undefined : findGuid(root, getColumn(table, 'organizationid'));
  if (root === undefined || organizationId === undefined) return;
  await addMissingCopies({ rows, model }, root.id);
  const rootBusinessUnitId = parseUnitId(root.id);
  await createPredefinedRoles(rows, model, { organizationId, rootBusinessUnitId, moment });
}

/** Every unit has a copy of System Administrator: where it is missing, all are. */
async function addMissingCopies(scope: RoleScope, root: Guid): Promise<void> {
  const { rows, model } = scope;
  const [unit, role] = [getTable(model, 'businessunit'), getTable(model, 'role')];
  const template = equals(getColumn(role, 'roletemplateid'), roleTemplates.systemAdministrator.id);
  const copies = await rows.list(role, template, everything);
  const units = await rows.list(unit, { kind: 'always' }, everything);
  if (copies.length >= units.length) return;
  for (const child of await listChildUnits(scope, root)) await settleCopies(scope, child, root);
}

/**
 * Adds the privileges of tables that came after the environment was made, and gives them to System Administrator; those of
 * custom tables to System Customizer as well. Returns
 * how many were added.
 */
export async function syncPrivileges(rows: Transaction, model: Model): Promise<number> {
  const wanted = allPrivileges(model);
  const table = getTable(model, 'privilege');
  const known = new Set((await rows.list(table, { kind: 'always' }, everything)).map((row: Row) => row.id as string));
  const missing = wanted.filter(({ privilegeId }) => !known.has(privilegeId));
  const template = getColumn(getTable(model, 'role'), 'roletemplateid');
  const rolesOf = async ({ id }: { readonly id: string }): Promise<readonly Row[]> => {
    if (missing.length === 0) return [];
    const roles = await rows.list(getTable(model, 'role'), equals(template, id), everything);
    return roles.filter((role) => !isCopy(model, role));
  };
  const administrators = await rolesOf(roleTemplates.systemAdministrator);
  const customizers = await rolesOf(roleTemplates.systemCustomizer);
  for (const privilege of missing) {
    await insertPrivilege(rows, model, privilege);
    const roles = privilege.table?.custom === true ? [...administrators, ...customizers] : administrators;
    for (const role of roles) await givePrivilege(rows, model, role.id, privilege);
  }
  return missing.length;
}

/** Takes away the privileges of tables that are gone, and whatever roles had of them. */
export async function dropPrivileges(rows: Transaction, model: Model, tables: readonly Table[]): Promise<void> {
  for (const { privilegeId } of tables.flatMap(privilegesOf)) {
    await removeLinks(rows, model, 'roleprivileges', { privilegeid: privilegeId });
    await rows.delete(getTable(model, 'privilege'), privilegeId);
  }
}

/** The id of a row of `businessunit`. */
const parseUnitId = (id: Guid): BusinessUnitId => id as BusinessUnitId;

/** More rows than any environment has of privileges or roles. */
const everything = 1_000_000;

function insertPrivilege(rows: Transaction, model: Model, privilege: Privilege): Promise<void> {
  return insertRow(rows, model, 'privilege', {
    privilegeid: privilege.privilegeId,
    name: privilege.name,
    accessright: privilege.accessRightValue,
    canbebasic: privilege.depths.includes('basic'),
    canbelocal: privilege.depths.includes('local'),
    canbedeep: privilege.depths.includes('deep'),
    canbeglobal: privilege.depths.includes('global'),
    canbeentityreference: false,
    canbeparententityreference: false,
  });
}
