import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { query } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { AuditEntry, AuditPage } from '../audit/audit-entry.ts';
import { useApplicationNames } from './application-names.ts';

/** Denials that are offered to be picked from; the audit log has the rest. */
const mostDenials = 200;

/** What was refused last. Each leads to its explanation. */
export function Denials() {
  const { t } = useLocale();
  const api = useApi();
  const denials = useQuery({
    queryKey: ['audit', 'denied'],
    queryFn: async ({ signal }) => {
      const path = `/portvakt/v1/audit${query({ outcome: 'denied', top: mostDenials })}`;
      const { value } = await api.get<AuditPage>(path, { signal });
      return { rows: value, isPartial: false };
    },
  });
  return (
    <DataList
      name="denials"
      label={t('explain.denials')}
      query={denials}
      columns={useColumns()}
      keyOf={({ run, number }) => `${run} ${number}`}
      hrefOf={({ requestId }) => `/explain?request=${encodeURIComponent(requestId)}`}
      emptyText={t('explain.denials.none')}
    />
  );
}

function useColumns(): readonly Column<AuditEntry>[] {
  const { t, dateTime } = useLocale();
  const nameOf = useApplicationNames();
  return useMemo(
    () => [
      { id: 'time', title: t('explain.when'), value: ({ time }) => time, render: ({ time }) => dateTime(time) },
      { id: 'client', title: t('appUsers.app'), value: (row) => row.operator ?? nameOf(row.clientId), weight: 2 },
      {
        id: 'what',
        title: t('explain.what'),
        value: ({ surface, method, table, message }) =>
          [surface, method, table ?? message].filter((part) => part !== undefined).join(' '),
        weight: 2,
      },
      {
        id: 'answer',
        title: t('explain.outcome'),
        value: ({ status, code }) => [status, code].filter((part) => part !== undefined).join(' '),
      },
      { id: 'reason', title: t('explain.reason'), value: ({ reason }) => reason ?? '', weight: 3 },
    ],
    [t, dateTime, nameOf],
  );
}
