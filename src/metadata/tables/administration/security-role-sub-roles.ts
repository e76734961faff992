import type { TableDefinition } from '../../table.ts';

/** Roles inside a role: it has all that they have (human-resources-security 2.1). */
export const securityRoleSubRoles: TableDefinition = {
  logicalName: 'securityrolesubrole',
  schemaName: 'SecurityRoleSubRole',
  entitySetName: 'SecurityRoleSubRoles',
  label: 'Roles in roles',
  labelNb: 'Roller i roller',
  kind: 'administration',
  objectTypeCode: 12013,
  purpose: 'Role inside a role.',
  primaryKey: 'rowid',
  primaryName: 'SecurityRoleIdentifier',
  naturalKey: ['SecurityRoleIdentifier', 'SubRoleIdentifier'],
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
      name: 'SubRoleIdentifier',
      label: 'Sub-role identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
  ],
  indexed: ['SubRoleIdentifier'],
};
