import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Application } from './application.ts';

/** Registers an application, and admits it to its own tenant. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const fields: readonly Field[] = [
    {
      name: 'displayName',
      kind: 'text',
      label: t('appRegistrations.name'),
      hint: t('appRegistrations.nameHint'),
      isRequired: true,
      maxLength: 120,
    },
    {
      name: 'signInAudience',
      kind: 'choice',
      label: t('appRegistrations.audience'),
      isRequired: true,
      options: [
        { value: 'AzureADMyOrg', label: t('appRegistrations.audience.one') },
        { value: 'AzureADMultipleOrgs', label: t('appRegistrations.audience.many') },
      ],
    },
  ];
  const back = { href: '/app-registrations', label: t('appRegistrations.title') };
  return (
    <Page title={t('appRegistrations.new')} back={back}>
      <RecordForm
        fields={fields}
        saved={{ displayName: '', signInAudience: 'AzureADMyOrg' }}
        submitLabel={t('appRegistrations.register')}
        onCancel={() => navigate('/app-registrations')}
        save={async (_, { values }) => {
          const made = await api.change<Application>('POST', '/v1.0/applications', { body: values });
          await api.change('POST', '/v1.0/servicePrincipals', { body: { appId: made.appId } });
          await queries.invalidateQueries({ queryKey: ['applications'] });
          notify(t('state.created', { name: made.displayName }));
          navigate(`/app-registrations/${made.id}`);
        }}
      />
    </Page>
  );
}
