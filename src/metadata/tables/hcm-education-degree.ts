import type { TableDefinition } from '../table.ts';

/** Education degree (mshr). Columns inferred from sibling sources (ats-api 1). */
export const hcmEducationDegree: TableDefinition = {
  logicalName: 'mshr_hcmeducationdegreeentity',
  schemaName: 'mshr_HcmEducationDegreeEntity',
  entitySetName: 'mshr_hcmeducationdegreeentities',
  label: 'Education degree (mshr)',
  labelNb: 'Utdannelsesgrad (mshr)',
  kind: 'virtual',
  ownership: 'organization',
  objectTypeCode: 11011,
  entityNumber: 3011,
  entityName: 'HcmEducationDegreeEntity',
  purpose: 'Degrees that persons can hold.',
  primaryKey: 'mshr_hcmeducationdegreeentityid',
  primaryName: 'mshr_levelofeducation',
  naturalKey: ['mshr_levelofeducation'],
  sourceDocumentOrder: 11,
  recruitingAccess: 'read',
  columns: [
    {
      name: 'mshr_hcmeducationdegreeentityid',
      label: 'Education Degree Entity ID',
      description: 'System GUID of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'mshr_levelofeducation',
      label: 'Level of Education',
      description: 'Readable id of the degree.',
      type: 'String',
      maxLength: 15,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'mshr_description',
      label: 'Description',
      description: 'Text of the degree.',
      type: 'String',
      access: 'read-write',
    },
  ],
};
