import { MessageBar, MessageBarBody, ProgressBar } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';

interface Finding {
  readonly kind: string;
  readonly run?: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const counted = ['seals', 'segments', 'entries', 'unchained', 'pruned'] as const;
type Counts = Readonly<Record<(typeof counted)[number], number>>;

/** A step of `/portvakt/v1/audit/verify`; counts are of this step, `total` is how many segments there are in all. */
interface Step extends Counts {
  readonly findings: readonly Finding[];
  readonly total: number;
  readonly next: string | null;
}

interface Seal {
  readonly number: number;
  readonly time: string;
  readonly hash: string;
}

interface Checked extends Counts {
  readonly findings: readonly Finding[];
  /** Share of the log that was read, from 0 to 1. */
  readonly share: number;
}

const nothing: Checked = { findings: [], share: 0, seals: 0, segments: 0, entries: 0, unchained: 0, pruned: 0 };

/** Reads the whole log, step by step. */
async function check(api: ApiClient, signal: AbortSignal, onStep: (checked: Checked) => void): Promise<Checked> {
  let checked = nothing;
  for (let cursor: string | undefined; ; ) {
    const step: Step = await api.get<Step>(`/portvakt/v1/audit/verify${query({ cursor })}`, { signal });
    const sums = Object.fromEntries(counted.map((name) => [name, checked[name] + step[name]]));
    checked = { ...checked, ...sums, findings: [...checked.findings, ...step.findings] };
    checked = { ...checked, share: step.total === 0 ? 1 : Math.min(1, checked.segments / step.total) };
    onStep(checked);
    if (step.next === null) return checked;
    cursor = step.next;
  }
}

/** Is the audit log as it was written? The check begins when the page is opened. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const [done, setDone] = useState(nothing);
  const checked = useQuery({
    queryKey: ['audit chain'],
    queryFn: ({ signal }) => check(api, signal, setDone),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const seal = useQuery({
    queryKey: ['audit seal'],
    queryFn: ({ signal }) => api.get<Seal>('/portvakt/v1/audit/seal', { signal }),
    retry: false,
  });
  return (
    <Page
      title={t('audit.chain')}
      text={t('audit.chainText')}
      back={{ href: '/audit', label: t('audit.title') }}
      commands={[
        {
          ...{ label: t('audit.again'), icon: <ArrowClockwiseRegular />, isDisabled: checked.isFetching },
          onClick: () => void checked.refetch(),
        },
      ]}
    >
      {checked.isFetching ? (
        <div aria-busy="true">
          <ProgressBar aria-label={t('audit.checking')} value={done.share} />
        </div>
      ) : null}
      {checked.isError ? <ErrorState error={checked.error} onRetry={() => void checked.refetch()} /> : null}
      {checked.data === undefined ? null : <Result checked={checked.data} />}
      {seal.data === undefined ? null : <NewestSeal seal={seal.data} />}
    </Page>
  );
}

function Result({ checked }: { readonly checked: Checked }) {
  const { t, number } = useLocale();
  const { findings } = checked;
  const isWhole = findings.length === 0;
  return (
    <>
      <MessageBar intent={isWhole ? 'success' : 'error'} layout="multiline" role={isWhole ? 'status' : 'alert'}>
        <MessageBarBody>{isWhole ? t('audit.whole') : t('audit.notWhole', { n: findings.length })}</MessageBarBody>
      </MessageBar>
      <Facts
        facts={[
          { term: t('audit.entries'), value: number(checked.entries) },
          { term: t('audit.segments'), value: number(checked.segments) },
          { term: t('audit.seals'), value: number(checked.seals) },
          { term: t('audit.unchained'), value: number(checked.unchained) },
          { term: t('audit.pruned'), value: number(checked.pruned) },
        ]}
      />
      {isWhole ? null : (
        <PlainTable
          label={t('audit.findings')}
          emptyText=""
          titles={[t('audit.kind'), t('audit.run'), t('audit.finding')]}
          rows={findings.map(({ kind, run, from, to, text }) => ({
            key: `${kind} ${run ?? ''} ${from} ${to} ${text}`,
            cells: [kind, run ?? '–', text],
          }))}
        />
      )}
    </>
  );
}

function NewestSeal({ seal }: { readonly seal: Seal }) {
  const { t, dateTime, number } = useLocale();
  return (
    <Facts
      facts={[
        { term: t('audit.seal'), value: `${number(seal.number)}, ${dateTime(seal.time)}` },
        { term: t('audit.sealHash'), value: seal.hash, copy: seal.hash },
      ]}
    />
  );
}
