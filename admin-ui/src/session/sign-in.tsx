import {
  Button,
  Divider,
  Field,
  Input,
  Link,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { PasswordSignIn, Session, SignInRefusal } from '../../../src/admin/contract.ts';
import { useApi } from '../api/api-context.tsx';
import { useDocumentTitle } from '../components/document-title.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { Entrance } from './entrance.tsx';
import { signInWithPasskey } from './passkey.ts';
import { problemOfAddress, signInProblem } from './sign-in-problem.ts';
import { useBeginSession } from './use-session.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

export function SignIn({ refusal }: { readonly refusal: SignInRefusal }) {
  const { t } = useLocale();
  const styles = useStyles();
  const signIn = useSignIn();
  useDocumentTitle(t('signIn.title'));
  const ways = refusal.signIn;
  const openId = ways?.openId ?? [];
  const told = signIn.isError ? signInProblem(signIn.error, t) : problemOfAddress(t);
  const hasOthers = ways?.passkey === true || openId.length > 0;
  return (
    <Entrance title={t('signIn.title')}>
      {refusal.error?.code === 'setupNeeded' ? (
        <MessageBar layout="multiline">
          <MessageBarBody>{t('setUp.needed')}</MessageBarBody>
        </MessageBar>
      ) : null}
      <PasswordForm onSubmit={(given) => signIn.mutate(given)} isBusy={signIn.isPending} />
      {told !== undefined ? (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{told}</MessageBarBody>
        </MessageBar>
      ) : null}
      {hasOthers ? <Divider>{t('signIn.or')}</Divider> : null}
      <div className={styles.form}>
        {ways?.passkey === true ? (
          <Button onClick={() => signIn.mutate('passkey')} disabled={signIn.isPending}>
            {t('signIn.passkey')}
          </Button>
        ) : null}
        {openId.map(({ id, name }) => (
          <Link key={id} href={openIdAddress(id)}>
            {t('signIn.openId', { name })}
          </Link>
        ))}
      </div>
    </Entrance>
  );
}

/** A whole page load: the issuer leads back to where the person wanted to go. */
const openIdAddress = (issuer: string): string =>
  `/portvakt/v1/session/openid?issuer=${encodeURIComponent(issuer)}&returnTo=${encodeURIComponent(location.pathname)}`;

function useSignIn() {
  const api = useApi();
  const begin = useBeginSession();
  return useMutation({
    mutationFn: (way: PasswordSignIn | 'passkey') =>
      way === 'passkey' ? signInWithPasskey(api) : api.change<Session>('POST', '/portvakt/v1/session', { body: way }),
    onSuccess: begin,
  });
}

interface PasswordFormProps {
  readonly onSubmit: (given: PasswordSignIn) => void;
  readonly isBusy: boolean;
}

function PasswordForm({ onSubmit, isBusy }: PasswordFormProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name !== '' && password !== '') onSubmit({ name, password });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t('signIn.name')} required>
        <Input name="username" autoComplete="username" value={name} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={t('signIn.password')} required>
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <Button type="submit" appearance="primary" disabled={isBusy}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
