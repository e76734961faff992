import { namedGuid, type PrivilegeId } from '../kernel/ids.ts';
import type { Model, Table } from './table.ts';

export type AccessRight = 'create' | 'read' | 'write' | 'delete' | 'append' | 'appendTo' | 'assign' | 'share';

/** Depths that can be granted; "none" is the absence of a grant (dataverse-web-api 3.3). */
export type PrivilegeDepth = 'basic' | 'local' | 'deep' | 'global';

/** Values of `accessright` on the wire, each a bit (dataverse-web-api 3.2). */
export const accessRightValues = {
  read: 1,
  write: 2,
  append: 4,
  appendTo: 16,
  create: 32,
  delete: 65536,
  share: 262144,
  assign: 524288,
} as const satisfies Record<AccessRight, number>;

/** The right as it is written in the name of a privilege. */
export const rightNames = {
  create: 'Create',
  read: 'Read',
  write: 'Write',
  delete: 'Delete',
  append: 'Append',
  appendTo: 'AppendTo',
  assign: 'Assign',
  share: 'Share',
} as const satisfies Record<AccessRight, string>;

export interface PrivilegeDefinition {
  /** The same in every environment: made from the name, which compares without regard to case. */
  readonly privilegeId: PrivilegeId;
  readonly name: string;
  /** 0 for miscellaneous privileges. */
  readonly accessRightValue: number;
  readonly depths: readonly PrivilegeDepth[];
}

/** One access right on one table. */
export interface TablePrivilegeDefinition extends PrivilegeDefinition {
  readonly table: Table;
  readonly accessRight: AccessRight;
}

const organizationRights: readonly AccessRight[] = ['create', 'read', 'write', 'delete', 'append', 'appendTo'];
const userRights: readonly AccessRight[] = [...organizationRights, 'assign', 'share'];

/** Rights and depths by who owns the rows. Rows of a business unit have no owner to be assigned or shared by. */
const byOwnership = {
  organization: { rights: organizationRights, depths: ['global'] },
  businessUnit: { rights: organizationRights, depths: ['local', 'deep', 'global'] },
  user: { rights: userRights, depths: ['basic', 'local', 'deep', 'global'] },
} as const satisfies Record<
  NonNullable<Table['ownership']>,
  { rights: readonly AccessRight[]; depths: readonly PrivilegeDepth[] }
>;

/**
 * System tables with fewer rights than others of their kind. Privileges come with the tables and need no right to be
 * read (dataverse-web-api 3.4), templates likewise, and the one organization is neither made nor deleted. An owner is
 * seen by whoever may see the user or the team. What is shared is written by messages.
 */
const fewerRights: Readonly<Record<string, readonly AccessRight[]>> = {
  organization: ['read', 'write', 'append', 'appendTo'],
  privilege: [],
  roletemplate: [],
  owner: [],
  principalobjectaccess: ['read'],
};

/** Logical names of the tables that every enabled user may read, because no privilege on them exists. */
export const readableByEveryone: readonly string[] = Object.keys(fewerRights).filter(
  (table) => fewerRights[table]?.length === 0,
);

/** Privileges of all tables of the Web API, by table and right. Intersects have none: the joined tables' count. */
export function tablePrivileges(model: Model): readonly TablePrivilegeDefinition[] {
  return [...model.entitySet.values()].flatMap(privilegesOf);
}

/** Privileges on the rows of one table. */
export function privilegesOf(table: Table): readonly TablePrivilegeDefinition[] {
  const { rights, depths } =
    byOwnership[table.kind === 'virtual' ? 'organization' : (table.ownership ?? 'organization')];
  return (fewerRights[table.logicalName] ?? rights).map((accessRight) => {
    const name = `prv${rightNames[accessRight]}${table.privilegeSuffix ?? table.logicalName}`;
    return {
      privilegeId: privilegeIdOf(name),
      name,
      table,
      accessRight,
      accessRightValue: accessRightValues[accessRight],
      depths,
    };
  });
}

/** Id of the privilege of that name, whether or not there is one. Case does not matter. */
export const privilegeIdOf = (name: string): PrivilegeId => namedGuid<PrivilegeId>(name.toLowerCase());

/** Rights on definitions: one name per kind of definition and right (dataverse-web-api 3.4). */
const metadataPrivileges: readonly string[] = ['Entity', 'Attribute', 'Relationship', 'OptionSet'].flatMap((kind) =>
  ['Create', 'Read', 'Write', 'Delete'].map((right) => `prv${right}${kind}`),
);

/** Privileges that are not a right on the rows of one table (dataverse-web-api 3.4). */
export const miscellaneousPrivileges: readonly PrivilegeDefinition[] = [
  ...metadataPrivileges,
  'prvReadCustomization',
  'prvWriteCustomization',
  'prvPublishCustomization',
  'prvActOnBehalfOfAnotherUser',
  'prvBulkDelete',
  'prvBypassCustomPlugins',
  'prvDisableUser',
  'prvReparentUser',
  'prvDisableBusinessUnit',
  'prvReparentBusinessUnit',
  'prvReparentTeam',
  'prvAssignRole',
].map((name) => ({ privilegeId: privilegeIdOf(name), name, accessRightValue: 0, depths: ['global'] }));
