import { Button } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type AuditEntry, type AuditFilter, type AuditPage, filterNames, momentOf } from './audit-entry.ts';
import { AuditFilters } from './audit-filters.tsx';

const pageSize = 200;

/** What was asked of the server, newest first; a denial leads to its explanation. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const [parameters, setParameters] = useSearchParams();
  const filter: AuditFilter = Object.fromEntries(
    filterNames.map((name) => [name, parameters.get(name) ?? '']).filter(([, value]) => value !== ''),
  );
  const entries = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const moments = { since: momentOf(filter.since), until: momentOf(filter.until) };
      return api.get<AuditPage>(`/portvakt/v1/audit${query({ ...filter, ...moments, top: pageSize, cursor })}`, {
        signal,
      });
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const columns = useColumns();
  const pages = entries.data?.pages;
  const loaded = useMemo(
    () => pages && { rows: pages.flatMap(({ value }) => value), isPartial: false as const },
    [pages],
  );
  return (
    <Page
      title={t('audit.title')}
      text={t('audit.text')}
      commands={[{ label: t('audit.chain'), icon: <ShieldCheckmarkRegular />, href: '/audit/chain' }]}
    >
      <AuditFilters key={parameters.toString()} filter={filter} onSearch={(next) => setParameters({ ...next })} />
      <DataList
        name="audit"
        label={t('audit.title')}
        query={{ ...entries, data: loaded }}
        columns={columns}
        keyOf={({ run, number }) => `${run} ${number}`}
        hrefOf={({ requestId }) => `/explain?request=${encodeURIComponent(requestId)}`}
        emptyText={t('state.nothingFound')}
      />
      {entries.hasNextPage ? (
        <div>
          <Button disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t('audit.more')}
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

/** The first column leads to the explanation of the request. */
function useColumns(): readonly Column<AuditEntry>[] {
  const { t } = useLocale();
  return useMemo(
    () => [
      { id: 'time', title: t('audit.time'), value: (row) => row.time, kind: 'dateTime', weight: 1.2 },
      { id: 'outcome', title: t('audit.outcome'), value: (row) => row.outcome },
      { id: 'who', title: t('audit.who'), value: (row) => row.operator ?? row.clientId, weight: 1.5 },
      {
        ...{ id: 'what', title: t('audit.what'), weight: 2 },
        value: (row) => [row.method, row.message ?? '', row.table ?? ''].filter(Boolean).join(' '),
      },
      { id: 'status', title: t('audit.status'), value: (row) => [row.status, row.code].filter(Boolean).join(' ') },
      { id: 'reason', title: t('audit.reason'), value: (row) => row.reason, weight: 2 },
      { id: 'kind', title: t('audit.kind'), value: (row) => row.kind, isOptional: true },
      { id: 'surface', title: t('audit.surface'), value: (row) => row.surface, isOptional: true },
      { id: 'request', title: t('audit.request'), value: (row) => row.requestId, isOptional: true },
    ],
    [t],
  );
}
