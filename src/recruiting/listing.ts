import type { Guid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import { and, type Condition, equals, type Value } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';

interface RowSearch {
  /** Those that are needed, the primary key among them; absent: all. */
  readonly columns?: readonly Column[];
  /** Rows to look among; absent: all. */
  readonly among?: Condition | undefined;
}

/** The first row, by id, with these values. */
export async function findRow(
  rows: Transaction,
  table: Table,
  values: readonly (readonly [Column, Value])[],
  { columns, among }: RowSearch = {},
): Promise<Row | undefined> {
  const where = and(...values.map(([column, value]) => equals(column, value)), among) ?? { kind: 'never' };
  return (await rows.list(table, where, 1, columns))[0];
}

/** The row with this id, if it meets `filter`; absent: whichever row has it. */
export async function findRowById(
  rows: Transaction,
  table: Table,
  id: Guid,
  filter: Condition | undefined,
): Promise<Row | undefined> {
  if (filter === undefined) return rows.get(table, id);
  const hasId = equals(table.primaryKey, id);
  return (await rows.list(table, and(hasId, filter) ?? hasId, 1))[0];
}

const chunk = 200;

/** Every row that meets `where`, a chunk at a time, so that a widely shown row does not fill memory. */
export async function* listAll(rows: Transaction, table: Table, where: Condition): AsyncGenerator<Row> {
  let last: Guid | undefined;
  for (;;) {
    const after: Condition | undefined =
      last === undefined ? undefined : { kind: 'compare', op: 'gt', column: table.primaryKey, value: last };
    const found = await rows.list(table, and(where, after) ?? where, chunk);
    yield* found;
    last = found.at(-1)?.id;
    if (found.length < chunk) return;
  }
}
