import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ProblemBar } from '../../components/problem-bar.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange, useSession } from '../../session/use-session.ts';
import type { Progress } from './progress.ts';
import { addSecret } from './steps.ts';
import { testedSet, tryCall } from './try-call.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  field: { maxWidth: '28rem' },
});

interface TestCallProps {
  readonly progress: Progress;
  readonly secret: string | undefined;
  readonly onSecret: (secret: string) => void;
}

/** Calls as the application itself: a token by its secret, then a read through both gates. */
export function TestCall({ progress: { application }, secret, onSecret }: TestCallProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const { environment } = useSession();
  const mayChange = useMayChange();
  const api = useApi();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const used = secret ?? typed.trim();
  const call = useMutation({
    mutationFn: () =>
      tryCall({ ...environment, environmentUrl: environment.url, clientId: application.appId, secret: used }),
  });
  const add = useMutation({
    mutationFn: () => addSecret(api, application.id),
    onSuccess: async (made) => {
      onSecret(made);
      await queries.invalidateQueries({ queryKey: ['applications'] });
    },
  });
  return (
    <Section title={t('connect.test')} text={t('connect.test.text', { set: testedSet })}>
      <ProblemBar error={add.error ?? call.error} />
      {secret === undefined ? (
        <Field label={t('connect.test.secret')} hint={t('connect.test.secretHint')} className={styles.field}>
          <Input type="password" autoComplete="off" value={typed} onChange={(_, { value }) => setTyped(value)} />
        </Field>
      ) : null}
      <div className={styles.bar}>
        <Button appearance="primary" disabled={used === '' || call.isPending} onClick={() => call.mutate()}>
          {t('connect.test.button')}
        </Button>
        {secret === undefined && mayChange ? (
          <Button disabled={add.isPending} onClick={() => add.mutate()}>
            {t('secrets.new')}
          </Button>
        ) : null}
      </div>
      {call.data?.kind === 'refused' ? <ProblemBar error={call.data.error} /> : null}
      {call.data?.kind === 'allowed' ? (
        <MessageBar intent="success" layout="multiline" role="status">
          <MessageBarBody>{t('connect.test.allowed', { n: call.data.rows })}</MessageBarBody>
        </MessageBar>
      ) : null}
    </Section>
  );
}
