import type { TableDefinition } from '../../table.ts';

/** Companies that own data. */
export const legalEntities: TableDefinition = {
  logicalName: 'legalentity',
  schemaName: 'LegalEntity',
  entitySetName: 'LegalEntities',
  label: 'Legal entities',
  labelNb: 'Juridiske enheter',
  kind: 'administration',
  objectTypeCode: 12012,
  purpose: 'Company that owns data of Human Resources.',
  primaryKey: 'rowid',
  primaryName: 'Name',
  naturalKey: ['LegalEntityId'],
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
      name: 'LegalEntityId',
      label: 'Company',
      description: 'Legal entity code.',
      type: 'String',
      maxLength: 4,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'Name',
      label: 'Name',
      type: 'String',
      maxLength: 160,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
  ],
};
