import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayAdminister } from '../../session/use-session.ts';
import { listWebhooks, type Webhook } from './events.ts';

/** Who is told of events. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const mayAdminister = useMayAdminister();
  const webhooks = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => listWebhooks(api, signal) });
  const columns = useMemo<readonly Column<Webhook>[]>(
    () => [
      { id: 'name', title: t('webhooks.name'), value: (row) => row.name },
      { id: 'url', title: t('webhooks.url'), value: (row) => row.url, weight: 2 },
      {
        ...{ id: 'types', title: t('webhooks.types'), weight: 2 },
        value: ({ types }) => (types.length === 0 ? t('webhooks.all') : types.join(', ')),
      },
      { id: 'enabled', title: t('webhooks.enabled'), value: (row) => row.isEnabled },
      { id: 'created', title: t('webhooks.created'), value: (row) => row.createdAt, kind: 'dateTime' },
    ],
    [t],
  );
  const add = {
    ...{ label: t('webhooks.new'), icon: <AddRegular />, isPrimary: true, changes: true },
    href: '/recruiting/webhooks/new',
  };
  return (
    <Page
      title={t('webhooks.title')}
      text={mayAdminister ? t('webhooks.text') : t('webhooks.recruiting')}
      commands={mayAdminister ? [add] : []}
    >
      <DataList
        name="webhooks"
        label={t('webhooks.title')}
        query={webhooks}
        columns={columns}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/recruiting/webhooks/${id}`}
      />
    </Page>
  );
}
