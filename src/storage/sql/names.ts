import { createHash } from 'node:crypto';
import type { Column } from '../../metadata/table.ts';

/** PostgreSQL cuts names off after 63 bytes; names of ours are ASCII. */
const longestName = 63;

export const versionColumn = 'row__version';
export const equalityColumn = (column: Column): string => keyNames(column.name)[0];
export const orderColumn = (column: Column): string => keyNames(column.name)[1];
/** Names of the keys of a column of text: for equality and for order. */
export const keyNames = (column: string): readonly [string, string] => [
  boundedName(`${column}__eq`),
  boundedName(`${column}__ord`),
];
/** The column by which a column is compared and sorted. */
export const comparedColumn = (column: Column): string => (column.isText ? orderColumn(column) : column.name);

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A column of a table that has an alias. */
export const reference = (alias: string, name: string): string => `${alias}.${quoteName(name)}`;

/** The name itself, or a stable shorter one with a hash of it. */
export function boundedName(name: string): string {
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, longestName - hash.length - 1)}_${hash}`;
}
