import { useMemo, useState } from 'react';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Column, cellText, compareCells, searchable } from './column.ts';

export interface Sort {
  readonly id: string;
  readonly factor: 1 | -1;
}

/** Search and order of a list's rows. */
export function useListRows<T>(rows: readonly T[], columns: readonly Column<T>[]) {
  const locale = useLocale();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>();
  const texts = useMemo(
    () => rows.map((row) => searchable(columns.map((column) => cellText(column, row, locale)).join('\n'))),
    [rows, columns, locale],
  );
  const found = useMemo(() => {
    const words = searchable(search).split(/\s+/).filter(Boolean);
    return words.length === 0 ? rows : rows.filter((_, at) => words.every((word) => texts[at]?.includes(word)));
  }, [rows, texts, search]);
  const shown = useMemo(() => {
    const column = columns.find(({ id }) => id === sort?.id);
    if (column === undefined || sort === undefined) return found;
    return [...found].sort((a, b) => compareCells(column.value(a), column.value(b), locale.compare, sort.factor));
  }, [found, columns, sort, locale]);
  /** Up, down, as it came. */
  const turn = (id: string): void =>
    setSort((was) => (was?.id !== id ? { id, factor: 1 } : was.factor === 1 ? { id, factor: -1 } : undefined));
  return { shown, search, setSearch, sort, turn };
}
