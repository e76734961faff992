import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { companySource, roleSource } from './sources.ts';

/** A new user of Human Resources with a role. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const hint = t('hrUsers.serviceHint');
  const fields: readonly Field[] = [
    { name: 'UserID', kind: 'text', label: t('hrUsers.userId'), hint: t('hrUsers.userIdHint'), isRequired: true },
    { name: 'UserName', kind: 'text', label: t('hrUsers.userName'), isRequired: true },
    { name: 'Email', kind: 'text', label: t('hrUsers.email'), hint, isRequired: true },
    { name: 'NetworkDomain', kind: 'text', label: t('hrUsers.provider'), isRequired: true },
    { name: 'Company', kind: 'lookup', source: companySource, label: t('hrUsers.company'), isRequired: true },
    { name: 'role', kind: 'lookup', source: roleSource, label: t('hrUsers.role'), hint: t('hrUsers.roleHint') },
  ];
  return (
    <Page title={t('hrUsers.new')} back={{ href: '/hr-users', label: t('hrUsers.title') }}>
      <RecordForm
        fields={fields}
        saved={{ UserID: '', UserName: '', Email: '', NetworkDomain: '', Company: '', role: '' }}
        onCancel={() => navigate('/hr-users')}
        save={async (_, { values }) => {
          await createUser(api, values);
          await queries.invalidateQueries({ queryKey: ['hrUsers'] });
          await queries.invalidateQueries({ queryKey: ['lookup', 'hr users'] });
          notify(t('state.created', { name: String(values['UserID']) }));
          navigate('/hr-users');
        }}
      />
    </Page>
  );
}

async function createUser(api: ApiClient, { role, ...user }: FormValues): Promise<void> {
  await api.change('POST', '/data/SystemUsers', {
    body: { ...user, Alias: user['Email'], Enabled: true, UserInfo_language: 'en-us', Helplanguage: 'en-us' },
  });
  if (role === '') return;
  await api.change('POST', '/data/SecurityUserRoleAssociations', {
    body: { UserId: user['UserID'], SecurityRoleIdentifier: role },
  });
}
