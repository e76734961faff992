import type { Guid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import type { Value } from '../odata/query.ts';
import { rowIdOfKey } from '../odata/row-id.ts';
import { columnOf } from './hr-rows.ts';

/**
 * A whole row of an administration table: the columns named, the defaults of the others, and the row id that its business
 * key makes. The form in which a row is inserted.
 */
export function administrationRow(table: Table, named: Readonly<Record<string, Value>>): Values {
  const values = new Map<Column, Value>();
  for (const column of table.columns) if (column.default !== undefined) values.set(column, column.default);
  for (const [name, value] of Object.entries(named)) values.set(columnOf(table, name), value);
  values.set(table.primaryKey, administrationRowId(table, values));
  return values;
}

/** Row id of the row that has the business key which `values` hold. */
export const administrationRowId = (table: Table, values: Values): Guid =>
  rowIdOfKey(
    table,
    table.naturalKey.map((column) => values.get(column) ?? null),
  );
