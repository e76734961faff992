import type { TableDefinition } from '../../table.ts';

/** Roles of users. */
export const systemUserRoles: TableDefinition = {
  logicalName: 'systemuserroles',
  schemaName: 'SystemUserRoles',
  entitySetName: 'systemuserrolescollection',
  label: 'User Role',
  labelNb: 'Brukerrolle',
  kind: 'native',
  ownership: 'organization',
  intersect: true,
  objectTypeCode: 15,
  purpose: 'Roles of users.',
  primaryKey: 'systemuserroleid',
  primaryName: 'systemuserroleid',
  naturalKey: ['systemuserid', 'roleid'],
  columns: [
    {
      name: 'systemuserroleid',
      label: 'User Role',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'systemuserid', label: 'User', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
    { name: 'roleid', label: 'Role', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
    {
      name: 'versionnumber',
      label: 'Version Number',
      description: 'Grows with every change of the row.',
      type: 'BigInt',
      access: 'read-only',
      systemGenerated: true,
    },
  ],
  indexed: ['roleid'],
};
