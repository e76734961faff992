import { useQuery } from '@tanstack/react-query';
import type { ApiClient } from '../../api/api-client.ts';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { resultChoice, useChoiceLabels } from './choice-labels.ts';
import { deliveryTexts, eventTexts } from './event-texts.ts';
import { type BusinessEvent, type Delivery, listDeliveries, listEvents, listWebhooks } from './events.ts';
import type { RecruitingRequest } from './request.ts';

interface Status {
  /** Candidates by result. */
  readonly candidates: ReadonlyMap<number, number>;
  readonly events: readonly BusinessEvent[];
  readonly deliveries: readonly (Delivery & { readonly webhook: string })[];
}

/** How the request stands with the ATS: what it was told of it, and whom it has sent. */
export function RequestIntegration({ request }: { readonly request: RecruitingRequest }) {
  const { t } = useLocale();
  const api = useApi();
  const id = request.mshr_hcmrecruitingrequestentityid;
  const status = useQuery({
    queryKey: ['events', 'request', id],
    queryFn: ({ signal }) => readStatus(api, signal, id),
  });
  return (
    <Section title={t('integration.title')}>
      {status.isPending ? (
        <Loading />
      ) : status.isError ? (
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Loaded status={status.data} />
      )}
    </Section>
  );
}

async function readStatus(api: ApiClient, signal: AbortSignal, id: string): Promise<Status> {
  const filter = `$filter=_mshr_fk_recruitingrequest_id_value eq ${id}`;
  const [candidates, events, webhooks] = await Promise.all([
    api.list<{ readonly mshr_applicantintegrationresult: number }>(
      `${webApi}/mshr_hcmcandidatetohireentities?$select=mshr_applicantintegrationresult&${filter}`,
      { signal },
    ),
    listEvents(api, signal, id),
    listWebhooks(api, signal),
  ]);
  const deliveries = await Promise.all(
    webhooks.rows.map(async (webhook) => {
      const { rows } = await listDeliveries(api, signal, webhook.id, id);
      return rows.map((row) => ({ ...row, webhook: webhook.name }));
    }),
  );
  const byResult = new Map<number, number>();
  for (const { mshr_applicantintegrationresult: result } of candidates.rows) {
    byResult.set(result, (byResult.get(result) ?? 0) + 1);
  }
  return { candidates: byResult, events: events.rows, deliveries: deliveries.flat() };
}

function Loaded({ status: { candidates, events, deliveries } }: { readonly status: Status }) {
  const { t, dateTime, number } = useLocale();
  const resultOf = useChoiceLabels(resultChoice);
  const results = [...candidates].map(([result, count]) => `${resultOf(result)}: ${number(count)}`);
  const told = (position: number): string =>
    deliveries
      .filter((delivery) => delivery.position === position)
      .map(({ webhook, state, failure }) => `${webhook}: ${t(deliveryTexts[state])}${failure ? ` (${failure})` : ''}`)
      .join(', ');
  return (
    <>
      <Facts facts={[{ term: t('integration.candidates'), value: results.join(', ') || number(0) }]} />
      <PlainTable
        label={t('events.title')}
        emptyText={t('integration.none')}
        titles={[t('events.time'), t('events.type'), t('integration.told')]}
        rows={events.map(({ position, type, time }) => {
          const key = eventTexts[type];
          return {
            key: String(position),
            cells: [dateTime(time), key === undefined ? type : t(key), told(position) || t('integration.nobody')],
          };
        })}
      />
    </>
  );
}
