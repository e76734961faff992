import type { TableDefinition } from '../table.ts';

/** Rating models (mshr). Columns inferred from sibling sources (ats-api 1). */
export const hcmRatingModel: TableDefinition = {
  logicalName: 'mshr_hcmratingmodelentity',
  schemaName: 'mshr_HcmRatingModelEntity',
  entitySetName: 'mshr_hcmratingmodelentities',
  label: 'Rating models (mshr)',
  labelNb: 'Vurderingsmodeller (mshr)',
  kind: 'virtual',
  ownership: 'organization',
  objectTypeCode: 11029,
  entityNumber: 3029,
  entityName: 'HcmRatingModelEntity',
  purpose: 'Scales for rating skills.',
  primaryKey: 'mshr_hcmratingmodelentityid',
  primaryName: 'mshr_ratingmodelid',
  naturalKey: ['mshr_ratingmodelid'],
  sourceDocumentOrder: 29,
  recruitingAccess: 'read',
  columns: [
    {
      name: 'mshr_hcmratingmodelentityid',
      label: 'Rating Model Entity ID',
      description: 'System GUID of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'mshr_ratingmodelid',
      label: 'Rating Model ID',
      description: 'Readable id of the model.',
      type: 'String',
      maxLength: 15,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'mshr_description',
      label: 'Description',
      description: 'Text of the model.',
      type: 'String',
      access: 'read-write',
    },
  ],
};
