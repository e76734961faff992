import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Label, labelIn } from './label.ts';

interface TableDefinition {
  readonly LogicalName: string;
  readonly EntitySetName: string | null;
  readonly OwnershipType: string;
  readonly IsCustomEntity: boolean;
  readonly DisplayName: Label;
}

/** The tables of the environment. */
export function Screen() {
  const { t, language } = useLocale();
  const api = useApi();
  const tables = useQuery({
    queryKey: ['tables'],
    queryFn: ({ signal }) =>
      api.list<TableDefinition>(
        `${webApi}/EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName,OwnershipType,IsCustomEntity`,
        { signal },
      ),
  });
  const columns = useMemo<readonly Column<TableDefinition>[]>(
    () => [
      {
        id: 'label',
        title: t('tables.label'),
        value: (row) => labelIn(row.DisplayName, language) || row.LogicalName,
        weight: 2,
      },
      { id: 'name', title: t('tables.logicalName'), value: (row) => row.LogicalName, weight: 2 },
      { id: 'set', title: t('tables.entitySet'), value: (row) => row.EntitySetName, weight: 2 },
      {
        id: 'owner',
        title: t('tables.ownership'),
        value: ({ OwnershipType }) =>
          OwnershipType === 'OrganizationOwned' ? t('tables.ownership.organization') : t('tables.ownership.user'),
        isOptional: true,
      },
      { id: 'custom', title: t('tables.custom'), value: (row) => row.IsCustomEntity },
    ],
    [t, language],
  );
  return (
    <Page title={t('tables.title')}>
      <DataList
        name="tables"
        label={t('tables.title')}
        query={tables}
        columns={columns}
        keyOf={({ LogicalName }) => LogicalName}
        hrefOf={({ LogicalName }) => `/tables/${LogicalName}`}
      />
    </Page>
  );
}
