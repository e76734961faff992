import type { TableDefinition } from '../table.ts';

/** Titles (mshr). Columns inferred from sibling sources (ats-api 1). */
export const hcmTitle: TableDefinition = {
  logicalName: 'mshr_hcmtitleentity',
  schemaName: 'mshr_HcmTitleEntity',
  entitySetName: 'mshr_hcmtitleentities',
  label: 'Titles (mshr)',
  labelNb: 'Titler (mshr)',
  kind: 'virtual',
  ownership: 'organization',
  objectTypeCode: 11038,
  entityNumber: 3038,
  entityName: 'HcmTitleEntity',
  purpose: 'Job titles; the id is the text.',
  primaryKey: 'mshr_hcmtitleentityid',
  primaryName: 'mshr_titleid',
  naturalKey: ['mshr_titleid'],
  sourceDocumentOrder: 38,
  recruitingAccess: 'read',
  columns: [
    {
      name: 'mshr_hcmtitleentityid',
      label: 'Title Entity ID',
      description: 'System GUID of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'mshr_titleid',
      label: 'Title ID',
      description: 'Title text and key.',
      type: 'String',
      maxLength: 30,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
  ],
};
