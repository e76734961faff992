import type { TableDefinition } from '../table.ts';

/** Level of education (mshr). Columns inferred from sibling sources (ats-api 1). */
export const hcmEducationLevel: TableDefinition = {
  logicalName: 'mshr_hcmeducationlevelentity',
  schemaName: 'mshr_HcmEducationLevelEntity',
  entitySetName: 'mshr_hcmeducationlevelentities',
  label: 'Level of education (mshr)',
  labelNb: 'Utdannelsesnivå (mshr)',
  kind: 'virtual',
  ownership: 'organization',
  objectTypeCode: 11020,
  entityNumber: 3020,
  entityName: 'HcmEducationLevelEntity',
  purpose: 'Education levels that requests can demand.',
  primaryKey: 'mshr_hcmeducationlevelentityid',
  primaryName: 'mshr_educationlevelid',
  naturalKey: ['mshr_educationlevelid'],
  sourceDocumentOrder: 20,
  recruitingAccess: 'read',
  columns: [
    {
      name: 'mshr_hcmeducationlevelentityid',
      label: 'Education Level Entity ID',
      description: 'System GUID of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'mshr_educationlevelid',
      label: 'Education Level ID',
      description: 'Readable id of the level.',
      type: 'String',
      maxLength: 15,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'mshr_description',
      label: 'Description',
      description: 'Text of the level.',
      type: 'String',
      access: 'read-write',
    },
  ],
};
