import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { applicationSource } from '../power-platform/app-user.ts';
import { userSource } from './sources.ts';

/** Links an application to the user that it acts as. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  return (
    <Page title={t('hrLinks.new')} back={{ href: '/hr-applications', label: t('hrLinks.title') }}>
      <RecordForm
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
        onCancel={() => navigate('/hr-applications')}
        save={async (_, { values }) => {
          await api.change('POST', '/data/SysAADClients', { body: values });
          await queries.invalidateQueries({ queryKey: ['hrLinks'] });
          notify(t('state.created', { name: String(values['Name']) }));
          navigate('/hr-applications');
        }}
      />
    </Page>
  );
}
