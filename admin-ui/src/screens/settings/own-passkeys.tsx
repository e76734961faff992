import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Passkey } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { deviceName, registerPasskey } from '../../session/passkey.ts';
import { signInProblem } from '../../session/sign-in-problem.ts';
import { useUpdateSession } from '../../session/use-session.ts';

const path = '/portvakt/v1/session/passkey';
const queryKey: readonly string[] = ['own passkeys'];

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  button: { alignSelf: 'flex-start' },
});

/** The operator's passkeys: added and removed. */
export function OwnPasskeys({ hasPassword }: { readonly hasPassword: boolean }) {
  const { t, dateTime } = useLocale();
  const api = useApi();
  const [isAdding, setAdding] = useState(false);
  const passkeys = useQuery({ queryKey, queryFn: ({ signal }) => api.list<Passkey>(path, { signal }) });
  const remove = useDeletion<Passkey>({
    run: ({ id }) => api.change('DELETE', `${path}/${id}`),
    stale: [queryKey],
    nameOf: ({ name }) => name,
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('passkeys.delete.text'),
  });
  if (passkeys.isPending) return <Loading />;
  if (passkeys.isError) return <ErrorState error={passkeys.error} onRetry={() => void passkeys.refetch()} />;
  return (
    <Section
      title={t('passkeys.title')}
      text={t('passkeys.text')}
      commands={[{ label: t('passkeys.add'), icon: <AddRegular />, onClick: () => setAdding(true) }]}
    >
      <PlainTable
        label={t('passkeys.title')}
        emptyText={t('passkeys.none')}
        titles={[t('signIn.name'), t('passkeys.made'), t('passkeys.used'), t('hrUser.actions')]}
        rows={passkeys.data.rows.map((passkey) => ({
          key: passkey.id,
          cells: [
            passkey.name,
            dateTime(passkey.createdAt),
            passkey.lastUsedAt === undefined ? '–' : dateTime(passkey.lastUsedAt),
            <Button
              key="delete"
              size="small"
              aria-label={`${t('action.delete')} ${passkey.name}`}
              onClick={() => remove(passkey)}
            >
              {t('action.delete')}
            </Button>,
          ],
        }))}
      />
      {isAdding ? <AddPasskey hasPassword={hasPassword} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function AddPasskey({ hasPassword, onClose }: { readonly hasPassword: boolean; readonly onClose: () => void }) {
  const { t } = useLocale();
  const styles = useStyles();
  const [given, setGiven] = useState({ name: deviceName(), current: '' });
  const add = useAddPasskey(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (given.name.trim() !== '' && (given.current !== '' || !hasPassword)) add.mutate(given);
  };
  return (
    <Panel title={t('passkeys.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Field label={t('signIn.name')} hint={t('passkeys.nameHint')} required>
          <Input value={given.name} maxLength={100} onChange={(_, { value }) => setGiven({ ...given, name: value })} />
        </Field>
        {hasPassword ? (
          <Field label={t('account.current')} required>
            <Input
              type="password"
              autoComplete="current-password"
              value={given.current}
              onChange={(_, { value }) => setGiven({ ...given, current: value })}
            />
          </Field>
        ) : null}
        {add.isError ? (
          <MessageBar intent="error" layout="multiline" role="alert">
            <MessageBarBody>{signInProblem(add.error, t)}</MessageBarBody>
          </MessageBar>
        ) : null}
        <Button className={styles.button} type="submit" appearance="primary" disabled={add.isPending}>
          {t('action.add')}
        </Button>
      </form>
    </Panel>
  );
}

function useAddPasskey(onDone: () => void) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const update = useUpdateSession();
  const notify = useNotify();
  return useMutation({
    mutationFn: ({ name, current }: { readonly name: string; readonly current: string }) =>
      registerPasskey(api, name.trim(), current),
    onSuccess: async (session) => {
      update(session);
      await queries.invalidateQueries({ queryKey });
      onDone();
      notify(t('passkeys.added'));
    },
  });
}
