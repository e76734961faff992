import type { TableDefinition } from '../../table.ts';

/** Members of teams. */
export const teamMembership: TableDefinition = {
  logicalName: 'teammembership',
  schemaName: 'TeamMembership',
  entitySetName: 'teammemberships',
  label: 'Team Membership',
  labelNb: 'Teammedlemskap',
  kind: 'native',
  ownership: 'organization',
  intersect: true,
  objectTypeCode: 23,
  purpose: 'Members of teams.',
  primaryKey: 'teammembershipid',
  primaryName: 'teammembershipid',
  naturalKey: ['teamid', 'systemuserid'],
  columns: [
    {
      name: 'teammembershipid',
      label: 'Team Membership',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'teamid', label: 'Team', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
    { name: 'systemuserid', label: 'User', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
    {
      name: 'versionnumber',
      label: 'Version Number',
      description: 'Grows with every change of the row.',
      type: 'BigInt',
      access: 'read-only',
      systemGenerated: true,
    },
  ],
  indexed: ['systemuserid'],
};
