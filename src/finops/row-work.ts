import { administrationTable, columnOf } from '../hr/hr-rows.ts';
import type { Column, Table } from '../metadata/table.ts';
import { and, type Condition, equals, type Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';
import type { RowsOf, RowWork } from './row-rules.ts';

/** Value of a column of the row by name. */
export const getValue = ({ table, values }: RowWork, name: string): Value => values.get(columnOf(table, name)) ?? null;

/** The value as text; the empty text where there is none. */
export const textOf = (work: RowWork, name: string): string => String(getValue(work, name) ?? '');

export function setValue({ table, values }: RowWork, name: string, value: Value): void {
  values.set(columnOf(table, name), value);
}

/** Does the row differ from what is stored in this column? */
export const isChanged = (work: RowWork, name: string): boolean =>
  (work.before?.values.get(columnOf(work.table, name)) ?? null) !== getValue(work, name);

export const isFilled = (value: Value | undefined): boolean =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

/** Rows of another administration set with these values, at most `limit`. */
export function findRows(
  { model, rows }: RowWork,
  set: string,
  named: Readonly<Record<string, Value>>,
  limit = 1,
): Promise<readonly Row[]> {
  const table = administrationTable(model, set);
  const where = and(...Object.entries(named).map(([name, value]) => equals(columnOf(table, name), value)));
  return rows.list(table, where ?? { kind: 'never' }, limit);
}

/** Every row of an administration table, in the order of row ids. For the few tables that a rule must see as a whole. */
export async function allRows({ rows }: RowWork, table: Table): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (;;) {
    const last = all.at(-1)?.id;
    const where: Condition =
      last === undefined ? { kind: 'always' } : { kind: 'compare', op: 'gt', column: table.primaryKey, value: last };
    const found = await rows.list(table, where, 500);
    all.push(...found);
    if (found.length < 500) return all;
  }
}

/** The values by which rows of another set belong to this row. */
export const belonging = (work: RowWork, { by }: RowsOf): Record<string, Value> =>
  Object.fromEntries(Object.entries(by).map(([theirs, ours]) => [theirs, getValue(work, ours)]));

/** In the product's words (human-resources-security 6.2). */
export const notFound = (column: Column, value: Value, related: Table): string =>
  `The value '${String(value)}' in field '${column.label}' is not found in the related table '${related.label}'.`;
