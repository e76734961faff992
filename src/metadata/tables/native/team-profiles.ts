import type { TableDefinition } from '../../table.ts';

/** Teams in profiles of column security. */
export const teamProfiles: TableDefinition = {
  logicalName: 'teamprofiles',
  schemaName: 'TeamProfiles',
  entitySetName: 'teamprofilescollection',
  label: 'Team Profile',
  labelNb: 'Profil for team',
  kind: 'native',
  ownership: 'organization',
  intersect: true,
  objectTypeCode: 1203,
  purpose: 'Teams in profiles of column security.',
  primaryKey: 'teamprofileid',
  primaryName: 'teamprofileid',
  naturalKey: ['teamid', 'fieldsecurityprofileid'],
  columns: [
    {
      name: 'teamprofileid',
      label: 'Team Profile',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'teamid', label: 'Team', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
    {
      name: 'fieldsecurityprofileid',
      label: 'Profile',
      type: 'Guid',
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'versionnumber',
      label: 'Version Number',
      description: 'Grows with every change of the row.',
      type: 'BigInt',
      access: 'read-only',
      systemGenerated: true,
    },
  ],
  indexed: ['fieldsecurityprofileid'],
};
