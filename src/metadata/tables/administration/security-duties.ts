import type { TableDefinition } from '../../table.ts';

/** Duties: parts of a business process. */
export const securityDuties: TableDefinition = {
  logicalName: 'securityduty',
  schemaName: 'SecurityDuty',
  entitySetName: 'SecurityDuties',
  label: 'Security duties',
  labelNb: 'Plikter',
  kind: 'administration',
  objectTypeCode: 12004,
  purpose: 'Named set of privileges.',
  primaryKey: 'rowid',
  primaryName: 'SecurityDutyName',
  naturalKey: ['SecurityDutyIdentifier'],
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
      name: 'SecurityDutyName',
      label: 'Security duty name',
      type: 'String',
      maxLength: 255,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
  ],
};
