import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Application } from './application.ts';

/** Registers an application, and admits it to its own tenant. */
export function Screen() {
  const { t } = useLocale();
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
  return (
    <NewRecordPage
      title={t('appRegistrations.new')}
      list={{ href: '/app-registrations', label: t('appRegistrations.title') }}
      fields={fields}
      saved={{ displayName: '', signInAudience: 'AzureADMyOrg' }}
      submitLabel={t('appRegistrations.register')}
      stale={[['applications']]}
      create={async (api, values) => {
        const made = await api.change<Application>('POST', '/v1.0/applications', { body: values });
        await api.change('POST', '/v1.0/servicePrincipals', { body: { appId: made.appId } });
        return { name: made.displayName, href: `/app-registrations/${made.id}` };
      }}
    />
  );
}
