import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { useMemo, useState } from 'react';
import type { TrafficRates } from '../../../../src/admin/contract.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { Chart } from './chart.tsx';
import { RequestTable } from './request-table.tsx';
import type { Seen } from './seen.ts';
import { useTraffic } from './use-traffic.ts';

const useStyles = makeStyles({
  charts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    gap: tokens.spacingHorizontalXXL,
    '@media (max-width: 960px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
});

/** Requests as they come, how many and how fast, who refuses, and who is near to a limit. */
export function Screen() {
  const { t, number } = useLocale();
  const [isPaused, setPaused] = useState(false);
  const { seen, error, retry } = useTraffic(isPaused);
  const [newest] = seen.rates;
  const workers = newest?.workers ?? 1;
  return (
    <Page
      title={t('traffic.title')}
      text={t('traffic.text')}
      commands={[
        isPaused
          ? { label: t('traffic.goOn'), icon: <PlayRegular />, onClick: () => setPaused(false) }
          : { label: t('traffic.pause'), icon: <PauseRegular />, onClick: () => setPaused(true) },
      ]}
    >
      {error === undefined ? null : <ErrorState error={error} onRetry={retry} />}
      {workers > 1 ? (
        <MessageBar layout="multiline">
          <MessageBarBody>{t('traffic.workers', { n: workers })}</MessageBarBody>
        </MessageBar>
      ) : null}
      <Charts rates={seen.rates} />
      <Refused seen={seen} />
      {newest?.limits === undefined ? null : <Limits limits={newest.limits} />}
      <Section title={t('traffic.requests')}>
        <RequestTable requests={seen.requests} />
        {seen.lost > 0 ? <span>{t('traffic.lost', { n: number(seen.lost) })}</span> : null}
      </Section>
    </Page>
  );
}

function Charts({ rates }: { readonly rates: readonly TrafficRates[] }) {
  const { t, number } = useLocale();
  const styles = useStyles();
  const shown = useMemo(() => {
    const oldestFirst = [...rates].reverse();
    const each = (of: (rate: TrafficRates) => number) => oldestFirst.map((rate) => Math.round(of(rate) * 10) / 10);
    return {
      times: oldestFirst.map(({ time }) => Date.parse(time) / 1000),
      all: each(({ requests, seconds }) => requests / seconds),
      refused: each(({ refused, seconds }) => refused / seconds),
      faulted: each(({ faulted, seconds }) => faulted / seconds),
      p50: each(({ p50 }) => p50),
      p95: each(({ p95 }) => p95),
    };
  }, [rates]);
  const line = (name: string, values: readonly number[]) => ({ name, values, latest: number(values.at(-1) ?? 0) });
  return (
    <div className={styles.charts}>
      <Chart
        title={t('traffic.perSecond')}
        times={shown.times}
        series={[
          line(t('traffic.all'), shown.all),
          line(t('traffic.refused'), shown.refused),
          line(t('traffic.faulted'), shown.faulted),
        ]}
      />
      <Chart
        title={t('traffic.milliseconds')}
        times={shown.times}
        series={[line(t('traffic.half'), shown.p50), line(t('traffic.most'), shown.p95)]}
      />
    </div>
  );
}

function Refused({ seen }: { readonly seen: Seen }) {
  const { t, number } = useLocale();
  return (
    <Section title={t('traffic.byGate')}>
      <Facts
        facts={[
          { term: t('traffic.gateOne'), value: number(seen.refused.one) },
          { term: t('traffic.gateTwo'), value: number(seen.refused.two) },
          { term: t('traffic.elsewhere'), value: number(seen.refused.other) },
        ]}
      />
    </Section>
  );
}

function Limits({ limits }: { readonly limits: NonNullable<TrafficRates['limits']> }) {
  const { t, number } = useLocale();
  return (
    <Section title={t('traffic.limits')}>
      <PlainTable
        label={t('traffic.limits')}
        emptyText={t('traffic.nobody')}
        titles={[t('traffic.user'), t('traffic.requests'), t('traffic.seconds')]}
        rows={limits.map(({ userId, requests, requestsAllowed, seconds, secondsAllowed }) => ({
          key: userId,
          cells: [
            userId,
            t('traffic.of', { used: number(requests), all: number(requestsAllowed) }),
            t('traffic.of', { used: number(Math.round(seconds)), all: number(Math.round(secondsAllowed)) }),
          ],
        }))}
      />
    </Section>
  );
}
