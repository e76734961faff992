import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { ConstrainedEntities } from './constrained-entities.tsx';
import { type Policy, policiesKey, policyFields, policyPath, valuesOf } from './policy.ts';

/** One policy, and the entities that it constrains. */
export function Screen() {
  const { hrPolicyId } = useParams<{ hrPolicyId: string }>();
  const api = useApi();
  const policy = useQuery({
    queryKey: [...policiesKey, hrPolicyId],
    queryFn: ({ signal }) => api.get<Policy>(policyPath(hrPolicyId), { signal }),
  });
  if (policy.isPending) return <Loading />;
  if (policy.data === undefined) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />;
  const reload = async (): Promise<FormValues> => valuesOf((await policy.refetch()).data ?? policy.data);
  return <Loaded policy={policy.data} reload={reload} />;
}

function Loaded({ policy, reload }: { readonly policy: Policy; readonly reload: () => Promise<FormValues> }) {
  const locale = useLocale();
  const { t } = locale;
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const fields = useMemo(() => policyFields(locale, false), [locale]);
  const id = policy.SecurityPolicyIdentifier;
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', policyPath(id));
      navigate('/hr-policies');
    },
    stale: [policiesKey],
    gone: [...policiesKey, id],
    nameOf: () => policy.SecurityPolicyName,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('hrPolicy.deletion'),
  });
  return (
    <Page
      title={policy.SecurityPolicyName}
      back={{ href: '/hr-policies', label: t('hrPolicies.title') }}
      commands={[{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, onClick: () => remove() }]}
    >
      <Facts facts={[{ term: t('hrUser.roleId'), value: id, copy: id }]} />
      <RecordForm
        fields={fields}
        saved={valuesOf(policy)}
        reload={reload}
        save={async (body, { overwrite }) => {
          const headers = { 'If-Match': overwrite ? '*' : policy['@odata.etag'] };
          await api.change('PATCH', policyPath(id), { body, headers });
          await queries.invalidateQueries({ queryKey: policiesKey });
          notify(t('state.saved'));
        }}
      />
      <ConstrainedEntities policy={id} />
    </Page>
  );
}
