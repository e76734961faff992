import { useMemo } from 'react';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { newPolicy, policiesKey, policyFields } from './policy.ts';

/** A new policy. It takes nothing away until it constrains an entity. */
export function Screen() {
  const locale = useLocale();
  const { t } = locale;
  const fields = useMemo(() => policyFields(locale, true), [locale]);
  return (
    <NewRecordPage
      title={t('hrPolicies.new')}
      list={{ href: '/hr-policies', label: t('hrPolicies.title') }}
      fields={fields}
      saved={newPolicy}
      stale={[policiesKey]}
      create={async (api, values) => {
        await api.change('POST', '/data/SecurityPolicies', { body: values });
        const id = String(values['SecurityPolicyIdentifier']);
        return { name: String(values['SecurityPolicyName']), href: `/hr-policies/${encodeURIComponent(id)}` };
      }}
    />
  );
}
