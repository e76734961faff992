import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Session, SetUp as SetUpBody, SetUpLink } from '../../../src/admin/contract.ts';
import { useApi } from '../api/api-context.tsx';
import { useDocumentTitle } from '../components/document-title.ts';
import { Loading } from '../components/loading.tsx';
import { useLocale } from '../i18n/locale-context.tsx';
import { roleTexts } from '../shell/role-texts.ts';
import { Entrance } from './entrance.tsx';
import { setUpWithPasskey } from './passkey.ts';
import { signInProblem } from './sign-in-problem.ts';
import { useBeginSession } from './use-session.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** The one-time link `/app/setup#token=…`: the code stands behind `#`, so that no server and no log sees it on the way. */
export function SetUp() {
  const { t } = useLocale();
  const api = useApi();
  const [token] = useState(tokenOfAddress);
  useDocumentTitle(t('setUp.title'));
  const link = useQuery({
    queryKey: ['setup', token],
    queryFn: () => api.change<SetUpLink>('POST', '/portvakt/v1/session/setup/look', { body: { token } }),
    enabled: token !== '',
  });
  if (token === '') return <Refused text={t('setUp.noToken')} />;
  if (link.isPending) return <Loading />;
  if (link.isError) return <Refused text={signInProblem(link.error, t)} />;
  return <SetUpForm link={link.data} token={token} />;
}

function tokenOfAddress(): string {
  const hash = location.hash.slice(1);
  return new URLSearchParams(hash).get('token') ?? hash;
}

function Refused({ text }: { readonly text: string }) {
  const { t } = useLocale();
  return (
    <Entrance title={t('setUp.title')}>
      <MessageBar intent="error" layout="multiline" role="alert">
        <MessageBarBody>{text}</MessageBarBody>
      </MessageBar>
    </Entrance>
  );
}

interface Given {
  readonly name: string;
  /** Absent: by passkey. */
  readonly password?: string;
}

function useSetUp(token: string) {
  const api = useApi();
  const begin = useBeginSession();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async ({ name, password }: Given) => {
      const link = { token, ...(name === '' ? {} : { name }) };
      if (password === undefined) return setUpWithPasskey(api, link);
      const body: SetUpBody = { ...link, password };
      return api.change<Session>('POST', '/portvakt/v1/session/setup', { body });
    },
    onSuccess: (session) => {
      begin(session);
      navigate('/', { replace: true });
    },
  });
}

function SetUpForm({ link, token }: { readonly link: SetUpLink; readonly token: string }) {
  const { t } = useLocale();
  const styles = useStyles();
  const setUp = useSetUp(token);
  const [given, setGiven] = useState({ name: '', password: '', repeat: '' });
  const differs = given.repeat !== '' && given.repeat !== given.password;
  const needsName = link.purpose === 'first';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (given.password !== '' && given.repeat === given.password) setUp.mutate(given);
  };
  return (
    <Entrance title={t('setUp.title')}>
      <Text>{introduction(link, t)}</Text>
      <form className={styles.form} onSubmit={submit}>
        {needsName ? (
          <Field label={t('signIn.name')} required>
            <Input
              autoComplete="username"
              value={given.name}
              onChange={(_, { value }) => setGiven({ ...given, name: value })}
            />
          </Field>
        ) : null}
        <Field label={t('setUp.password')} hint={t('setUp.passwordHint')} required>
          <Input
            type="password"
            autoComplete="new-password"
            value={given.password}
            onChange={(_, { value }) => setGiven({ ...given, password: value })}
          />
        </Field>
        <Field
          label={t('setUp.repeat')}
          required
          {...(differs ? { validationMessage: t('setUp.different'), validationState: 'error' as const } : {})}
        >
          <Input
            type="password"
            autoComplete="new-password"
            value={given.repeat}
            onChange={(_, { value }) => setGiven({ ...given, repeat: value })}
          />
        </Field>
        {setUp.isError ? (
          <MessageBar intent="error" layout="multiline" role="alert">
            <MessageBarBody>{signInProblem(setUp.error, t)}</MessageBarBody>
          </MessageBar>
        ) : null}
        <Button type="submit" appearance="primary" disabled={setUp.isPending}>
          {t('setUp.submit')}
        </Button>
        {link.passkey ? (
          <Field hint={t('setUp.passkeyHint')}>
            <Button disabled={setUp.isPending} onClick={() => setUp.mutate({ name: given.name })}>
              {t('setUp.passkey')}
            </Button>
          </Field>
        ) : null}
      </form>
    </Entrance>
  );
}

function introduction({ purpose, name = '', role }: SetUpLink, t: ReturnType<typeof useLocale>['t']): string {
  if (purpose === 'first') return t('setUp.first');
  return purpose === 'reset' ? t('setUp.reset', { name }) : t('setUp.invited', { name, role: t(roleTexts[role]) });
}
