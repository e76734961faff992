import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { rowPath, rowsWith } from './container.ts';
import { entitySource } from './entity.ts';
import { RemoveButton } from './parts.tsx';
import { type ConstrainedEntity, constrainedSet } from './policy.ts';

const keyOf = (policy: string): readonly string[] => ['hr security', constrainedSet, policy];

/** The entities of which a policy takes rows away. */
export function ConstrainedEntities({ policy }: { readonly policy: string }) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const [isAdding, setAdding] = useState(false);
  const constrained = useQuery({
    queryKey: keyOf(policy),
    queryFn: ({ signal }) =>
      rowsWith<ConstrainedEntity>(api, constrainedSet, 'SecurityPolicyIdentifier', policy, signal),
  });
  const remove = useChange<ConstrainedEntity>({
    run: ({ SecurableName, RelationPath }) =>
      api.change('DELETE', rowPath(constrainedSet, { SecurityPolicyIdentifier: policy, SecurableName, RelationPath })),
    stale: [keyOf(policy)],
    done: () => t('state.saved'),
  });
  if (constrained.isPending) return <Loading />;
  if (constrained.isError) {
    return <ErrorState error={constrained.error} onRetry={() => void constrained.refetch()} />;
  }
  return (
    <Section
      title={t('hrPolicy.constrained')}
      text={t('hrPolicy.constrainedText')}
      commands={[
        {
          ...{ label: t('hrPolicy.constrain'), icon: <AddRegular />, changes: true },
          onClick: () => setAdding(true),
        },
      ]}
    >
      <PlainTable
        label={t('hrPolicy.constrained')}
        emptyText={t('hrPolicy.constrainsNothing')}
        titles={[t('hrPermission.object'), t('hrPolicy.path'), ...(mayChange ? [t('hrUser.actions')] : [])]}
        rows={constrained.data.map((row) => ({
          key: `${row.SecurableName} ${row.RelationPath}`,
          cells: [
            row.SecurableName,
            row.RelationPath || '–',
            ...(mayChange
              ? [<RemoveButton key="remove" name={row.SecurableName} onClick={() => remove.mutate(row)} />]
              : []),
          ],
        }))}
      />
      {isAdding ? <AddEntity policy={policy} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function AddEntity({ policy, onClose }: { readonly policy: string; readonly onClose: () => void }) {
  const { t, language } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const source = useMemo(() => entitySource(language), [language]);
  return (
    <Panel title={t('hrPolicy.constrain')} onClose={onClose}>
      <RecordForm
        fields={[
          { name: 'SecurableName', kind: 'lookup', source, label: t('hrPermission.object'), isRequired: true },
          { name: 'RelationPath', kind: 'text', label: t('hrPolicy.path'), hint: t('hrPolicy.pathHint') },
        ]}
        saved={{ SecurableName: '', RelationPath: '' }}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={async (_, { values }) => {
          const body = { ...values, SecurityPolicyIdentifier: policy };
          await api.change('POST', `/data/${constrainedSet}`, { body });
          await queries.invalidateQueries({ queryKey: keyOf(policy) });
          onClose();
        }}
      />
    </Panel>
  );
}
