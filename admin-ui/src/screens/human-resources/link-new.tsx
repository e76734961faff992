import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { applicationSource } from '../power-platform/app-user.ts';
import { userSource } from './sources.ts';

/** Links an application to the user that it acts as. */
export function Screen() {
  const { t } = useLocale();
  return (
    <NewRecordPage
      title={t('hrLinks.new')}
      list={{ href: '/hr-applications', label: t('hrLinks.title') }}
      fields={[
        {
          ...{ name: 'AADClientId', kind: 'lookup', source: applicationSource, isRequired: true },
          label: t('hrLinks.clientId'),
          hint: t('appUsers.appHint'),
        },
        { name: 'Name', kind: 'text', label: t('hrLinks.name'), isRequired: true },
        { name: 'UserId', kind: 'lookup', source: userSource, label: t('hrUsers.userId'), isRequired: true },
      ]}
      saved={{ AADClientId: '', Name: '', UserId: '' }}
      stale={[['hrLinks']]}
      create={async (api, values) => {
        await api.change('POST', '/data/SysAADClients', { body: values });
        return { name: String(values['Name']) };
      }}
    />
  );
}
