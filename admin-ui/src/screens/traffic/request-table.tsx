import { Link } from 'wouter';
import type { TrafficRequest } from '../../../../src/admin/contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';

/** The newest requests; the time leads to the explanation. */
export function RequestTable({ requests }: { readonly requests: readonly TrafficRequest[] }) {
  const { t, number, time: timeOf } = useLocale();
  return (
    <PlainTable
      label={t('traffic.requests')}
      emptyText={t('traffic.none')}
      titles={[
        t('audit.time'),
        t('audit.who'),
        t('audit.what'),
        t('audit.status'),
        t('traffic.gate'),
        t('traffic.took'),
      ]}
      rows={requests.map((request, at) => {
        const { time, requestId, operator, clientId, method, table, surface, status, code, gate, condition } = request;
        const when = timeOf(time);
        const refusedBy = [gate === undefined ? '' : String(gate), condition ?? ''].filter(Boolean).join(' · ');
        return {
          key: `${requestId ?? ''} ${time} ${requests.length - at}`,
          cells: [
            requestId === undefined ? (
              when
            ) : (
              <Link key="time" href={`/explain?request=${encodeURIComponent(requestId)}`}>
                {when}
              </Link>
            ),
            operator ?? clientId ?? '–',
            [method, table ?? surface].join(' '),
            [status, code].filter(Boolean).join(' '),
            refusedBy === '' ? '–' : refusedBy,
            number(Math.round(request.ms * 10) / 10),
          ],
        };
      })}
    />
  );
}
