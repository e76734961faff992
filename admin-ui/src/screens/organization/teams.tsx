import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { formatted, webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Team, teamColumns } from './team.ts';

/** The teams of the environment. */
export function Screen() {
  const { t } = useLocale();
  const api = useApi();
  const teams = useQuery({
    queryKey: ['teams'],
    queryFn: ({ signal }) =>
      api.list<Team>(`${webApi}/teams?$select=${teamColumns}&$orderby=name`, { signal, headers: formatted }),
  });
  const columns = useMemo<readonly Column<Team>[]>(
    () => [
      { id: 'name', title: t('teams.name'), value: (row) => row.name },
      {
        id: 'unit',
        title: t('appUsers.unit'),
        value: (row) => row['_businessunitid_value@OData.Community.Display.V1.FormattedValue'],
      },
      {
        id: 'type',
        title: t('teams.type'),
        value: ({ teamtype }) => (teamtype === 1 ? t('teams.type.access') : t('teams.type.owner')),
      },
      { id: 'default', title: t('teams.default'), value: (row) => row.isdefault },
    ],
    [t],
  );
  return (
    <Page
      title={t('teams.title')}
      commands={[{ label: t('teams.new'), icon: <AddRegular />, href: '/teams/new', isPrimary: true, changes: true }]}
    >
      <DataList
        name="teams"
        label={t('teams.title')}
        query={teams}
        columns={columns}
        keyOf={({ teamid }) => teamid}
        hrefOf={({ teamid }) => `/teams/${teamid}`}
      />
    </Page>
  );
}
