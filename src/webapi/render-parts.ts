import type { Guid } from '../kernel/ids.ts';
import type { Column, Navigation, Table } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import { splitObject } from './json-text.ts';

/** `set(id)` or `set(id)/navigation`: where a part of a row or a related row is found. */
export function addressOf(operation: Operation): string {
  switch (operation.kind) {
    case 'retrieve':
      return rowAddress(operation.query.table, operation.id);
    case 'retrieveRelated':
      return `${navigationAddress(operation.navigation, operation.id)}`;
    default:
      throw new TypeError(`${operation.kind} has no parts`);
  }
}

const rowAddress = (table: Table, id: Guid | string): string => `${table.entitySetName}(${id})`;

const navigationAddress = (navigation: Navigation, id: Guid): string =>
  `${rowAddress(navigation.table, id)}/${navigation.name}`;

/** The JSON text of a column in a row; `undefined` when it has no value. */
export function columnText(row: string, column: Column): string | undefined {
  const text = splitObject(row).find(({ name }) => name === column.property)?.text;
  return text === undefined || text === 'null' ? undefined : text;
}

/** A value as plain text (`/$value`): without the quotes and escapes of JSON. */
export function plainText(text: string): string {
  const value: unknown = text.startsWith('"') ? JSON.parse(text) : text;
  return String(value);
}

/** `{"@odata.id":…}` for a row. */
export function referenceText(apiRoot: string, table: Table, row: string): string {
  const key = columnText(row, table.primaryKey);
  if (key === undefined) throw new TypeError(`a row of ${table.logicalName} without its id`);
  return `{"@odata.id":${JSON.stringify(`${apiRoot}${rowAddress(table, plainText(key))}`)}}`;
}
