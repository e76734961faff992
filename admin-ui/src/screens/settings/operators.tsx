import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Invitation, InvitedOperator, NewOperator, Operator } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleTexts } from '../../shell/role-texts.ts';

const base = '/portvakt/v1/operators';
const queryKey = ['operators'];

/** Who may use this web app, and the one-time links that let them in. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const [isAdding, setAdding] = useState(false);
  const [link, setLink] = useState<string>();
  const operators = useQuery({ queryKey, queryFn: ({ signal }) => api.list<Operator>(base, { signal }) });
  const { mutate: invite } = useChange<Operator>({
    run: async ({ id }) => setLink((await api.change<Invitation>('POST', `${base}/${id}/invite`)).link),
    stale: [queryKey],
  });
  const { mutate: turn } = useChange<Operator>({
    run: ({ id, isEnabled }) => api.change('PATCH', `${base}/${id}`, { body: { isEnabled: !isEnabled } }),
    stale: [queryKey],
    done: () => t('state.saved'),
  });
  const columns = useMemo<readonly Column<Operator>[]>(
    () => [
      { id: 'name', title: t('signIn.name'), value: ({ name }) => name },
      { id: 'role', title: t('operators.role'), value: ({ role }) => t(roleTexts[role]) },
      { id: 'enabled', title: t('operators.enabled'), value: ({ isEnabled }) => isEnabled },
      { id: 'password', title: t('operators.password'), value: ({ hasPassword }) => hasPassword, isOptional: true },
      { id: 'last', title: t('operators.last'), value: (row) => row.lastSignInAt, kind: 'dateTime', isOptional: true },
      {
        id: 'link',
        title: t('operators.link'),
        value: () => '',
        render: (row) => (
          <Button size="small" onClick={() => invite(row)}>
            {t('operators.link')}
          </Button>
        ),
      },
      {
        id: 'turn',
        title: t('operators.access'),
        value: () => '',
        render: (row) => (
          <Button size="small" onClick={() => turn(row)}>
            {row.isEnabled ? t('operators.disable') : t('operators.enable')}
          </Button>
        ),
      },
    ],
    [t, invite, turn],
  );
  return (
    <Page
      title={t('operators.title')}
      commands={[
        {
          ...{ label: t('operators.new'), icon: <AddRegular />, isPrimary: true, changes: true },
          onClick: () => setAdding(true),
        },
      ]}
    >
      <DataList
        name="operators"
        label={t('operators.title')}
        query={operators}
        columns={columns}
        keyOf={({ id }) => id}
      />
      {isAdding ? (
        <AddOperator
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setLink(made);
          }}
        />
      ) : null}
      {link === undefined ? null : (
        <OneTimeSecret value={link} fileName="portvakt-link.txt" onClose={() => setLink(undefined)} />
      )}
    </Page>
  );
}

interface AddOperatorProps {
  readonly onClose: () => void;
  readonly onMade: (link: string) => void;
}

function AddOperator({ onClose, onMade }: AddOperatorProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const options = Object.entries(roleTexts).map(([value, key]) => ({ value, label: t(key) }));
  const fields: readonly Field[] = [
    { name: 'name', kind: 'text', label: t('signIn.name'), isRequired: true, maxLength: 100 },
    { name: 'role', kind: 'choice', options, label: t('operators.role'), isRequired: true },
  ];
  return (
    <Panel title={t('operators.new')} onClose={onClose}>
      <RecordForm
        fields={fields}
        saved={{ name: '', role: 'readOnly' }}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={async (_, { values }) => {
          const body: Partial<NewOperator> = values;
          const { invitation } = await api.change<InvitedOperator>('POST', base, { body });
          await queries.invalidateQueries({ queryKey });
          onMade(invitation.link);
        }}
      />
    </Panel>
  );
}
