import type { TableDefinition } from '../../table.ts';

/** Which privileges a role has directly. */
export const securityRolePrivileges: TableDefinition = {
  logicalName: 'securityroleprivilege',
  schemaName: 'SecurityRolePrivilege',
  entitySetName: 'SecurityRolePrivileges',
  label: 'Privileges of roles',
  labelNb: 'Rettigheter i roller',
  kind: 'administration',
  objectTypeCode: 12008,
  purpose: 'Privilege given to a role without a duty.',
  primaryKey: 'rowid',
  primaryName: 'SecurityRoleIdentifier',
  naturalKey: ['SecurityRoleIdentifier', 'SecurityPrivilegeIdentifier'],
  columns: [
    {
      name: 'rowid',
      label: 'Row',
      description: 'Ours; the surface addresses rows by their readable key.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
      hidden: true,
    },
    {
      name: 'SecurityRoleIdentifier',
      label: 'Security role identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'SecurityPrivilegeIdentifier',
      label: 'Security privilege identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
  ],
  indexed: ['SecurityPrivilegeIdentifier'],
};
