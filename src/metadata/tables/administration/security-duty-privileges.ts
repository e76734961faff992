import type { TableDefinition } from '../../table.ts';

/** Which privileges a duty has. */
export const securityDutyPrivileges: TableDefinition = {
  logicalName: 'securitydutyprivilege',
  schemaName: 'SecurityDutyPrivilege',
  entitySetName: 'SecurityDutyPrivileges',
  label: 'Privileges of duties',
  labelNb: 'Rettigheter i plikter',
  kind: 'administration',
  objectTypeCode: 12007,
  purpose: 'Privilege of a duty.',
  primaryKey: 'rowid',
  primaryName: 'SecurityDutyIdentifier',
  naturalKey: ['SecurityDutyIdentifier', 'SecurityPrivilegeIdentifier'],
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
      name: 'SecurityDutyIdentifier',
      label: 'Security duty identifier',
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
