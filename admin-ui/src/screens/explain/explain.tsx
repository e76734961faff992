import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Explanation } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { Chain } from './chain.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, maxWidth: '28rem' },
});

/** Why a request was refused: the conditions of both gates, and how the one that decides is mended. */
export function Screen() {
  const { t } = useLocale();
  const styles = useStyles();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('request') ?? '';
  const [typed, setTyped] = useState(asked);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== '') setParameters({ request: typed.trim() });
  };
  return (
    <Page title={t('explain.title')} text={t('explain.text')}>
      <form className={styles.form} onSubmit={submit}>
        <Field label={t('explain.reference')} className={styles.field}>
          <Input value={typed} onChange={(_, { value }) => setTyped(value)} />
        </Field>
        <Button type="submit" appearance="primary">
          {t('explain.explain')}
        </Button>
      </form>
      {asked === '' ? null : <Explained id={asked} />}
    </Page>
  );
}

function Explained({ id }: { readonly id: string }) {
  const { t, dateTime } = useLocale();
  const api = useApi();
  const found = useQuery({
    queryKey: ['explain', id],
    queryFn: ({ signal }) => api.get<Explanation>(`/portvakt/v1/explain/${encodeURIComponent(id)}`, { signal }),
  });
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const { request, firstFailed, hasChanged } = found.data;
  return (
    <>
      <Section title={t('explain.request')}>
        <Facts
          facts={[
            { term: t('explain.when'), value: dateTime(request.time) },
            { term: t('explain.what'), value: [request.method, request.resource].filter(Boolean).join(' ') || '–' },
            { term: t('explain.table'), value: request.table ?? '–' },
            { term: t('explain.outcome'), value: [request.status, request.code].filter(Boolean).join(' ') || '–' },
            { term: t('explain.client'), value: request.clientId ?? '–' },
          ]}
        />
        <MessageBar intent={firstFailed === undefined ? 'success' : 'error'} layout="multiline">
          <MessageBarBody>
            {firstFailed === undefined ? t('explain.allowed') : t('explain.refused')}
            {hasChanged ? ` ${t('explain.changed')}` : ''}
          </MessageBarBody>
        </MessageBar>
      </Section>
      <Chain explanation={found.data} />
    </>
  );
}
