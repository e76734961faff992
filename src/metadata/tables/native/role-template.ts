import type { TableDefinition } from '../../table.ts';

/** Templates of the predefined roles (dataverse-web-api 3.6). */
export const roleTemplate: TableDefinition = {
  logicalName: 'roletemplate',
  schemaName: 'RoleTemplate',
  entitySetName: 'roletemplates',
  label: 'Role Template',
  labelNb: 'Rollemal',
  kind: 'native',
  ownership: 'organization',
  objectTypeCode: 1037,
  purpose: 'Template of a predefined security role.',
  primaryKey: 'roletemplateid',
  primaryName: 'name',
  naturalKey: ['name'],
  columns: [
    {
      name: 'roletemplateid',
      label: 'Role Template',
      description: 'Id of the row.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    { name: 'name', label: 'Role Template Name', type: 'String', maxLength: 100, access: 'read-only', required: true },
  ],
};
