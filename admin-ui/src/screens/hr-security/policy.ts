import type { Field, FormValues } from '../../components/record-form/field.ts';
import type { Locale } from '../../i18n/translate.ts';
import { roleName } from '../human-resources/role-name.ts';
import { roleKind, rowPath, sourceOf } from './container.ts';
import { entitySource } from './entity.ts';

/** A row of `SecurityPolicies`: it takes rows away from users with a role. */
export interface Policy {
  readonly '@odata.etag': string;
  readonly SecurityPolicyIdentifier: string;
  readonly SecurityPolicyName: string;
  readonly PrimaryEntityName: string;
  readonly PolicyQuery: string | null;
  readonly Operation: string;
  readonly ContextType: string;
  readonly ContextString: string;
  readonly Enabled: boolean;
}

/** A row of `SecurityPolicyConstrainedEntities`. */
export interface ConstrainedEntity {
  readonly SecurableName: string;
  readonly RelationPath: string;
}

export const policiesKey: readonly string[] = ['hr security', 'SecurityPolicies'];
export const constrainedSet = 'SecurityPolicyConstrainedEntities';

export const policyPath = (SecurityPolicyIdentifier: string): string =>
  rowPath('SecurityPolicies', { SecurityPolicyIdentifier });

const choices = (...values: readonly string[]) => values.map((value) => ({ value, label: value }));

/** The form of a policy; `isNew` asks for the identifier too. */
export function policyFields({ t, language }: Locale, isNew: boolean): readonly Field[] {
  const roleSource = sourceOf(roleKind, (row) =>
    roleName(language, row['SecurityRoleIdentifier'] ?? '', row['SecurityRoleName'] ?? ''),
  );
  const context = { name: 'ContextString', isRequired: true } as const;
  const identifier: Field = {
    ...{ name: 'SecurityPolicyIdentifier', kind: 'text', label: t('hrUser.roleId'), isRequired: true, maxLength: 128 },
    hint: t('hrSecurity.idHint'),
  };
  return [
    ...(isNew ? [identifier] : []),
    {
      ...{ name: 'SecurityPolicyName', kind: 'text', label: t('hrSecurity.name'), isRequired: true, maxLength: 255 },
    },
    {
      ...{ name: 'PrimaryEntityName', kind: 'lookup', label: t('hrPolicy.primary'), isRequired: true },
      source: entitySource(language),
    },
    {
      ...{ name: 'PolicyQuery', kind: 'multiline', label: t('hrPolicy.query') },
      hint: t('hrPolicy.queryHint'),
    },
    {
      ...{ name: 'Operation', kind: 'choice', label: t('hrPolicy.operation'), isRequired: true },
      options: choices('AllOperations', 'Select', 'Insert', 'Update', 'Delete'),
    },
    {
      ...{ name: 'ContextType', kind: 'choice', label: t('hrPolicy.contextType'), isRequired: true },
      options: choices('RoleName', 'RoleProperty'),
    },
    {
      ...{ ...context, kind: 'lookup', source: roleSource, label: t('hrUsers.role') },
      isVisible: ({ ContextType }) => ContextType !== 'RoleProperty',
    },
    {
      ...{ ...context, kind: 'text', label: t('hrRoles.context') },
      isVisible: ({ ContextType }) => ContextType === 'RoleProperty',
    },
    { name: 'Enabled', kind: 'tick', label: t('hrUsers.enabled') },
  ];
}

export const newPolicy: FormValues = {
  ...{ SecurityPolicyIdentifier: '', SecurityPolicyName: '', PrimaryEntityName: '', PolicyQuery: '' },
  ...{ Operation: 'AllOperations', ContextType: 'RoleName', ContextString: '', Enabled: true },
};

export const valuesOf = (policy: Policy): FormValues => ({
  SecurityPolicyName: policy.SecurityPolicyName,
  PrimaryEntityName: policy.PrimaryEntityName,
  PolicyQuery: policy.PolicyQuery ?? '',
  Operation: policy.Operation,
  ContextType: policy.ContextType,
  ContextString: policy.ContextString,
  Enabled: policy.Enabled,
});
