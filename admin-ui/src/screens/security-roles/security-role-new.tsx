import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { query, webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import type { LookupSource } from '../../components/lookup.tsx';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { unitSource } from '../organization/unit.ts';
import { findRootUnit } from '../power-platform/app-user.ts';
import { loadGrants, replaceGrants, roleColumns, type SecurityRole } from './role-model.ts';

const roleSource: LookupSource = {
  key: 'root roles',
  load: async (api, signal) => {
    const options = query({ $select: 'name', $filter: '_parentroleid_value eq null', $orderby: 'name' });
    const { rows } = await api.list<SecurityRole>(`${webApi}/roles${options}`, { signal });
    return rows.map(({ roleid, name }) => ({ value: roleid, label: name }));
  },
};

/** A new role, empty or with the privileges of another one; of the root unit until another one is chosen. */
export function Screen() {
  const api = useApi();
  const root = useQuery({ queryKey: ['rootUnit'], queryFn: ({ signal }) => findRootUnit(api, signal) });
  if (root.isPending) return <Loading />;
  if (root.data === undefined) return <ErrorState error={root.error} onRetry={() => void root.refetch()} />;
  return <NewRole root={root.data} />;
}

function NewRole({ root }: { readonly root: string }) {
  const { t } = useLocale();
  const fields = useFields();
  return (
    <NewRecordPage
      title={t('roles.new')}
      list={{ href: '/security-roles', label: t('roles.title') }}
      fields={fields}
      saved={{ name: '', unit: root, isinherited: '1', copyOf: '' }}
      stale={[['roles']]}
      create={async (api, values) => {
        const made = await createRole(api, values);
        return { name: made.name, href: `/security-roles/${made.roleid}` };
      }}
    />
  );
}

async function createRole(api: ApiClient, { name, unit, isinherited, copyOf }: FormValues): Promise<SecurityRole> {
  const made = await api.change<SecurityRole>('POST', `${webApi}/roles?$select=${roleColumns}`, {
    headers: { Prefer: 'return=representation' },
    body: { name, isinherited: Number(isinherited), 'businessunitid@odata.bind': `/businessunits(${unit})` },
  });
  if (typeof copyOf === 'string' && copyOf !== '') {
    await replaceGrants(api, made.roleid, made._businessunitid_value, await loadGrants(api, copyOf));
  }
  return made;
}

function useFields(): readonly Field[] {
  const { t } = useLocale();
  return useMemo<readonly Field[]>(
    () => [
      { name: 'name', kind: 'text', label: t('roles.name'), isRequired: true, maxLength: 100 },
      { name: 'unit', kind: 'lookup', source: unitSource, label: t('roles.unit'), isRequired: true },
      {
        name: 'isinherited',
        kind: 'choice',
        label: t('roles.inheritance'),
        isRequired: true,
        options: [
          { value: '1', label: t('roles.inheritance.direct') },
          { value: '0', label: t('roles.inheritance.team') },
        ],
      },
      { name: 'copyOf', kind: 'lookup', source: roleSource, label: t('roles.copyOf'), hint: t('roles.copyHint') },
    ],
    [t],
  );
}
