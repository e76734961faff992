import type { TableDefinition } from '../../table.ts';

/** Data entities that a record-level policy takes rows away from (human-resources-security 2.6). */
export const securityPolicyConstrainedEntities: TableDefinition = {
  logicalName: 'securitypolicyconstrainedentity',
  schemaName: 'SecurityPolicyConstrainedEntity',
  entitySetName: 'SecurityPolicyConstrainedEntities',
  label: 'Constrained entities of policies',
  labelNb: 'Begrensede enheter i policyer',
  kind: 'administration',
  objectTypeCode: 12015,
  purpose: 'Data entity that a policy constrains.',
  primaryKey: 'rowid',
  primaryName: 'SecurableName',
  naturalKey: ['SecurityPolicyIdentifier', 'SecurableName', 'RelationPath'],
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
      name: 'SecurityPolicyIdentifier',
      label: 'Security policy identifier',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'SecurableName',
      label: 'Securable name',
      description: 'Logical name of the table without its prefix.',
      type: 'String',
      maxLength: 128,
      access: 'write-once',
      required: true,
      requiredOnCreate: true,
    },
    {
      name: 'RelationPath',
      label: 'Relation',
      description:
        'Navigation properties that lead from it to the primary entity, joined by a slash; empty for the primary entity itself.',
      type: 'String',
      maxLength: 400,
      access: 'write-once',
      required: true,
      default: '',
    },
  ],
};
