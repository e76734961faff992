import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Session, SessionUpdate } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { ApiError } from '../../api/api-error.ts';
import { useNotify } from '../../components/notify.tsx';
import { Section } from '../../components/section.tsx';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { signInProblem } from '../../session/sign-in-problem.ts';
import { useBeginSession } from '../../session/use-session.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '26rem' },
  button: { alignSelf: 'flex-start' },
});

const empty = { current: '', next: '', repeat: '' };

/** Another password: the one before is asked for, and whoever is signed in elsewhere is signed out. */
export function OwnPassword({ hasPassword }: { readonly hasPassword: boolean }) {
  const { t } = useLocale();
  const styles = useStyles();
  const [given, setGiven] = useState(empty);
  const change = useChangePassword(() => setGiven(empty));
  const differs = given.repeat !== '' && given.repeat !== given.next;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (given.next === '' || given.repeat !== given.next || (hasPassword && given.current === '')) return;
    change.mutate({ next: given.next, ...(hasPassword ? { current: given.current } : {}) });
  };
  const field = (name: keyof typeof given, label: MessageKey, autoComplete: string, hint?: MessageKey) => (
    <Field
      label={t(label)}
      required
      {...(hint === undefined ? {} : { hint: t(hint) })}
      {...(name === 'repeat' && differs
        ? { validationMessage: t('setUp.different'), validationState: 'error' as const }
        : {})}
    >
      <Input
        type="password"
        autoComplete={autoComplete}
        value={given[name]}
        onChange={(_, { value }) => setGiven({ ...given, [name]: value })}
      />
    </Field>
  );
  return (
    <Section title={t('account.password')} text={t('account.passwordText')}>
      <form className={styles.form} onSubmit={submit}>
        {hasPassword ? field('current', 'account.current', 'current-password') : null}
        {field('next', 'setUp.password', 'new-password', 'setUp.passwordHint')}
        {field('repeat', 'setUp.repeat', 'new-password')}
        {change.isError ? (
          <MessageBar intent="error" layout="multiline" role="alert">
            <MessageBarBody>
              {change.error instanceof ApiError && change.error.code === 'wrongPassword'
                ? t('account.wrongPassword')
                : signInProblem(change.error, t)}
            </MessageBarBody>
          </MessageBar>
        ) : null}
        <Button className={styles.button} type="submit" appearance="primary" disabled={change.isPending}>
          {t('account.change')}
        </Button>
      </form>
    </Section>
  );
}

function useChangePassword(onDone: () => void) {
  const { t } = useLocale();
  const api = useApi();
  const begin = useBeginSession();
  const notify = useNotify();
  return useMutation({
    mutationFn: (password: NonNullable<SessionUpdate['password']>) => {
      const body: SessionUpdate = { password };
      return api.change<Session>('PATCH', '/portvakt/v1/session', { body });
    },
    onSuccess: (session) => {
      begin(session);
      onDone();
      notify(t('account.changed'));
    },
  });
}
