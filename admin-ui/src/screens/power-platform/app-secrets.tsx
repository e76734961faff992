import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { OneTimeSecret } from '../../components/one-time-secret.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import type { Field } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Application, PasswordCredential } from './application.ts';
import { CredentialExpiry } from './credential-expiry.tsx';

/** The secrets of an application. A new one is shown once. */
export function ApplicationSecrets({ application }: { readonly application: Application }) {
  const { t } = useLocale();
  const mayChange = useMayChange();
  const remove = useRemoveSecret(application);
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Section
      title={t('secrets.title')}
      commands={[{ label: t('secrets.new'), icon: <AddRegular />, changes: true, onClick: () => setAdding(true) }]}
    >
      <PlainTable
        label={t('secrets.title')}
        emptyText={t('secrets.none')}
        titles={[
          t('secrets.description'),
          t('secrets.expires'),
          t('secrets.hint'),
          t('secrets.id'),
          ...(mayChange ? [t('action.delete')] : []),
        ]}
        rows={application.passwordCredentials.map((credential) => ({
          key: credential.keyId,
          cells: [
            credential.displayName ?? '–',
            <CredentialExpiry key="end" endDateTime={credential.endDateTime} />,
            credential.hint === null ? '–' : `${credential.hint}…`,
            credential.keyId,
            ...(mayChange
              ? [
                  <Button key="delete" size="small" onClick={() => remove(credential)}>
                    {t('action.delete')}
                  </Button>,
                ]
              : []),
          ],
        }))}
      />
      {isAdding ? (
        <NewSecret
          application={application}
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      ) : null}
      {secret === undefined ? null : (
        <OneTimeSecret
          value={secret}
          fileName={`${application.displayName}.txt`}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Section>
  );
}

interface NewSecretProps {
  readonly application: Application;
  readonly onClose: () => void;
  readonly onMade: (secret: string) => void;
}

function NewSecret({ application, onClose, onMade }: NewSecretProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const fields: readonly Field[] = [
    { name: 'displayName', kind: 'text', label: t('secrets.description'), maxLength: 100 },
    {
      name: 'days',
      kind: 'choice',
      label: t('secrets.life'),
      isRequired: true,
      options: [
        { value: '90', label: t('secrets.life.90') },
        { value: '180', label: t('secrets.life.180') },
        { value: '365', label: t('secrets.life.365') },
        { value: '730', label: t('secrets.life.730') },
      ],
    },
  ];
  return (
    <Panel title={t('secrets.new')} onClose={onClose}>
      <RecordForm
        fields={fields}
        saved={{ displayName: '', days: '180' }}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={async (_, { values: { displayName, days } }) => {
          const endDateTime = new Date(Date.now() + Number(days) * 86_400_000).toISOString();
          const made = await api.change<PasswordCredential & { readonly secretText: string }>(
            'POST',
            `/v1.0/applications/${application.id}/addPassword`,
            {
              body: {
                // An empty description is refused; none is not.
                passwordCredential: { ...(displayName === '' ? {} : { displayName }), endDateTime },
              },
            },
          );
          await queries.invalidateQueries({ queryKey: ['applications'] });
          onMade(made.secretText);
        }}
      />
    </Panel>
  );
}

function useRemoveSecret({ id }: Application): (credential: PasswordCredential) => void {
  const { t } = useLocale();
  const api = useApi();
  return useDeletion<PasswordCredential>({
    run: ({ keyId }) => api.change('POST', `/v1.0/applications/${id}/removePassword`, { body: { keyId } }),
    stale: [['applications']],
    nameOf: ({ displayName, keyId }) => displayName ?? keyId,
    titleOf: (name) => t('secrets.delete.title', { name }),
    text: t('secrets.delete.text'),
  });
}
