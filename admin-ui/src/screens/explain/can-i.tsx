import { MessageBar, MessageBarBody, Text } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { CanIAnswer, CanIOutcome } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useApplicationNames } from './application-names.ts';
import { Chain } from './chain.tsx';
import { type Question, questionOf } from './question.ts';
import { QuestionForm } from './question-form.tsx';

/** What would become of a request of one application, before it is made. */
export function Screen() {
  const { t } = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const question = questionOf(parameters);
  const isAsked = question.clientId !== undefined && question.table !== undefined;
  return (
    <Page title={t('canI.title')} text={t('canI.text')}>
      <QuestionForm
        key={parameters.toString()}
        question={question}
        isOfOne
        onAsk={(next) => setParameters({ ...next })}
      />
      {isAsked ? <Answer question={question} /> : null}
    </Page>
  );
}

const outcomes: Readonly<Record<CanIOutcome, { readonly text: MessageKey; readonly intent: 'success' | 'error' }>> = {
  allowed: { text: 'canI.allowed', intent: 'success' },
  refused: { text: 'canI.refused', intent: 'error' },
  'not found': { text: 'canI.notFound', intent: 'error' },
};

function Answer({ question }: { readonly question: Question }) {
  const { t, language } = useLocale();
  const api = useApi();
  const nameOf = useApplicationNames();
  const answer = useQuery({
    queryKey: ['explain', 'can-i', question],
    queryFn: ({ signal }) => api.get<CanIAnswer>(`/portvakt/v1/can-i${query(question)}`, { signal }),
  });
  if (answer.isPending) return <Loading />;
  if (answer.data === undefined) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  const { outcome, conditions, firstFailed, unknown, rows } = answer.data;
  const { text, intent } = outcomes[outcome];
  const open = conditions.filter(({ id }) => unknown.includes(id)).map(({ title }) => title[language]);
  return (
    <>
      <MessageBar intent={intent} layout="multiline" role="status">
        <MessageBarBody>{t(text)}</MessageBarBody>
      </MessageBar>
      {rows === undefined ? null : (
        <Text>{t('canI.rows', { all: rows.all, left: rows.losses.at(-1)?.remaining ?? rows.all })}</Text>
      )}
      {open.length === 0 ? null : <Text>{t('canI.unknown', { conditions: open.join(' · ') })}</Text>}
      <Chain conditions={conditions} firstFailed={firstFailed} caller={nameOf(question.clientId)} />
    </>
  );
}
