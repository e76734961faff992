import { createHash, randomBytes } from 'node:crypto';
import type { Column, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';

/** 256 bits: guessing them from a fast digest is hopeless (docs/decisions/0009). */
export const newToken = (): string => randomBytes(32).toString('base64url');
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** As rows keep moments: whole seconds. */
export const storedMoment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

export function columnOf(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new TypeError(`${table.logicalName} has no column ${name}`);
  return column;
}

export const valuesOf = (table: Table, values: Readonly<Record<string, Value>>): Map<Column, Value> =>
  new Map(Object.entries(values).map(([name, value]) => [columnOf(table, name), value]));

export const cell = (row: Row, table: Table, name: string): Value => row.values.get(columnOf(table, name)) ?? null;

export function textOf(row: Row, table: Table, name: string): string {
  const value = cell(row, table, name);
  if (typeof value !== 'string') throw new TypeError(`${table.logicalName} ${row.id} has no ${name}`);
  return value;
}
