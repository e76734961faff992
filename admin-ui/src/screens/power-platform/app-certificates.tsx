import { Button, MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowUploadRegular } from '@fluentui/react-icons/svg/arrow-upload';
import { type ChangeEvent, useRef, useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { Application, KeyCredential } from './application.ts';
import { derOf } from './certificate-file.ts';
import { CredentialExpiry } from './credential-expiry.tsx';

const useStyles = makeStyles({
  upload: { display: 'flex', flexDirection: 'column', alignItems: 'start', gap: tokens.spacingVerticalS },
});

/** The certificates of an application. The list is always sent as a whole; those that stay keep their key id. */
export function ApplicationCertificates({ application }: { readonly application: Application }) {
  const { t, date } = useLocale();
  const mayChange = useMayChange();
  const { add, remove } = useCertificates(application);
  return (
    <Section title={t('certificates.title')}>
      <PlainTable
        label={t('certificates.title')}
        emptyText={t('certificates.none')}
        titles={[
          t('secrets.description'),
          t('certificates.thumbprint'),
          t('certificates.starts'),
          t('secrets.expires'),
          ...(mayChange ? [t('action.delete')] : []),
        ]}
        rows={application.keyCredentials.map((credential) => ({
          key: credential.keyId,
          cells: [
            credential.displayName ?? '–',
            credential.customKeyIdentifier ?? '–',
            date(credential.startDateTime),
            <CredentialExpiry key="end" endDateTime={credential.endDateTime} />,
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
      {mayChange ? <Upload onFile={add} /> : null}
    </Section>
  );
}

function Upload({ onFile }: { readonly onFile: (name: string, der: string) => void }) {
  const { t } = useLocale();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const read = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = target.files?.[0];
    target.value = '';
    if (file === undefined) return;
    const der = derOf(new Uint8Array(await file.arrayBuffer()));
    setUnreadable(der === undefined);
    if (der !== undefined) onFile(file.name, der);
  };
  return (
    <div className={styles.upload}>
      <Text>{t('certificates.file')}</Text>
      <Button icon={<ArrowUploadRegular />} onClick={() => input.current?.click()}>
        {t('certificates.upload')}
      </Button>
      {/* Its own button speaks the language of the browser. */}
      <input ref={input} type="file" accept=".cer,.pem,.crt" hidden onChange={(event) => void read(event)} />
      {isUnreadable ? (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>{t('certificates.unreadable')}</MessageBarBody>
        </MessageBar>
      ) : null}
    </div>
  );
}

function useCertificates(application: Application) {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const send = useChange<readonly object[]>({
    run: (keyCredentials) => api.change('PATCH', `/v1.0/applications/${application.id}`, { body: { keyCredentials } }),
    stale: [['applications']],
    done: () => t('state.saved'),
  });
  const kept = (without?: KeyCredential): readonly KeyCredential[] =>
    application.keyCredentials.filter((each) => each.keyId !== without?.keyId);
  return {
    add: (displayName: string, key: string): void =>
      send.mutate([...kept(), { type: 'AsymmetricX509Cert', usage: 'Verify', displayName, key }]),
    remove: (credential: KeyCredential): void => {
      const question = {
        title: t('certificates.delete.title', { name: credential.displayName ?? credential.keyId }),
        text: t('secrets.delete.text'),
        verb: t('action.delete'),
      };
      void confirm(question).then((yes) => yes && send.mutate(kept(credential)));
    },
  };
}
