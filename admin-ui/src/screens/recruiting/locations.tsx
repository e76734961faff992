import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { locationColumns, locationSet, type RecruitingLocation } from './location.ts';

/** Places that requests recruit for. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const locations = useQuery({
    queryKey: ['locations'],
    queryFn: ({ signal }) =>
      api.list<RecruitingLocation>(
        `${locationSet}?$select=${locationColumns}&$orderby=mshr_recruitingrequestlocationid`,
        { signal },
      ),
  });
  const columns = useMemo<readonly Column<RecruitingLocation>[]>(
    () => [
      { id: 'id', title: t('locations.id'), value: (row) => row.mshr_recruitingrequestlocationid },
      { id: 'description', title: t('request.description'), value: (row) => row.mshr_description, weight: 2 },
      { id: 'company', title: t('request.company'), value: (row) => row.mshr_dataareaid },
      { id: 'email', title: t('locations.email'), value: (row) => row.mshr_email },
      { id: 'phone', title: t('locations.phone'), value: (row) => row.mshr_telephone, isOptional: true },
    ],
    [t],
  );
  return (
    <Page
      title={t('locations.title')}
      commands={[
        {
          ...{ label: t('locations.new'), icon: <AddRegular />, isPrimary: true, changes: true },
          href: '/recruiting/locations/new',
        },
      ]}
    >
      <DataList
        name="locations"
        label={t('locations.title')}
        query={locations}
        columns={columns}
        keyOf={(row) => row.mshr_hcmrecruitingrequestlocationentityid}
        hrefOf={(row) => `/recruiting/locations/${row.mshr_hcmrecruitingrequestlocationentityid}`}
      />
    </Page>
  );
}
