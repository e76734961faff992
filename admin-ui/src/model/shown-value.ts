import type { CellValue } from '../components/data-list/column.ts';
import { cellText } from '../components/data-list/column.ts';
import { dayOf } from '../components/day.ts';
import type { Locale } from '../i18n/translate.ts';
import { labelIn } from '../screens/tables/label.ts';
import type { ModelColumn } from './table-model.ts';

/** A row as the Web API gives it. */
export type WireRow = Readonly<Record<string, unknown>>;

const formattedName = (property: string): string => `${property}@OData.Community.Display.V1.FormattedValue`;

/** How a list shows values of the column. */
export const kindOf = ({ type }: ModelColumn) =>
  type === 'localTime'
    ? 'dateTime'
    : type === 'date' || type === 'dateTime' || type === 'boolean' || type === 'number'
      ? type
      : 'text';

/** What a list shows, sorts by and exports: words of choices, names behind lookups. */
export function cellValueOf(column: ModelColumn, row: WireRow, { language }: Locale): CellValue {
  const value = row[column.property];
  if (value === null || value === undefined) return undefined;
  if (column.type === 'choice' || column.type === 'choices') {
    const word = (part: string): string => {
      const option = column.options.find((each) => String(each.value) === part);
      return option === undefined ? part : labelIn(option.label, language);
    };
    return String(value).split(',').map(word).join(', ');
  }
  if (column.type === 'lookup') return String(row[formattedName(column.property)] ?? value);
  if (column.type === 'date') return dayOf(String(value));
  if (column.type === 'localTime') return String(value).replace(/Z$/, '');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
}

/** The same as a text. */
export const shownValue = (column: ModelColumn, row: WireRow, locale: Locale): string =>
  cellText(
    { id: column.name, title: '', kind: kindOf(column), value: () => cellValueOf(column, row, locale) },
    row,
    locale,
  );
