import type { TableDefinition } from '../../table.ts';

/** Application links: client id to user (human-resources-security 4). */
export const sysAadClients: TableDefinition = {
  logicalName: 'sysaadclient',
  schemaName: 'SysAADClient',
  entitySetName: 'SysAADClients',
  label: 'Microsoft Entra applications',
  labelNb: 'Microsoft Entra-programmer',
  kind: 'administration',
  objectTypeCode: 12002,
  purpose: 'Which user a client id acts as.',
  primaryKey: 'rowid',
  primaryName: 'Name',
  naturalKey: ['AADClientId'],
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
      name: 'AADClientId',
      label: 'Client ID',
      description: 'Client id as GUID text.',
      type: 'String',
      maxLength: 36,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    { name: 'Name', label: 'Name', type: 'String', maxLength: 255, access: 'read-write' },
    {
      name: 'UserId',
      label: 'User ID',
      description: 'A link without a user authorizes nothing.',
      type: 'String',
      maxLength: 60,
      access: 'read-write',
    },
  ],
  indexed: ['UserId'],
};
