import type { Locale } from '../../i18n/translate.ts';
import { type Column, cellText } from './column.ts';

/** Rows as spreadsheets of the language read them: semicolons where the comma is the decimal sign; UTF-8 with its mark. */
export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[], locale: Locale): string {
  const separator = locale.language === 'nb' ? ';' : ',';
  const lines = [
    columns.map(({ title }) => quote(title)),
    ...rows.map((row) => columns.map((column) => quote(cellText(column, row, locale)))),
  ];
  return `\uFEFF${lines.map((cells) => cells.join(separator)).join('\r\n')}\r\n`;
}

/**
 * A spreadsheet takes a text that begins with one of these for a formula, and runs it; the wide forms of East Asian keyboards
 * and what follows blanks too. Plain numbers are none.
 */
const formula = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;
const plainNumber = /^[+-]?\d[\d.,]*$/;

const quote = (text: string): string =>
  `"${(formula.test(text) && !plainNumber.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
