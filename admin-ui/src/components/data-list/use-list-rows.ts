import { useDeferredValue, useMemo, useState } from 'react';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { Locale } from '../../i18n/translate.ts';
import { type Column, cellText, compareCells, searchable } from './column.ts';

export interface Sort {
  readonly id: string;
  readonly factor: 1 | -1;
}

/**
 * Search and order of a list's rows. Field and titles show what was typed and clicked at once; the rows follow when they are
 * found and sorted, which must not hold up the next key.
 */
export function useListRows<T>(rows: readonly T[], columns: readonly Column<T>[]) {
  const locale = useLocale();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>();
  const words = useDeferredValue(search);
  const order = useDeferredValue(sort);
  const matching = useMemo(() => matcherOf(columns, locale), [columns, locale]);
  const found = useMemo(() => matching(rows, words), [matching, rows, words]);
  const shown = useMemo(() => {
    const column = columns.find(({ id }) => id === order?.id);
    if (column === undefined || order === undefined) return found;
    return [...found].sort((a, b) => compareCells(column.value(a), column.value(b), locale.compare, order.factor));
  }, [found, columns, order, locale]);
  /** Up, down, as it came. */
  const turn = (id: string): void =>
    setSort((was) => (was?.id !== id ? { id, factor: 1 } : was.factor === 1 ? { id, factor: -1 } : undefined));
  return { shown, matching, search, setSearch, sort, turn };
}

/** Finds the rows that have every word in one of their columns, as the columns show it. */
function matcherOf<T>(columns: readonly Column<T>[], locale: Locale) {
  // Texts of rows are made when something is first looked for, and kept as long as the row is.
  const texts = new WeakMap<object, string>();
  const textOf = (row: T & object): string => {
    const known = texts.get(row);
    if (known !== undefined) return known;
    const text = searchable(columns.map((column) => cellText(column, row, locale)).join('\n'));
    texts.set(row, text);
    return text;
  };
  return (rows: readonly T[], search: string): readonly T[] => {
    const words = searchable(search).split(/\s+/).filter(Boolean);
    if (words.length === 0) return rows;
    return rows.filter((row) => words.every((word) => textOf(row as T & object).includes(word)));
  };
}
