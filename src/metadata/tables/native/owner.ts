import type { TableDefinition } from '../../table.ts';

/** Users and teams as owners of rows: a row with the same id for each of them, which the system keeps. */
export const owner: TableDefinition = {
  logicalName: 'owner',
  schemaName: 'Owner',
  entitySetName: 'owners',
  label: 'Owner',
  labelNb: 'Eier',
  kind: 'native',
  ownership: 'organization',
  objectTypeCode: 7,
  purpose: 'Users and teams, which own rows.',
  primaryKey: 'ownerid',
  primaryName: 'name',
  naturalKey: [],
  columns: [
    {
      name: 'ownerid',
      label: 'Owner',
      description: 'Id of the user or team.',
      type: 'Guid',
      access: 'read-only',
      required: true,
      systemGenerated: true,
    },
    {
      name: 'name',
      label: 'Name',
      description: 'Name of the user or team.',
      type: 'String',
      maxLength: 200,
      access: 'read-only',
    },
    {
      name: 'owneridtype',
      label: 'Owner Type',
      description: 'Logical name of the table that the owner is a row of.',
      type: 'String',
      maxLength: 64,
      access: 'read-only',
      required: true,
    },
    {
      name: 'versionnumber',
      label: 'Version Number',
      description: 'Grows with every change of the row.',
      type: 'BigInt',
      access: 'read-only',
      systemGenerated: true,
    },
  ],
};
