import { Refusal } from '../../kernel/refusal.ts';
import type { Model } from '../../metadata/table.ts';
import type { Transaction } from '../../odata/row-store.ts';
import { mayUseColumn } from '../column-access.ts';
import { securedColumn } from '../messages.ts';
import { getColumn, getTable, textIn } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import type { RowWrite } from './write-row.ts';

/**
 * Refuses to write secured columns without a permission for it, also with the value that is there already: that it is
 * would tell what the caller may not read.
 */
export function requireColumns(
  { snapshot, user }: TableGrant,
  { values, binds }: RowWrite,
  right: 'create' | 'update',
): void {
  for (const column of [...values.keys(), ...binds.map(({ navigation }) => navigation.column)]) {
    if (mayUseColumn(snapshot, user, column, right)) continue;
    const data = { table: column.table.logicalName, column: column.name, right };
    throw new Refusal('table', securedColumn(right, column, user.id)).because({ condition: 'column', data });
  }
}

/** More permissions than any environment has. */
const everything = 1_000_000;

/** Takes away permissions on columns that are gone, or not secured any more. */
export async function dropColumnPermissions(rows: Transaction, model: Model): Promise<void> {
  const table = getTable(model, 'fieldpermission');
  for (const row of await rows.list(table, { kind: 'always' }, everything)) {
    const of = model.table.get(textIn(row, getColumn(table, 'entityname')));
    const column = of?.column.get(textIn(row, getColumn(table, 'attributelogicalname')));
    if (column?.secured !== true) await rows.delete(table, row.id);
  }
}
