import type { Guid } from '../../src/kernel/ids.ts';
import type { Column, Model, Table } from '../../src/metadata/table.ts';
import type { Operation, Values } from '../../src/odata/operation.ts';
import type { Condition, Expand, Query, Value } from '../../src/odata/query.ts';

export function tableOf(model: Model, logicalName: string): Table {
  const table = model.table.get(logicalName);
  if (table === undefined) throw new Error(`no table ${logicalName}`);
  return table;
}

export function columnOf(table: Table, name: string): Column {
  const column = table.column.get(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}

export const valuesOf = (table: Table, named: Readonly<Record<string, Value>>): Values =>
  new Map(Object.entries(named).map(([name, value]) => [columnOf(table, name), value]));

export const queryOf = (table: Table, more: Partial<Query> = {}): Query => ({
  table,
  columns: [...table.property.values()],
  where: undefined,
  orderBy: [],
  expand: [],
  limit: 50,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
  ...more,
});

export function expandOf(table: Table, navigation: string, more: Partial<Query> = {}): Expand {
  const found = table.navigation.get(navigation);
  if (found === undefined) throw new Error(`no navigation ${navigation}`);
  return { navigation: found, query: queryOf(found.target, { limit: undefined, ...more }) };
}

/** What gate one hands over: the operation, and no filter of its own unless given. */
export const grantOf = (operation: Operation, filter?: Condition) => ({ operation, filterOf: () => filter });

export const createOf = (table: Table, named: Readonly<Record<string, Value>>): Operation => ({
  kind: 'create',
  table,
  values: valuesOf(table, named),
  binds: [],
});

export const updateOf = (table: Table, id: Guid, named: Readonly<Record<string, Value>>, more = {}): Operation => ({
  kind: 'update',
  table,
  id,
  values: valuesOf(table, named),
  binds: [],
  mayCreate: false,
  mayUpdate: true,
  ...more,
});
