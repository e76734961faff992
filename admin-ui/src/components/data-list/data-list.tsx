import { MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Rows } from '../../api/api-client.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { ErrorState } from '../error-state.tsx';
import { Loading } from '../loading.tsx';
import { narrow } from '../narrow.ts';
import { StatePanel } from '../state-panel.tsx';
import type { Column } from './column.ts';
import { Grid } from './grid.tsx';
import { ListBar } from './list-bar.tsx';
import { useColumns } from './use-columns.ts';
import { useExport } from './use-export.ts';
import { useListRows } from './use-list-rows.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    flexGrow: 1,
    minHeight: '16rem',
    [`@media ${narrow}`]: { minHeight: 'auto' },
  },
});

/** As `useQuery` of a list gives it. */
export interface ListQuery<T> {
  readonly data: Rows<T> | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
}

export interface DataListProps<T> {
  /** Names what is kept on this machine, and the exported file. */
  readonly name: string;
  /** For screen readers: what the list is of. */
  readonly label: string;
  readonly query: ListQuery<T>;
  /** The first one leads to the row. Make them with `useMemo`. */
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  /** Address of a row within the app. */
  readonly hrefOf?: (row: T) => string;
  readonly selection?: Selection;
  /** What to do where there is nothing yet. */
  readonly empty?: ReactNode;
  readonly emptyText?: string;
}

/** A list of any length: search, sort, columns, export; says when it is empty, broken or not allowed. */
export function DataList<T>(props: DataListProps<T>) {
  const { query } = props;
  const { t } = useLocale();
  if (query.isPending) return <Loading />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.rows.length === 0) {
    return <StatePanel title={props.emptyText ?? t('state.nothingHere')}>{props.empty}</StatePanel>;
  }
  return <FilledList {...props} loaded={query.data} />;
}

function FilledList<T>({
  name,
  label,
  columns: all,
  loaded,
  ...rest
}: DataListProps<T> & { readonly loaded: Rows<T> }) {
  const locale = useLocale();
  const { t } = locale;
  const styles = useStyles();
  const { columns, picked, toggle } = useColumns(name, all);
  const { shown, matching, search, setSearch, sort, turn } = useListRows(loaded.rows, columns);
  const exporting = useExport(name, columns, async () =>
    loaded.rest === undefined ? shown : [...shown, ...matching(await loaded.rest(), search)],
  );
  const total = loaded.rows.length;
  return (
    <div className={styles.root}>
      <ListBar
        search={search}
        onSearch={setSearch}
        columns={all}
        picked={picked}
        onToggle={toggle}
        onExport={() => exporting.mutate()}
      />
      {loaded.isPartial ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('list.more', { n: total })}</MessageBarBody>
        </MessageBar>
      ) : null}
      {shown.length === 0 ? (
        <StatePanel title={t('state.nothingFound')} />
      ) : (
        <Grid
          label={label}
          columns={columns}
          rows={shown}
          sort={sort}
          onSort={turn}
          keyOf={rest.keyOf}
          {...(rest.hrefOf === undefined ? {} : { hrefOf: rest.hrefOf })}
          {...(rest.selection === undefined ? {} : { selection: rest.selection })}
        />
      )}
      <Text size={200} role="status">
        {shown.length === total ? t('list.count', { n: total }) : t('list.countOf', { shown: shown.length, n: total })}
        {rest.selection === undefined ? '' : ` · ${t('list.selected', { n: rest.selection.keys.size })}`}
      </Text>
    </div>
  );
}
