import { type Guid, newGuid } from '../../kernel/ids.ts';
import type { Column, Model, Table } from '../../metadata/table.ts';
import { and, type Condition, equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { getColumn, getTable } from '../security-rows.ts';

/** Rows dealt with in one go; longer lists are taken piece by piece. */
const pieceSize = 1000;

/** Rows of an intersect table, named by two ids. */
export type Link = Readonly<Record<string, Guid>>;

const linkCondition = (table: Table, link: Link): Condition =>
  and(...Object.entries(link).map(([name, id]) => equals(getColumn(table, name), id))) ?? { kind: 'never' };

/** Links two rows; nothing happens when they are linked already. Other columns of the intersect row are in `extra`. */
export async function addLink(
  rows: Transaction,
  model: Model,
  intersect: string,
  link: Link,
  extra: ReadonlyMap<Column, Value> = new Map(),
): Promise<void> {
  const table = getTable(model, intersect);
  const known = await rows.list(table, linkCondition(table, link), 1);
  if (known.length > 0) return;
  const values = new Map<Column, Value>([[table.primaryKey, newGuid()], ...extra]);
  for (const [name, id] of Object.entries(link)) values.set(getColumn(table, name), id);
  await rows.insert(table, values);
}

/** Removes the intersect rows with these ids: one link when both are given, all of a row when one is. */
export async function removeLinks(rows: Transaction, model: Model, intersect: string, link: Link): Promise<number> {
  const table = getTable(model, intersect);
  return forEachRow(rows, table, linkCondition(table, link), (row) => rows.delete(table, row.id));
}

/** Clears a lookup in every row that points to `id`. */
export async function clearLookups(
  rows: Transaction,
  model: Model,
  logicalName: string,
  column: string,
  id: Guid,
): Promise<void> {
  const table = getTable(model, logicalName);
  const lookup = getColumn(table, column);
  await forEachRow(rows, table, equals(lookup, id), (row) => rows.update(table, row.id, new Map([[lookup, null]])));
}

/** Changes all rows that meet a condition, piece by piece. INVARIANT: `change` makes the row stop meeting the condition; else this would not end. */
export async function forEachRow(
  rows: Transaction,
  table: Table,
  where: Condition,
  change: (row: Row) => Promise<void>,
): Promise<number> {
  let changed = 0;
  for (;;) {
    const piece = await rows.list(table, where, pieceSize);
    for (const row of piece) await change(row);
    changed += piece.length;
    if (piece.length < pieceSize) return changed;
  }
}
