import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Application } from './application.ts';

interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

const pathOf = ({ id }: Application): string => `/v1.0/applications/${id}/federatedIdentityCredentials`;

/** Other issuers whose tokens prove who the application is. */
export function ApplicationFederated({ application }: { readonly application: Application }) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const [isAdding, setAdding] = useState(false);
  const remove = useRemove(application);
  const found = useQuery({
    queryKey: ['federated', application.id],
    queryFn: ({ signal }) => api.list<FederatedCredential>(pathOf(application), { signal }),
  });
  return (
    <Section
      title={t('federated.title')}
      text={t('federated.text')}
      commands={[{ label: t('federated.add'), icon: <AddRegular />, changes: true, onClick: () => setAdding(true) }]}
    >
      {found.isPending ? <Loading /> : null}
      {found.isError ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data === undefined ? null : (
        <PlainTable
          label={t('federated.title')}
          emptyText={t('federated.none')}
          titles={[
            t('federated.name'),
            t('federated.issuer'),
            t('federated.subject'),
            t('federated.audience'),
            ...(mayChange ? [t('action.delete')] : []),
          ]}
          rows={found.data.rows.map((row) => ({
            key: row.id,
            cells: [
              row.name,
              row.issuer,
              row.subject,
              row.audiences.join(', '),
              ...(mayChange
                ? [
                    <Button key="delete" size="small" onClick={() => remove(row)}>
                      {t('action.delete')}
                    </Button>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {isAdding ? <NewFederated application={application} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function NewFederated({ application, onClose }: { readonly application: Application; readonly onClose: () => void }) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const fields: readonly Field[] = [
    { name: 'name', kind: 'text', label: t('federated.name'), isRequired: true, maxLength: 120 },
    { name: 'issuer', kind: 'text', label: t('federated.issuer'), isRequired: true, maxLength: 600 },
    { name: 'subject', kind: 'text', label: t('federated.subject'), isRequired: true, maxLength: 600 },
    { name: 'audiences', kind: 'text', label: t('federated.audience'), isRequired: true, maxLength: 600 },
  ];
  return (
    <Panel title={t('federated.add')} onClose={onClose}>
      <RecordForm
        fields={fields}
        saved={{ name: '', issuer: '', subject: '', audiences: 'api://AzureADTokenExchange' }}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={async (_, { values }) => {
          const body = { ...values, audiences: [values['audiences']] };
          await api.change('POST', pathOf(application), { body });
          await queries.invalidateQueries({ queryKey: ['federated', application.id] });
          onClose();
        }}
      />
    </Panel>
  );
}

function useRemove(application: Application): (credential: FederatedCredential) => void {
  const { t } = useLocale();
  const api = useApi();
  return useDeletion<FederatedCredential>({
    run: ({ id }) => api.change('DELETE', `${pathOf(application)}/${id}`),
    stale: [['federated', application.id]],
    nameOf: ({ name }) => name,
    titleOf: (name) => t('federated.delete.title', { name }),
    text: t('secrets.delete.text'),
  });
}
