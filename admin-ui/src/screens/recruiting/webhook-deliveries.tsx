import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { deliveryTexts, eventTexts } from './event-texts.ts';
import { type Delivery, listDeliveries, type Webhook, webhooksPath } from './events.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  list: { display: 'flex', flexDirection: 'column', height: '32rem' },
});

/** The delivery log of a webhook. */
export function WebhookDeliveries({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useLocale();
  const styles = useStyles();
  const api = useApi();
  const deliveries = useQuery({
    queryKey: ['events', 'deliveries', webhook.id],
    queryFn: ({ signal }) => listDeliveries(api, signal, webhook.id),
    // What waits is sent meanwhile.
    refetchInterval: ({ state }) => (state.data?.rows.some((row) => row.state === 'pending') === true ? 3000 : false),
  });
  const columns = useColumnsOfDeliveries();
  return (
    <Section title={t('deliveries.title')} text={t('deliveries.text')}>
      <div className={styles.list}>
        <DataList
          name="deliveries"
          label={t('deliveries.title')}
          query={deliveries}
          columns={columns}
          keyOf={({ position }) => String(position)}
        />
      </div>
    </Section>
  );
}

function useColumnsOfDeliveries(): readonly Column<Delivery>[] {
  const { t } = useLocale();
  const mayChange = useMayChange();
  return useMemo(() => {
    const columns: Column<Delivery>[] = [
      {
        ...{ id: 'type', title: t('events.type'), weight: 2 },
        value: ({ type }) => {
          const key = eventTexts[type];
          return key === undefined ? type : t(key);
        },
      },
      { id: 'state', title: t('request.status'), value: ({ state }) => t(deliveryTexts[state]) },
      { id: 'attempts', title: t('deliveries.attempts'), value: (row) => row.attempts, kind: 'number' },
      { id: 'failure', title: t('deliveries.failure'), value: (row) => row.failure, weight: 2 },
      { id: 'changed', title: t('events.time'), value: (row) => row.changedAt, kind: 'dateTime' },
      { id: 'position', title: t('events.position'), value: (row) => row.position, kind: 'number' },
      { id: 'http', title: t('deliveries.http'), value: (row) => row.status, isOptional: true },
    ];
    if (!mayChange) return columns;
    const actions: Column<Delivery> = {
      ...{ id: 'actions', title: t('parts.actions'), value: () => '', weight: 2 },
      render: (delivery) => (delivery.state === 'dead' ? <Revival delivery={delivery} /> : null),
    };
    return [...columns, actions];
  }, [t, mayChange]);
}

/** A delivery that was given up holds back those behind it: sent again, or let go. */
function Revival({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useLocale();
  const styles = useStyles();
  const api = useApi();
  const revive = useChange<'retry' | 'skip'>({
    run: (verb) => api.change('POST', `${webhooksPath}/${delivery.webhookId}/deliveries/${delivery.position}/${verb}`),
    stale: [['events']],
    done: () => t('state.saved'),
  });
  return (
    <div className={styles.bar}>
      <Button size="small" onClick={() => revive.mutate('retry')}>
        {t('deliveries.retry')}
      </Button>
      <Button size="small" onClick={() => revive.mutate('skip')}>
        {t('deliveries.skip')}
      </Button>
    </div>
  );
}
