import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { dayOf } from '../../components/day.ts';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { requestStatusChoice, useChoiceLabels } from './choice-labels.ts';
import { type RecruitingRequest, requestColumns, requestSet } from './request.ts';

/** The recruiting requests of the environment, newest first. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const statusOf = useChoiceLabels(requestStatusChoice);
  const requests = useQuery({
    queryKey: ['requests'],
    queryFn: ({ signal }) =>
      api.list<RecruitingRequest>(`${requestSet}?$select=${requestColumns}&$orderby=mshr_recruitingrequestid desc`, {
        signal,
      }),
  });
  const columns = useMemo<readonly Column<RecruitingRequest>[]>(
    () => [
      { id: 'id', title: t('request.id'), value: (row) => row.mshr_recruitingrequestid },
      { id: 'description', title: t('request.description'), value: (row) => row.mshr_description, weight: 2 },
      { id: 'status', title: t('request.status'), value: (row) => statusOf(row.mshr_status) },
      { id: 'job', title: t('request.job'), value: (row) => row.mshr_jobid, weight: 2 },
      { id: 'company', title: t('request.company'), value: (row) => row.mshr_dataareaid },
      {
        ...{ id: 'start', title: t('request.start'), kind: 'date' },
        value: (row) => dayOf(row.mshr_estimatedstartdate),
      },
      {
        ...{ id: 'manager', title: t('request.manager'), isOptional: true },
        value: (row) => row.mshr_hiringmanagerpersonnelnumber,
      },
      {
        ...{ id: 'location', title: t('request.location'), isOptional: true },
        value: (row) => row.mshr_recruitingrequestlocationid,
      },
    ],
    [t, statusOf],
  );
  return (
    <Page
      title={t('requests.title')}
      text={t('requests.text')}
      commands={[
        {
          ...{ label: t('requests.new'), icon: <AddRegular />, isPrimary: true, changes: true },
          href: '/recruiting/requests/new',
        },
      ]}
    >
      <DataList
        name="requests"
        label={t('requests.title')}
        query={requests}
        columns={columns}
        keyOf={(row) => row.mshr_hcmrecruitingrequestentityid}
        hrefOf={(row) => `/recruiting/requests/${row.mshr_hcmrecruitingrequestentityid}`}
      />
    </Page>
  );
}
