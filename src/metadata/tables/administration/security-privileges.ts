import type { TableDefinition } from '../../table.ts';

/** Privileges of Human Resources. */
export const securityPrivileges: TableDefinition = {
  logicalName: 'securityprivilege',
  schemaName: 'SecurityPrivilege',
  entitySetName: 'SecurityPrivileges',
  label: 'Security privileges',
  labelNb: 'Rettigheter',
  kind: 'administration',
  objectTypeCode: 12005,
  purpose: 'Named set of permissions.',
  primaryKey: 'rowid',
  primaryName: 'SecurityPrivilegeName',
  naturalKey: ['SecurityPrivilegeIdentifier'],
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
      name: 'SecurityPrivilegeIdentifier',
      label: 'Security privilege identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'SecurityPrivilegeName',
      label: 'Security privilege name',
      type: 'String',
      maxLength: 255,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
  ],
};
