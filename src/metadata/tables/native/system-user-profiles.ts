import type { TableDefinition } from '../../table.ts';

/** Users in profiles of column security. */
export const systemUserProfiles: TableDefinition = {
  logicalName: 'systemuserprofiles',
  schemaName: 'SystemUserProfiles',
  entitySetName: 'systemuserprofilescollection',
  label: 'User Profile',
  labelNb: 'Profil for bruker',
  kind: 'native',
  ownership: 'organization',
  intersect: true,
  objectTypeCode: 1202,
  purpose: 'Users in profiles of column security.',
  primaryKey: 'systemuserprofileid',
  primaryName: 'systemuserprofileid',
  naturalKey: ['systemuserid', 'fieldsecurityprofileid'],
  columns: [
    {
      name: 'systemuserprofileid',
      label: 'User Profile',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'systemuserid', label: 'User', type: 'Guid', access: 'write-once', required: true, requiredOnCreate: true },
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
