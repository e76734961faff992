import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { literal, webApi } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Label, labelIn } from './label.ts';

interface ColumnDefinition {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly DisplayName: Label;
  readonly RequiredLevel: { readonly Value: string };
  readonly IsValidForCreate: boolean;
  readonly IsValidForUpdate: boolean;
}

interface TableDefinition {
  readonly LogicalName: string;
  readonly EntitySetName: string | null;
  readonly PrimaryIdAttribute: string | null;
  readonly PrimaryNameAttribute: string | null;
  readonly DisplayName: Label;
  readonly Attributes: readonly ColumnDefinition[];
}

const options =
  '?$select=LogicalName,EntitySetName,DisplayName,PrimaryIdAttribute,PrimaryNameAttribute' +
  '&$expand=Attributes($select=LogicalName,AttributeType,DisplayName,RequiredLevel,IsValidForCreate,IsValidForUpdate)';

/** One table and its columns. */
export function Screen() {
  const { tableName } = useParams<{ tableName: string }>();
  const { t, language } = useLocale();
  const api = useApi();
  const table = useQuery({
    queryKey: ['tables', tableName],
    queryFn: ({ signal }) =>
      api.get<TableDefinition>(
        `${webApi}/EntityDefinitions(LogicalName=${encodeURIComponent(literal(tableName))})${options}`,
        { signal },
      ),
  });
  const columns = useColumnsOfTable();
  if (table.isPending) return <Loading />;
  if (table.data === undefined) return <ErrorState error={table.error} onRetry={() => void table.refetch()} />;
  const { LogicalName, EntitySetName, PrimaryIdAttribute, PrimaryNameAttribute, DisplayName, Attributes } = table.data;
  return (
    <Page title={labelIn(DisplayName, language) || LogicalName} back={{ href: '/tables', label: t('tables.title') }}>
      <Facts
        facts={[
          { term: t('tables.logicalName'), value: LogicalName, copy: LogicalName },
          { term: t('tables.entitySet'), value: EntitySetName ?? '–' },
          { term: t('tables.key'), value: PrimaryIdAttribute ?? '–' },
          { term: t('tables.primaryName'), value: PrimaryNameAttribute ?? '–' },
        ]}
      />
      <DataList
        name={`columns-${LogicalName}`}
        label={t('tables.columns')}
        query={{ ...table, data: { rows: Attributes, isPartial: false } }}
        columns={columns}
        keyOf={(row) => row.LogicalName}
      />
    </Page>
  );
}

function useColumnsOfTable(): readonly Column<ColumnDefinition>[] {
  const { t, language } = useLocale();
  return useMemo(
    () => [
      { id: 'name', title: t('tables.logicalName'), value: (row) => row.LogicalName, weight: 2 },
      { id: 'label', title: t('tables.label'), value: (row) => labelIn(row.DisplayName, language), weight: 2 },
      { id: 'type', title: t('tables.type'), value: (row) => row.AttributeType },
      {
        id: 'required',
        title: t('tables.required'),
        value: ({ RequiredLevel: { Value } }) => Value === 'ApplicationRequired' || Value === 'SystemRequired',
      },
      { id: 'create', title: t('tables.create'), value: (row) => row.IsValidForCreate },
      { id: 'update', title: t('tables.update'), value: (row) => row.IsValidForUpdate },
    ],
    [t, language],
  );
}
