import type { TableDefinition } from '../../table.ts';

/** Roles of teams. */
export const teamRoles: TableDefinition = {
  logicalName: 'teamroles',
  schemaName: 'TeamRoles',
  entitySetName: 'teamrolescollection',
  label: 'Team Role',
  labelNb: 'Teamrolle',
  kind: 'native',
  ownership: 'organization',
  intersect: true,
  objectTypeCode: 40,
  purpose: 'Roles of teams.',
  primaryKey: 'teamroleid',
  primaryName: 'teamroleid',
  naturalKey: ['teamid', 'roleid'],
  columns: [
    {
      name: 'teamroleid',
      label: 'Team Role',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'teamid', label: 'Team', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
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
