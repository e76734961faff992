import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { formatted } from '../../api/odata.ts';
import type { Column } from '../../components/data-list/column.ts';
import { Grid } from '../../components/data-list/grid.tsx';
import { useExport } from '../../components/data-list/use-export.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { narrow } from '../../components/narrow.ts';
import { Page } from '../../components/page.tsx';
import { StatePanel } from '../../components/state-panel.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { cellValueOf, kindOf, type WireRow } from '../../model/shown-value.ts';
import type { TableModel } from '../../model/table-model.ts';
import { tableModelQuery } from '../../model/table-model-query.ts';
import { labelIn } from '../tables/label.ts';
import { ColumnPanel } from './column-panel.tsx';
import { FilterBuilder } from './filter-builder.tsx';
import { RequestLines } from './request-lines.tsx';
import { useRows } from './use-rows.ts';
import { useView, type View, viewPath } from './view.ts';

const useStyles = makeStyles({
  grid: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    minHeight: '20rem',
    [`@media ${narrow}`]: { minHeight: 'auto' },
  },
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

/** Rows of a file come in large pages, with the words that the list shows. */
const exported = { Prefer: `odata.maxpagesize=5000,${formatted.Prefer}` };

/** Rows of one table: filtered, sorted and paged by the server. */
export function Screen() {
  const { tableName } = useParams<{ tableName: string }>();
  const model = useQuery(tableModelQuery(useApi(), tableName));
  if (model.isPending) return <Loading />;
  if (model.data === undefined) return <ErrorState error={model.error} onRetry={() => void model.refetch()} />;
  return <Loaded key={tableName} model={model.data} />;
}

function Loaded({ model }: { readonly model: TableModel }) {
  const { t, language } = useLocale();
  const [view, change] = useView(model);
  const [isPicking, setPicking] = useState(false);
  const columns = useShownColumns(model, view);
  const api = useApi();
  const exporting = useExport(model.entitySet, columns, () =>
    api.all<WireRow>(viewPath(model, view), { headers: exported }),
  );
  return (
    <Page
      title={labelIn(model.label, language) || model.logicalName}
      text={model.logicalName}
      back={{ href: '/browse', label: t('data.title') }}
      commands={[
        ...(model.may.create
          ? [
              {
                ...{ label: t('data.new'), icon: <AddRegular />, isPrimary: true, changes: true },
                href: `/browse/${model.logicalName}/new`,
              },
            ]
          : []),
        { label: t('list.columns'), onClick: () => setPicking(true) },
        { label: t('list.export'), isDisabled: exporting.isPending, onClick: () => exporting.mutate() },
      ]}
    >
      <FilterBuilder model={model} view={view} onApply={change} />
      <RequestLines model={model} view={view} />
      <RowsOfView model={model} view={view} columns={columns} onChange={change} />
      {isPicking ? (
        <ColumnPanel
          model={model}
          picked={view.columns}
          onPick={(picked) => change({ columns: picked })}
          onClose={() => setPicking(false)}
        />
      ) : null}
    </Page>
  );
}

interface RowsOfViewProps {
  readonly model: TableModel;
  readonly view: View;
  readonly columns: readonly Column<WireRow>[];
  readonly onChange: (change: Partial<View>) => void;
}

function RowsOfView({ model, view, columns, onChange }: RowsOfViewProps) {
  const { t, number } = useLocale();
  const styles = useStyles();
  const { page, rows, count, from, toNext, toPrevious } = useRows(model, view);
  if (page.isPending) return <Loading />;
  if (page.isError) return <ErrorState error={page.error} onRetry={() => void page.refetch()} />;
  if (rows.length === 0) {
    return <StatePanel title={view.conditions.length > 0 ? t('state.nothingFound') : t('state.nothingHere')} />;
  }
  /** Up, down, as the server has them. */
  const turn = (id: string): void => {
    const was = view.sort;
    const next =
      was?.id !== id ? { id, factor: 1 as const } : was.factor === 1 ? { id, factor: -1 as const } : undefined;
    onChange({ sort: next });
  };
  const range = `${number(from)}–${number(from + rows.length - 1)}`;
  return (
    <>
      <div className={styles.grid}>
        <Grid
          label={model.logicalName}
          columns={columns}
          rows={rows}
          sort={view.sort}
          onSort={turn}
          keyOf={(row) => String(row[model.idColumn])}
          hrefOf={(row) => `/browse/${model.logicalName}/${String(row[model.idColumn])}`}
        />
      </div>
      <div className={styles.bar}>
        <Text size={200} role="status">
          {count === undefined ? range : t('data.range', { range, n: count })}
        </Text>
        <Button disabled={toPrevious === undefined} onClick={toPrevious}>
          {t('data.previous')}
        </Button>
        <Button disabled={toNext === undefined} onClick={toNext}>
          {t('data.next')}
        </Button>
      </div>
    </>
  );
}

function useShownColumns(model: TableModel, { columns }: View): readonly Column<WireRow>[] {
  const locale = useLocale();
  const key = columns.join();
  return useMemo(
    () =>
      key.split(',').flatMap((name): Column<WireRow>[] => {
        const column = model.columns.find((each) => each.name === name);
        if (column === undefined) return [];
        return [
          {
            ...{ id: name, title: labelIn(column.label, locale.language) || name, kind: kindOf(column) },
            value: (row) => cellValueOf(column, row, locale),
          },
        ];
      }),
    [model, key, locale],
  );
}
