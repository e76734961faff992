import type { CSSProperties, ReactNode } from 'react';
import type { Locale } from '../../i18n/translate.ts';
import { longestWord } from '../longest-word.ts';

export type CellValue = string | number | boolean | null | undefined;

/** One column of a list. */
export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** What is searched, sorted and exported. */
  readonly value: (row: T) => CellValue;
  /** How `value` is shown; texts as they are unless told. */
  readonly kind?: 'text' | 'number' | 'date' | 'dateTime' | 'boolean';
  /** Shown instead of the text of `value`. */
  readonly render?: (row: T) => ReactNode;
  /** Share of the width; 1 unless told. */
  readonly weight?: number;
  /** Not shown until it is picked. */
  readonly isOptional?: boolean;
}

/**
 * How much of a row's width a column has, for its title and its cells alike: its share, and so much at least that no word
 * of its title is broken. A letter of a title is a little wider than a digit.
 */
export function widthOf<T>({ title, weight = 1 }: Column<T>): CSSProperties {
  return {
    flexGrow: weight,
    '--title-width': `calc(${Math.ceil(1.1 * longestWord(title))}ch + 1.5rem)`,
  } as CSSProperties;
}

/** The text of a cell, as it is shown and exported. */
export function cellText<T>(column: Column<T>, row: T, { t, number, date, dateTime }: Locale): string {
  const value = column.value(row);
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'boolean') return value ? t('state.yes') : t('state.no');
  if (typeof value === 'number') return column.kind === 'number' ? number(value) : String(value);
  if (column.kind === 'date') return date(value);
  if (column.kind !== 'dateTime') return value;
  // Midnight in no time zone is a day.
  return value.endsWith('T00:00:00') ? date(value) : dateTime(value);
}

/** Absent values come last, whatever the direction. */
export function compareCells(a: CellValue, b: CellValue, compare: Locale['compare'], factor: 1 | -1): number {
  const isEmpty = (value: CellValue): boolean => value === undefined || value === null || value === '';
  if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b));
  if (typeof a === 'number' && typeof b === 'number') return factor * (a - b);
  return factor * compare(String(a), String(b));
}

/** For searching: without case, and with å and aa, ø and o, æ and ae alike. */
export const searchable = (text: string): string =>
  text.toLowerCase().replaceAll('å', 'a').replaceAll('aa', 'a').replaceAll('ø', 'o').replaceAll('æ', 'ae');
