import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { query, webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Page } from '../../components/page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { unitSource } from '../organization/unit.ts';
import { loadGrants, replaceGrants, roleColumns, type SecurityRole } from './role-model.ts';

const roleSource: LookupSource = {
  key: 'root roles',
  load: async (api, signal) => {
    const options = query({ $select: 'name', $filter: '_parentroleid_value eq null', $orderby: 'name' });
    const { rows } = await api.list<SecurityRole>(`${webApi}/roles${options}`, { signal });
    return rows.map(({ roleid, name }) => ({ value: roleid, label: name }));
  },
};

/** A new role, empty or with the privileges of another one. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  const fields = useFields();
  return (
    <Page title={t('roles.new')} back={{ href: '/security-roles', label: t('roles.title') }}>
      <RecordForm
        fields={fields}
        saved={{ name: '', unit: '', isinherited: '1', copyOf: '' }}
        onCancel={() => navigate('/security-roles')}
        save={async (_, { values }) => {
          const made = await createRole(api, values);
          await queries.invalidateQueries({ queryKey: ['roles'] });
          notify(t('state.created', { name: made.name }));
          navigate(`/security-roles/${made.roleid}`);
        }}
      />
    </Page>
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
