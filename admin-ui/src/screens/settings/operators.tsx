import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { InvitedOperator, NewOperator, Operator } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleTexts } from '../../shell/role-texts.ts';
import { operatorFields, operatorsKey, operatorsPath } from './operator.ts';

/** Who may use this web app. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const [isAdding, setAdding] = useState(false);
  const [link, setLink] = useState<string>();
  const operators = useQuery({
    queryKey: operatorsKey,
    queryFn: ({ signal }) => api.list<Operator>(operatorsPath, { signal }),
  });
  const columns = useMemo<readonly Column<Operator>[]>(
    () => [
      { id: 'name', title: t('signIn.name'), value: ({ name }) => name },
      { id: 'role', title: t('operators.role'), value: ({ role }) => t(roleTexts[role]) },
      { id: 'enabled', title: t('operators.enabled'), value: ({ isEnabled }) => isEnabled },
      { id: 'password', title: t('operators.password'), value: ({ hasPassword }) => hasPassword, isOptional: true },
      { id: 'last', title: t('operators.last'), value: (row) => row.lastSignInAt, kind: 'dateTime' },
    ],
    [t],
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
        hrefOf={({ id }) => `/operators/${id}`}
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
  return (
    <Panel title={t('operators.new')} onClose={onClose}>
      <RecordForm
        fields={operatorFields(t)}
        saved={{ name: '', role: 'readOnly' }}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={async (_, { values }) => {
          const body: Partial<NewOperator> = values;
          const { invitation } = await api.change<InvitedOperator>('POST', operatorsPath, { body });
          await queries.invalidateQueries({ queryKey: operatorsKey });
          onMade(invitation.link);
        }}
      />
    </Panel>
  );
}
