import type { TableDefinition } from '../table.ts';

/** Education disciplines (mshr). Columns inferred from sibling sources (ats-api 1). */
export const hcmEducationDiscipline: TableDefinition = {
  logicalName: 'mshr_hcmeducationdisciplineentity',
  schemaName: 'mshr_HcmEducationDisciplineEntity',
  entitySetName: 'mshr_hcmeducationdisciplineentities',
  label: 'Education disciplines (mshr)',
  labelNb: 'Utdanningsdisipliner (mshr)',
  kind: 'virtual',
  ownership: 'organization',
  objectTypeCode: 11012,
  entityNumber: 3012,
  entityName: 'HcmEducationDisciplineEntity',
  purpose: 'Fields of study.',
  primaryKey: 'mshr_hcmeducationdisciplineentityid',
  primaryName: 'mshr_educationdiscipline',
  naturalKey: ['mshr_educationdiscipline'],
  sourceDocumentOrder: 12,
  recruitingAccess: 'read',
  columns: [
    {
      name: 'mshr_hcmeducationdisciplineentityid',
      label: 'Education Discipline Entity ID',
      description: 'System GUID of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'mshr_educationdiscipline',
      label: 'Education Discipline',
      description: 'Readable id of the field.',
      type: 'String',
      maxLength: 15,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'mshr_description',
      label: 'Description',
      description: 'Text of the field.',
      type: 'String',
      access: 'read-write',
    },
  ],
};
