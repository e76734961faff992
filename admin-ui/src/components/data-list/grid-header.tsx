import { mergeClasses } from '@fluentui/react-components';
import { ArrowSortDownRegular } from '@fluentui/react-icons/svg/arrow-sort-down';
import { ArrowSortUpRegular } from '@fluentui/react-icons/svg/arrow-sort-up';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Column, widthOf } from './column.ts';
import { useGridStyles } from './grid-styles.ts';
import type { Sort } from './use-list-rows.ts';

interface GridHeaderProps<T> {
  readonly columns: readonly Column<T>[];
  readonly sort: Sort | undefined;
  readonly onSort: (id: string) => void;
  readonly hasTicks: boolean;
}

/** Titles; each is a button that turns the order. */
export function GridHeader<T>({ columns, sort, onSort, hasTicks }: GridHeaderProps<T>) {
  const { t } = useLocale();
  const styles = useGridStyles();
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={styles.header} tabIndex={-1}>
        {hasTicks ? (
          <div role="columnheader" aria-label={t('list.select')} className={styles.tick} tabIndex={-1} />
        ) : null}
        {columns.map((column) => {
          const { id, title, kind } = column;
          const factor = sort?.id === id ? sort.factor : undefined;
          return (
            <div
              key={id}
              role="columnheader"
              tabIndex={-1}
              aria-sort={factor === undefined ? 'none' : factor === 1 ? 'ascending' : 'descending'}
              className={mergeClasses(styles.cell, styles.heading, kind === 'number' && styles.number)}
              style={widthOf(column)}
            >
              <button type="button" className={styles.sort} onClick={() => onSort(id)}>
                {title}
                {factor === 1 ? <ArrowSortUpRegular /> : factor === -1 ? <ArrowSortDownRegular /> : null}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
