import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Label, labelIn } from '../tables/label.ts';

interface BrowsedTable {
  readonly LogicalName: string;
  readonly EntitySetName: string;
  readonly DisplayName: Label;
  readonly IsCustomEntity: boolean;
  readonly TableType: string;
}

const options = '?$select=LogicalName,EntitySetName,DisplayName,IsCustomEntity,TableType,IsIntersect';

/** The tables whose rows can be looked at. */
export function Screen() {
  const { t, language } = useLocale();
  const api = useApi();
  const tables = useQuery({
    queryKey: ['tables', 'browsed'],
    queryFn: ({ signal }) =>
      // Tables of links have no address of their own.
      api.list<BrowsedTable>(`${webApi}/EntityDefinitions${options}&$filter=IsIntersect eq false`, { signal }),
  });
  const columns = useMemo<readonly Column<BrowsedTable>[]>(
    () => [
      {
        ...{ id: 'label', title: t('tables.label'), weight: 2 },
        value: (row) => labelIn(row.DisplayName, language) || row.LogicalName,
      },
      { id: 'name', title: t('tables.logicalName'), value: (row) => row.LogicalName, weight: 2 },
      { id: 'set', title: t('tables.entitySet'), value: (row) => row.EntitySetName, weight: 2 },
      { id: 'virtual', title: t('data.virtual'), value: (row) => row.TableType === 'Virtual' },
      { id: 'custom', title: t('tables.custom'), value: (row) => row.IsCustomEntity },
    ],
    [t, language],
  );
  return (
    <Page title={t('data.title')} text={t('data.text')}>
      <DataList
        name="browsed-tables"
        label={t('data.title')}
        query={tables}
        columns={columns}
        keyOf={({ LogicalName }) => LogicalName}
        hrefOf={({ LogicalName }) => `/browse/${LogicalName}`}
      />
    </Page>
  );
}
