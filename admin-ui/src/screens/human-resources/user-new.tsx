import { Text } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { companySource, roleSource } from './sources.ts';
import { TickPanel } from './tick-panel.tsx';
import { assignRole } from './user-role.ts';

/** A new user of Human Resources. Its roles are chosen before it is saved, as in the real form. */
export function Screen() {
  const { t } = useLocale();
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set());
  const hint = t('hrUsers.serviceHint');
  const fields: readonly Field[] = [
    { name: 'UserID', kind: 'text', label: t('hrUsers.userId'), hint: t('hrUsers.userIdHint'), isRequired: true },
    { name: 'UserName', kind: 'text', label: t('hrUsers.userName'), isRequired: true },
    { name: 'Email', kind: 'text', label: t('hrUsers.email'), hint, isRequired: true },
    { name: 'NetworkDomain', kind: 'text', label: t('hrUsers.provider'), isRequired: true },
    {
      ...{ name: 'Company', kind: 'lookup', source: companySource },
      ...{ label: t('hrUsers.company'), hint: t('hrUsers.companyHint') },
    },
  ];
  return (
    <NewRecordPage
      title={t('hrUsers.new')}
      list={{ href: '/hr-users', label: t('hrUsers.title') }}
      fields={fields}
      saved={{ UserID: '', UserName: '', Email: '', NetworkDomain: '', Company: '' }}
      stale={[['hrUsers'], ['lookup', 'hr users']]}
      create={async (api, values) => {
        await createUser(api, values, roles);
        return { name: String(values['UserID']) };
      }}
    >
      <NewRoles roles={roles} onChange={setRoles} />
    </NewRecordPage>
  );
}

async function createUser(api: ApiClient, { Company, ...user }: FormValues, roles: ReadonlySet<string>): Promise<void> {
  await api.change('POST', '/data/SystemUsers', {
    body: {
      ...user,
      ...(Company === '' ? {} : { Company }),
      ...{ Alias: user['Email'], Enabled: true, UserInfo_language: 'en-us', Helplanguage: 'en-us' },
    },
  });
  for (const role of roles) await assignRole(api, String(user['UserID']), role);
}

interface NewRolesProps {
  readonly roles: ReadonlySet<string>;
  readonly onChange: (roles: ReadonlySet<string>) => void;
}

/** What the user will be given when it is saved. */
function NewRoles({ roles, onChange }: NewRolesProps) {
  const { t, language } = useLocale();
  const api = useApi();
  const [isAssigning, setAssigning] = useState(false);
  const source = roleSource(language);
  const all = useQuery({ queryKey: ['lookup', source.key], queryFn: ({ signal }) => source.load(api, signal) });
  const chosen = (all.data ?? []).filter(({ value }) => roles.has(value));
  return (
    <Section
      title={t('hrUser.roles')}
      text={t('hrUsers.roleHint')}
      commands={[
        { label: t('hrUser.assignRoles'), icon: <AddRegular />, changes: true, onClick: () => setAssigning(true) },
      ]}
    >
      {chosen.map(({ value, label }) => (
        <Text key={value}>
          {label} ({value})
        </Text>
      ))}
      {isAssigning ? (
        <TickPanel
          title={t('hrUser.assignRolesTo')}
          source={source}
          ticked={roles}
          save={async (ticked) => onChange(ticked)}
          onClose={() => setAssigning(false)}
        />
      ) : null}
    </Section>
  );
}
