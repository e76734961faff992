import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { eventTexts } from './event-texts.ts';
import { type BusinessEvent, listEvents } from './events.ts';

/** What happened, newest first: ids and states, nothing of a person. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const events = useQuery({ queryKey: ['events', 'all'], queryFn: ({ signal }) => listEvents(api, signal) });
  const columns = useMemo<readonly Column<BusinessEvent>[]>(
    () => [
      {
        ...{ id: 'subject', title: t('events.subject') },
        value: ({ data, subject }) => data['recruitingRequestId'] ?? data['candidateId'] ?? subject,
      },
      {
        ...{ id: 'type', title: t('events.type'), weight: 2 },
        value: ({ type }) => {
          const key = eventTexts[type];
          return key === undefined ? type : t(key);
        },
      },
      { id: 'time', title: t('events.time'), value: (row) => row.time, kind: 'dateTime' },
      { id: 'company', title: t('request.company'), value: ({ data }) => data['dataAreaId'] },
      { id: 'position', title: t('events.position'), value: (row) => row.position, kind: 'number' },
      { id: 'name', title: t('events.name'), value: (row) => row.type, isOptional: true },
      { id: 'id', title: t('events.id'), value: (row) => row.id, isOptional: true },
    ],
    [t],
  );
  return (
    <Page title={t('events.title')} text={t('events.text')}>
      <DataList
        name="events"
        label={t('events.title')}
        query={events}
        columns={columns}
        keyOf={({ id }) => id}
        hrefOf={({ data, subject }) =>
          data['candidateToHireEntityId'] === undefined
            ? `/recruiting/requests/${subject}`
            : `/recruiting/candidates/${data['candidateToHireEntityId']}`
        }
      />
    </Page>
  );
}
