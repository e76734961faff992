import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components';
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
import { useApplicationNames } from './application-names.ts';
import { Chain } from './chain.tsx';
import { Denials } from './denials.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  // Room for a whole reference: on a phone the button stands below.
  field: { flexGrow: 1, minWidth: 'min(100%, 22rem)', maxWidth: '28rem' },
});

/** Why a request was refused: the conditions of both gates, and how the one that decides is mended. */
export function Screen() {
  const { t } = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('request') ?? '';
  return (
    <Page
      title={t('explain.title')}
      text={t('explain.text')}
      {...(asked !== '' && { back: { href: '/explain', label: t('explain.denials') } })}
    >
      <Reference key={`form ${asked}`} asked={asked} onAsk={(request) => setParameters({ request })} />
      {asked === '' ? (
        <>
          <Subtitle1 as="h2">{t('explain.denials')}</Subtitle1>
          <Text>{t('explain.denials.text')}</Text>
          <Denials />
        </>
      ) : (
        <Explained key={asked} id={asked} />
      )}
    </Page>
  );
}

interface ReferenceProps {
  readonly asked: string;
  readonly onAsk: (request: string) => void;
}

function Reference({ asked, onAsk }: ReferenceProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [typed, setTyped] = useState(asked);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== '') onAsk(typed.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={t('explain.reference')} className={styles.field}>
        <Input value={typed} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      <Button type="submit" appearance="primary">
        {t('explain.explain')}
      </Button>
    </form>
  );
}

function Explained({ id }: { readonly id: string }) {
  const { t, dateTime } = useLocale();
  const api = useApi();
  const nameOf = useApplicationNames();
  const found = useQuery({
    queryKey: ['explain', id],
    queryFn: ({ signal }) => api.get<Explanation>(`/portvakt/v1/explain/${encodeURIComponent(id)}`, { signal }),
  });
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const { request, conditions, firstFailed, hasChanged } = found.data;
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
      <Chain conditions={conditions} firstFailed={firstFailed} caller={nameOf(request.clientId)} />
    </>
  );
}
