import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Policy, policiesKey } from './policy.ts';

/** The record-level policies: rules that take rows away. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const policies = useQuery({
    queryKey: policiesKey,
    queryFn: ({ signal }) => api.list<Policy>('/data/SecurityPolicies', { signal }),
  });
  const columns = useMemo<readonly Column<Policy>[]>(
    () => [
      { id: 'name', title: t('hrSecurity.name'), value: (row) => row.SecurityPolicyName },
      { id: 'id', title: t('hrUser.roleId'), value: (row) => row.SecurityPolicyIdentifier, isOptional: true },
      { id: 'primary', title: t('hrPolicy.primary'), value: (row) => row.PrimaryEntityName },
      { id: 'operation', title: t('hrPolicy.operation'), value: (row) => row.Operation },
      { id: 'context', title: t('hrPolicy.holds'), value: (row) => row.ContextString },
      { id: 'enabled', title: t('hrUsers.enabled'), value: (row) => row.Enabled },
    ],
    [t],
  );
  return (
    <Page
      title={t('hrPolicies.title')}
      text={t('hrPolicies.text')}
      commands={[
        { label: t('hrPolicies.new'), icon: <AddRegular />, href: '/hr-policies/new', isPrimary: true, changes: true },
      ]}
    >
      <DataList
        name="hr-policies"
        label={t('hrPolicies.title')}
        query={policies}
        columns={columns}
        keyOf={({ SecurityPolicyIdentifier }) => SecurityPolicyIdentifier}
        hrefOf={({ SecurityPolicyIdentifier }) => `/hr-policies/${encodeURIComponent(SecurityPolicyIdentifier)}`}
        emptyText={t('hrPolicies.empty')}
      />
    </Page>
  );
}
