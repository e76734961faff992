import { MessageBar, MessageBarBody, Text } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { BrokenUse, Simulation } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { rowsAtHand } from '../../components/data-list/rows-at-hand.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { changeOf, isWhole, parametersOf, type RoleChange } from './role-change.ts';
import { RoleChangeForm } from './role-change-form.tsx';
import { wordsOf } from './words-of-use.ts';

/** Which recorded requests would be refused if a role lost something, or were gone. Nothing is changed. */
export function Screen() {
  const { t } = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const change = changeOf(parameters);
  return (
    <Page title={t('simulate.title')} text={t('simulate.text')}>
      <RoleChangeForm key={parameters.toString()} change={change} onAsk={(next) => setParameters(parametersOf(next))} />
      {isWhole(change) ? <Answer change={change} /> : null}
    </Page>
  );
}

function Answer({ change }: { readonly change: RoleChange }) {
  const { t, dateTime } = useLocale();
  const api = useApi();
  const { gate, role, loses, isDeleted } = change;
  const answer = useQuery({
    queryKey: ['explain', 'simulate', change],
    queryFn: ({ signal }) =>
      api.question<Simulation>('/portvakt/v1/simulate', {
        body: { gate, role, ...(isDeleted ? { isDeleted } : { loses }) },
        signal,
      }),
  });
  if (answer.isPending) return <Loading />;
  if (answer.data === undefined) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  const { requests, uses, since, until, isCutOff, broken, refusedToday, holders } = answer.data;
  return (
    <>
      <MessageBar intent={broken.length > 0 ? 'warning' : 'success'} layout="multiline">
        <MessageBarBody>
          {broken.length > 0 ? t('simulate.breaks', { n: broken.length }) : t('simulate.breaks.none')}
        </MessageBarBody>
      </MessageBar>
      <Facts
        facts={[
          { term: t('advice.requests'), value: t('advice.requests.of', { n: requests, uses }) },
          { term: t('advice.period'), value: `${dateTime(since)} – ${dateTime(until)}` },
          { term: t('simulate.holders'), value: holders.length === 0 ? t('simulate.nobody') : holders.join(', ') },
        ]}
      />
      {isCutOff ? <Text>{t('simulate.cutOff')}</Text> : null}
      {refusedToday > 0 ? <Text>{t('simulate.refusedToday', { n: refusedToday })}</Text> : null}
      <Broken broken={broken} />
    </>
  );
}

/** The kinds of requests, the most frequent first. */
function Broken({ broken }: Pick<Simulation, 'broken'>) {
  const { t, language, dateTime } = useLocale();
  const columns = useMemo<readonly Column<BrokenUse>[]>(
    () => [
      { id: 'app', title: t('appUsers.app'), value: ({ name }) => name, weight: 2 },
      { id: 'what', title: t('explain.what'), value: ({ use }) => wordsOf(use), weight: 3 },
      { id: 'times', title: t('simulate.times'), value: ({ use }) => use.count, kind: 'number' },
      {
        id: 'last',
        title: t('simulate.last'),
        value: ({ use }) => use.until ?? '',
        render: ({ use }) => (use.until === undefined ? '–' : dateTime(use.until)),
      },
      { id: 'lacks', title: t('whoCan.lacks'), value: ({ conditionTitle }) => conditionTitle[language], weight: 2 },
    ],
    [t, language, dateTime],
  );
  return (
    <Section title={t('simulate.broken')}>
      <DataList
        name="broken-uses"
        label={t('simulate.broken')}
        query={rowsAtHand(broken)}
        columns={columns}
        keyOf={({ clientId, use }) => `${clientId} ${JSON.stringify(use.shapes)}`}
        emptyText={t('simulate.breaks.none')}
      />
    </Section>
  );
}
