import type { Guid } from '../../kernel/ids.ts';
import type { Model, Table } from '../../metadata/table.ts';
import { equals } from '../../odata/query.ts';
import type { Transaction } from '../../odata/row-store.ts';
import { getColumn } from '../security-rows.ts';

/** Tables whose rows have an owner and lie in the owner's business unit. */
const ownedTables = (model: Model): readonly Table[] =>
  model.tables.filter(({ ownership, kind, column }) => {
    return kind === 'native' && ownership === 'user' && column.has('ownerid');
  });

/** A table with a row whose `ownerid` or `owningbusinessunit` is this one; `undefined` when there is none. */
export async function findOwnedTable(
  rows: Transaction,
  model: Model,
  column: 'ownerid' | 'owningbusinessunit',
  id: Guid,
): Promise<Table | undefined> {
  for (const table of ownedTables(model)) {
    if ((await rows.list(table, equals(getColumn(table, column), id), 1)).length > 0) return table;
  }
  return undefined;
}
