import { type BusinessUnitId, type Guid, getGuid, namedGuid, type SecurityRoleId } from '../kernel/ids.ts';
import type { AccessRight, PrivilegeDepth } from '../metadata/privileges.ts';
import type { Model } from '../metadata/table.ts';
import { equals } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import { roleTemplates } from './application-user.ts';
import { insertRow } from './insert-row.ts';
import { addLink } from './native/links.ts';
import { copyToUnitsBelow } from './native/role-copies.ts';
import { allPrivileges, depthMasks, depths, type Privilege } from './privilege-index.ts';
import { getColumn, getTable } from './security-rows.ts';

type RoleKey = keyof typeof roleTemplates;

interface PredefinedRole {
  readonly key: RoleKey;
  /** Managed roles that may be changed all the same. */
  readonly isCustomizable: boolean;
  readonly gives: (privilege: Privilege) => boolean;
}

/** Tables of the security model that people and applications look names up in. */
const directoryTables: readonly string[] = ['organization', 'businessunit', 'systemuser', 'team', 'role'];
const definitionRight = /^prv(Create|Read|Write|Delete)(Entity|Attribute|Relationship|OptionSet)$/;

const readsDirectory = ({ table, accessRight }: Privilege): boolean =>
  table !== undefined && accessRight === 'read' && directoryTables.includes(table.logicalName);

/** The rights of the source document's role on its tables. */
const integrationRights: readonly (AccessRight | undefined)[] = [
  'create',
  'read',
  'write',
  'delete',
  'append',
  'appendTo',
];

/**
 * The predefined roles in short: the real ones have hundreds of privileges on tables that do not exist here. None but
 * System Administrator and the template for integrations reaches a table of Human Resources.
 */
const predefinedRoles: readonly PredefinedRole[] = [
  { key: 'systemAdministrator', isCustomizable: false, gives: () => true },
  {
    key: 'systemCustomizer',
    isCustomizable: true,
    gives: (privilege) =>
      definitionRight.test(privilege.name) || privilege.name.endsWith('Customization') || readsDirectory(privilege),
  },
  {
    key: 'basicUser',
    isCustomizable: true,
    gives: (privilege) => definitionRight.exec(privilege.name)?.[1] === 'Read' || readsDirectory(privilege),
  },
  { key: 'delegate', isCustomizable: true, gives: ({ name }) => name === 'prvActOnBehalfOfAnotherUser' },
  {
    key: 'atsIntegration',
    isCustomizable: false,
    gives: ({ table, accessRight }) =>
      table?.sourceDocumentOrder !== undefined && integrationRights.includes(accessRight),
  },
];

/** Deepest depth at which a privilege can be given. */
function deepestOf(privilege: Privilege): PrivilegeDepth {
  const deepest = depths.findLast((depth) => privilege.depths.includes(depth));
  if (deepest === undefined) throw new TypeError(`privilege ${privilege.name} has no depth`);
  return deepest;
}

/** The environment that predefined roles are made in. */
export interface RolePlace {
  readonly organizationId: Guid;
  readonly rootBusinessUnitId: BusinessUnitId;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly moment: string;
}

/** Id of a predefined role in the root business unit: the same for the same organization, always. */
export const predefinedRoleId = (organizationId: Guid, key: RoleKey): SecurityRoleId =>
  namedGuid(`${organizationId}:role:${key}`);

/** Makes the predefined roles that are not there yet, with copies in every business unit. */
export async function createPredefinedRoles(rows: Transaction, model: Model, place: RolePlace): Promise<void> {
  for (const role of predefinedRoles) {
    if (!(await isTaken(rows, model, role.key))) await createRole(rows, model, place, role);
  }
}

/** Is the role there, or one of that name, which somebody made before the product came with it? Then that one stays. */
async function isTaken(rows: Transaction, model: Model, key: RoleKey): Promise<boolean> {
  const table = getTable(model, 'role');
  const { id, name } = roleTemplates[key];
  const where = {
    kind: 'or',
    of: [equals(getColumn(table, 'roletemplateid'), id), equals(getColumn(table, 'name'), name)],
  } as const;
  return (await rows.list(table, where, 1)).length > 0;
}

async function createRole(
  rows: Transaction,
  model: Model,
  { organizationId, rootBusinessUnitId, moment }: RolePlace,
  { key, isCustomizable, gives }: PredefinedRole,
): Promise<void> {
  const template = roleTemplates[key];
  const id = predefinedRoleId(organizationId, key);
  await insertRow(rows, model, 'roletemplate', { roletemplateid: getGuid(template.id), name: template.name });
  await insertRow(rows, model, 'role', {
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
  for (const privilege of allPrivileges(model)) if (gives(privilege)) await givePrivilege(rows, model, id, privilege);
  const row = await rows.get(getTable(model, 'role'), id);
  if (row !== undefined) await copyToUnitsBelow({ rows, model }, row);
}

/** Gives a privilege to a role, as deep as it can be. */
export async function givePrivilege(rows: Transaction, model: Model, role: Guid, privilege: Privilege): Promise<void> {
  const mask = getColumn(getTable(model, 'roleprivileges'), 'privilegedepthmask');
  const link = { roleid: role, privilegeid: privilege.privilegeId };
  await addLink(rows, model, 'roleprivileges', link, new Map([[mask, depthMasks[deepestOf(privilege)]]]));
}
