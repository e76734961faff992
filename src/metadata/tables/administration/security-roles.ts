import type { TableDefinition } from '../../table.ts';

/** Roles of Human Resources (human-resources-security 2). */
export const securityRoles: TableDefinition = {
  logicalName: 'securityrole',
  schemaName: 'SecurityRole',
  entitySetName: 'SecurityRoles',
  label: 'Security roles',
  labelNb: 'Sikkerhetsroller',
  kind: 'administration',
  objectTypeCode: 12003,
  purpose: 'Named set of duties and privileges.',
  primaryKey: 'rowid',
  primaryName: 'SecurityRoleName',
  naturalKey: ['SecurityRoleIdentifier'],
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
      name: 'SecurityRoleIdentifier',
      label: 'Security role identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'SecurityRoleName',
      label: 'Security role name',
      type: 'String',
      maxLength: 255,
      access: 'read-write',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'ContextString',
      label: 'Context',
      description: 'What policies of the context type RoleProperty look at.',
      type: 'String',
      maxLength: 128,
      access: 'read-write',
    },
  ],
};
