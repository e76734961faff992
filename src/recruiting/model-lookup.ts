import type { Column, Model, Table } from '../metadata/table.ts';

/** Table by logical name. Throws when there is none: a rule that names it is broken, not the request. */
export function getTable(model: Model, logicalName: string): Table {
  const table = model.table.get(logicalName);
  if (table === undefined) throw new TypeError(`the model has no table ${logicalName}`);
  return table;
}

/** Column by name. Throws when there is none. */
export function getColumn(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new TypeError(`table ${table.logicalName} has no column ${name}`);
  return column;
}
