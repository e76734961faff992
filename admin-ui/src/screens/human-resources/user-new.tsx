import type { ApiClient } from '../../api/api-client.ts';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { companySource, roleSource } from './sources.ts';

/** A new user of Human Resources with a role. */
export function Screen() {
  const { t, language } = useLocale();
  const hint = t('hrUsers.serviceHint');
  const fields: readonly Field[] = [
    { name: 'UserID', kind: 'text', label: t('hrUsers.userId'), hint: t('hrUsers.userIdHint'), isRequired: true },
    { name: 'UserName', kind: 'text', label: t('hrUsers.userName'), isRequired: true },
    { name: 'Email', kind: 'text', label: t('hrUsers.email'), hint, isRequired: true },
    { name: 'NetworkDomain', kind: 'text', label: t('hrUsers.provider'), isRequired: true },
    { name: 'Company', kind: 'lookup', source: companySource, label: t('hrUsers.company'), isRequired: true },
    {
      name: 'role',
      kind: 'lookup',
      source: roleSource(language),
      label: t('hrUsers.role'),
      hint: t('hrUsers.roleHint'),
    },
  ];
  return (
    <NewRecordPage
      title={t('hrUsers.new')}
      list={{ href: '/hr-users', label: t('hrUsers.title') }}
      fields={fields}
      saved={{ UserID: '', UserName: '', Email: '', NetworkDomain: '', Company: '', role: '' }}
      stale={[['hrUsers'], ['lookup', 'hr users']]}
      create={async (api, values) => {
        await createUser(api, values);
        return { name: String(values['UserID']) };
      }}
    />
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
