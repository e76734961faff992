import { type BusinessUnitId, type Guid, getGuid, namedGuid, type SecurityRoleId } from '../kernel/ids.ts';
import { miscellaneousPrivileges, type PrivilegeDepth, privilegesOf, tablePrivileges } from '../metadata/privileges.ts';
import type { Model, Table } from '../metadata/table.ts';
import { equals, type Value } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';
import { roleTemplates } from './application-user.ts';
import { createDefaultTeam, valuesOf } from './native/default-team.ts';
import { addDefaults } from './native/defaults.ts';
import { addLink, removeLinks } from './native/links.ts';
import { depthMasks, depths, type Privilege } from './privilege-index.ts';
import { getColumn, getTable } from './security-rows.ts';

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
  systemAdministratorRoleId: namedGuid(`${organizationId}:role:systemAdministrator`),
  systemCustomizerRoleId: namedGuid(`${organizationId}:role:systemCustomizer`),
  basicUserRoleId: namedGuid(`${organizationId}:role:basicUser`),
});

/**
 * Rows that every environment has: organization, root business unit with its default team, all privileges, and the
 * predefined roles (dataverse-web-api 3.1 and 3.6). Called once, when an environment is new; nobody's caller is asked.
 */
export async function createBaseRows(rows: Transaction, model: Model, names: EnvironmentNames): Promise<BaseIds> {
  const { organizationId, moment } = names;
  const ids = baseIds(organizationId);
  const times = { createdon: moment, modifiedon: moment };
  await insert(rows, model, 'organization', {
    organizationid: organizationId,
    name: names.organizationName,
    languagecode: names.languageCode,
    localeid: names.languageCode,
    ...times,
  });
  await insert(rows, model, 'businessunit', {
    businessunitid: ids.rootBusinessUnitId,
    name: names.rootBusinessUnitName,
    organizationid: organizationId,
    ...times,
  });
  const team = namedGuid(`${organizationId}:team:root`);
  const unit = { id: ids.rootBusinessUnitId, name: names.rootBusinessUnitName, organizationId, moment };
  await createDefaultTeam(rows, model, unit, team);
  for (const privilege of allPrivileges(model)) await insertPrivilege(rows, model, privilege);
  for (const role of predefinedRoles(ids)) await createRole(rows, model, names, ids, role);
  return ids;
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
  const rolesOf = async ({ id }: { readonly id: string }): Promise<readonly Row[]> =>
    missing.length === 0 ? [] : rows.list(getTable(model, 'role'), equals(template, id), everything);
  const administrators = await rolesOf(roleTemplates.systemAdministrator);
  const customizers = await rolesOf(roleTemplates.systemCustomizer);
  for (const privilege of missing) {
    await insertPrivilege(rows, model, privilege);
    const roles = privilege.table?.custom === true ? [...administrators, ...customizers] : administrators;
    for (const role of roles) await givePrivilege(rows, model, role.id, privilege, deepestOf(privilege));
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

/** More rows than any environment has of privileges or roles. */
const everything = 1_000_000;

const allPrivileges = (model: Model): readonly Privilege[] => [...tablePrivileges(model), ...miscellaneousPrivileges];

interface PredefinedRole {
  readonly id: SecurityRoleId;
  readonly template: { readonly id: string; readonly name: string };
  readonly isCustomizable: boolean;
  readonly gives: (privilege: Privilege) => PrivilegeDepth | undefined;
}

/** Tables of the security model that people and applications look names up in. */
const directoryTables: readonly string[] = ['organization', 'businessunit', 'systemuser', 'team', 'role'];
const definitionRight = /^prv(Create|Read|Write|Delete)(Entity|Attribute|Relationship|OptionSet)$/;

const readsDirectory = ({ table, accessRight }: Privilege): boolean =>
  table !== undefined && accessRight === 'read' && directoryTables.includes(table.logicalName);

/**
 * The predefined roles in short: the real ones have hundreds of privileges on tables that do not exist here. None but
 * System Administrator reaches a table of Human Resources.
 */
function predefinedRoles(ids: BaseIds): readonly PredefinedRole[] {
  return [
    {
      id: ids.systemAdministratorRoleId,
      template: roleTemplates.systemAdministrator,
      isCustomizable: false,
      gives: deepestOf,
    },
    {
      id: ids.systemCustomizerRoleId,
      template: roleTemplates.systemCustomizer,
      isCustomizable: true,
      gives: (privilege) => {
        const customizes = definitionRight.test(privilege.name) || privilege.name.endsWith('Customization');
        return customizes || readsDirectory(privilege) ? deepestOf(privilege) : undefined;
      },
    },
    {
      id: ids.basicUserRoleId,
      template: roleTemplates.basicUser,
      isCustomizable: true,
      gives: (privilege) => {
        const readsDefinitions = definitionRight.exec(privilege.name)?.[1] === 'Read';
        return readsDefinitions || readsDirectory(privilege) ? deepestOf(privilege) : undefined;
      },
    },
  ];
}

function deepestOf(privilege: Privilege): PrivilegeDepth {
  const deepest = depths.findLast((depth) => privilege.depths.includes(depth));
  if (deepest === undefined) throw new TypeError(`privilege ${privilege.name} has no depth`);
  return deepest;
}

async function createRole(
  rows: Transaction,
  model: Model,
  { organizationId, moment }: EnvironmentNames,
  { rootBusinessUnitId }: BaseIds,
  { id, template, isCustomizable, gives }: PredefinedRole,
): Promise<void> {
  await insert(rows, model, 'roletemplate', { roletemplateid: getGuid(template.id), name: template.name });
  await insert(rows, model, 'role', {
    roleid: id,
    name: template.name,
    businessunitid: rootBusinessUnitId,
    parentrootroleid: id,
    roletemplateid: getGuid(template.id),
    ismanaged: true,
    iscustomizable: isCustomizable,
    canbedeleted: false,
    organizationid: organizationId,
    createdon: moment,
    modifiedon: moment,
  });
  for (const privilege of allPrivileges(model)) {
    const depth = gives(privilege);
    if (depth !== undefined) await givePrivilege(rows, model, id, privilege, depth);
  }
}

async function givePrivilege(
  rows: Transaction,
  model: Model,
  role: Guid,
  { privilegeId }: Privilege,
  depth: PrivilegeDepth,
): Promise<void> {
  const mask = getColumn(getTable(model, 'roleprivileges'), 'privilegedepthmask');
  const link = { roleid: role, privilegeid: privilegeId };
  await addLink(rows, model, 'roleprivileges', link, new Map([[mask, depthMasks[depth]]]));
}

function insertPrivilege(rows: Transaction, model: Model, privilege: Privilege): Promise<void> {
  return insert(rows, model, 'privilege', {
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

async function insert(
  rows: Transaction,
  model: Model,
  name: string,
  values: Readonly<Record<string, Value>>,
): Promise<void> {
  const table = getTable(model, name);
  const draft = valuesOf(table.column, values);
  addDefaults(table, draft);
  await rows.insert(table, draft);
}
