import { mergeClasses } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Column } from './column.ts';
import type { Selection } from './data-list.tsx';
import { GridHeader } from './grid-header.tsx';
import { GridRow } from './grid-row.tsx';
import { useGridStyles } from './grid-styles.ts';
import type { Sort } from './use-list-rows.ts';

interface GridProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly sort: Sort | undefined;
  readonly onSort: (id: string) => void;
  readonly keyOf: (row: T) => string;
  readonly hrefOf?: (row: T) => string;
  readonly selection?: Selection;
}

/** Rows that are in sight are the only ones that exist. The grid is one stop of the Tab key; arrows move inside. */
export function Grid<T>({ label, columns, rows, sort, onSort, keyOf, hrefOf, selection }: GridProps<T>) {
  const { t } = useLocale();
  const styles = useGridStyles();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 40,
    overscan: 8,
  });
  const { active, onKeyDown } = useRowKeys(rows, { keyOf, hrefOf, selection }, (at) => virtual.scrollToIndex(at));
  const toggle = (key: string): void => selection?.onChange(toggled(selection.keys, key));
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-description={t('list.keys')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + (selection === undefined ? 0 : 1)}
      aria-multiselectable={selection !== undefined}
      aria-activedescendant={active === undefined ? undefined : `${id}-${active}`}
      tabIndex={0}
      className={styles.grid}
      onKeyDown={onKeyDown}
    >
      <GridHeader columns={columns} sort={sort} onSort={onSort} hasTicks={selection !== undefined} />
      <div role="rowgroup" className={styles.rows} style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = keyOf(row);
          const isChosen = selection?.keys.has(key) ?? false;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              id={`${id}-${index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              {...(selection === undefined ? {} : { 'aria-selected': isChosen })}
              className={mergeClasses(styles.row, isChosen && styles.chosen, index === active && styles.active)}
              style={{ transform: `translateY(${start}px)` }}
            >
              <GridRow
                columns={columns}
                row={row}
                href={hrefOf?.(row)}
                {...(selection === undefined ? {} : { tick: { isChosen, onToggle: () => toggle(key) } })}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface RowWays<T> {
  readonly keyOf: (row: T) => string;
  readonly hrefOf: ((row: T) => string) | undefined;
  readonly selection: Selection | undefined;
}

/** Keys that move: by how many rows. */
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function useRowKeys<T>(rows: readonly T[], { keyOf, hrefOf, selection }: RowWays<T>, show: (at: number) => void) {
  const [chosen, setActive] = useState<number>();
  const [, navigate] = useLocation();
  const active = chosen === undefined || chosen >= rows.length ? undefined : chosen;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const step = steps[event.key];
    const row = active === undefined ? undefined : rows[active];
    if (step !== undefined) {
      const next = Math.min(rows.length - 1, Math.max(0, (active ?? (step > 0 ? -1 : 0)) + step));
      setActive(next);
      show(next);
    } else if (event.key === 'Enter' && row !== undefined && hrefOf !== undefined) navigate(hrefOf(row));
    else if (event.key === ' ' && row !== undefined && selection !== undefined) {
      selection.onChange(toggled(selection.keys, keyOf(row)));
    } else return;
    event.preventDefault();
  };
  return { active, onKeyDown };
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
