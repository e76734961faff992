import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import type { LookupSource } from '../../components/lookup.tsx';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { unitSource } from '../organization/unit.ts';
import { applicationSource, createAppUser, findRootUnit, rolesOfUnit } from './app-user.ts';

/** Makes an application user. The business unit is the root until another one is chosen. */
export function Screen() {
  const api = useApi();
  const root = useQuery({ queryKey: ['rootUnit'], queryFn: ({ signal }) => findRootUnit(api, signal) });
  if (root.isPending) return <Loading />;
  if (root.data === undefined) return <ErrorState error={root.error} onRetry={() => void root.refetch()} />;
  return <NewAppUser root={root.data} />;
}

function NewAppUser({ root }: { readonly root: string }) {
  const { t } = useLocale();
  const fields = useFields(root);
  const saved = {
    applicationid: new URLSearchParams(location.search).get('app') ?? '',
    unit: root,
    email: '',
    role: '',
  };
  return (
    <NewRecordPage
      title={t('appUsers.createTitle')}
      list={{ href: '/app-users', label: t('appUsers.title') }}
      fields={fields}
      saved={saved}
      submitLabel={t('appUsers.create')}
      stale={[['appUsers']]}
      create={async (api, values) => {
        // All fields of this form are texts.
        const made = await createAppUser(api, values as typeof saved);
        return { name: made.fullname, href: `/app-users/${made.systemuserid}` };
      }}
    />
  );
}

function useFields(root: string): readonly Field[] {
  const { t } = useLocale();
  return useMemo<readonly Field[]>(() => {
    const roleSource: LookupSource = {
      key: `roles of ${root}`,
      load: async (api, signal) =>
        (await rolesOfUnit(api, root, signal)).map(({ roleid, name }) => ({ value: roleid, label: name })),
    };
    return [
      {
        name: 'applicationid',
        kind: 'lookup',
        source: applicationSource,
        label: t('appUsers.app'),
        hint: t('appUsers.appHint'),
        isRequired: true,
      },
      {
        name: 'unit',
        kind: 'lookup',
        source: unitSource,
        label: t('appUsers.unit'),
        hint: t('appUsers.unitHint'),
        isRequired: true,
      },
      { name: 'email', kind: 'text', label: t('appUsers.email'), maxLength: 100 },
      {
        name: 'role',
        kind: 'lookup',
        source: roleSource,
        label: t('appUsers.role'),
        hint: t('appUsers.roleHint'),
        // Roles of another unit are other rows: they are given on the user's own page.
        isVisible: (values) => values['unit'] === root,
      },
    ];
  }, [root, t]);
}
