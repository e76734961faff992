import type { Guid } from '../../kernel/ids.ts';
import type { Column, Model, Table } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { getColumn, getTable, textIn } from '../security-rows.ts';

/** Logical names of the tables whose rows own others. */
const ownerTables = ['systemuser', 'team'] as const;

/** More owners than any environment has. */
const everything = 1_000_000;

export const isOwnerTable = ({ logicalName }: Table): boolean => ownerTables.some((name) => name === logicalName);

/**
 * Brings the row of `owner` that stands for a user or team up to date: made, renamed, or gone with it. INVARIANT: called
 * in the transaction of every write to one of those tables.
 */
export async function followOwner(rows: Transaction, model: Model, table: Table, id: Guid): Promise<void> {
  const owner = getTable(model, 'owner');
  const source = await rows.get(table, id);
  const known = await rows.get(owner, id);
  if (source !== undefined) await putOwner(rows, owner, known, source, table);
  else if (known !== undefined) await rows.delete(owner, id);
}

/** As `followOwner`, for all users and teams: an environment may be older than the table of owners. */
export async function syncOwners(rows: Transaction, model: Model): Promise<void> {
  const owner = getTable(model, 'owner');
  const known = new Map((await rows.list(owner, { kind: 'always' }, everything)).map((row) => [row.id, row]));
  for (const name of ownerTables) {
    const table = getTable(model, name);
    for (const source of await rows.list(table, { kind: 'always' }, everything)) {
      await putOwner(rows, owner, known.get(source.id), source, table);
      known.delete(source.id);
    }
  }
  for (const id of known.keys()) await rows.delete(owner, id);
}

async function putOwner(
  rows: Transaction,
  owner: Table,
  known: Row | undefined,
  source: Row,
  table: Table,
): Promise<void> {
  const name = getColumn(owner, 'name');
  const values = new Map<Column, Value>([
    [name, textIn(source, table.primaryName)],
    [getColumn(owner, 'owneridtype'), table.logicalName],
  ]);
  if (known === undefined) await rows.insert(owner, new Map([[owner.primaryKey, source.id], ...values]));
  else if (known.values.get(name) !== values.get(name)) await rows.update(owner, source.id, values);
}
