import type { TableDefinition } from '../../table.ts';

/** Which duties a role has. */
export const securityRoleDuties: TableDefinition = {
  logicalName: 'securityroleduty',
  schemaName: 'SecurityRoleDuty',
  entitySetName: 'SecurityRoleDuties',
  label: 'Duties of roles',
  labelNb: 'Plikter i roller',
  kind: 'administration',
  objectTypeCode: 12006,
  purpose: 'Duty of a role.',
  primaryKey: 'rowid',
  primaryName: 'SecurityRoleIdentifier',
  naturalKey: ['SecurityRoleIdentifier', 'SecurityDutyIdentifier'],
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
      name: 'SecurityDutyIdentifier',
      label: 'Security duty identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
  ],
  indexed: ['SecurityDutyIdentifier'],
};
