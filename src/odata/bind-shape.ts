import type { Column, Table } from '../metadata/table.ts';
import { bindPath, nameOf } from './bind-path.ts';
import type { Differences } from './fidelity.ts';
import { type Place, refuse } from './problems.ts';
import type { Order, Query } from './query.ts';
import type { OrderItem, SelectItem } from './syntax/tree.ts';

/** All columns that are ever shown, in the order of the model. */
const visibleColumns = (table: Table): readonly Column[] => [...table.property.values()];

/** The columns of a `$select`, each once, in the order written; all visible ones without it or with `*`. */
export function bindSelect(items: readonly SelectItem[] | undefined, table: Table, text: string): readonly Column[] {
  if (items === undefined) return visibleColumns(table);
  const columns = new Set<Column>();
  for (const item of items) {
    for (const column of selected(item, table, (at) => ({ text, at }))) columns.add(column);
  }
  return [...columns];
}

function selected(item: SelectItem, table: Table, placeOf: (at: number) => Place): readonly Column[] {
  const [step, next] = item.steps;
  if (step === undefined) throw new TypeError('a path has at least one step');
  if (step.kind === 'star' && next === undefined) return visibleColumns(table);
  const name = nameOf(step, placeOf);
  const navigation = table.navigation.get(name);
  // The name of a lookup's navigation property selects the lookup.
  const column = table.property.get(name) ?? (navigation?.kind === 'single' ? navigation.column : undefined);
  if (column === undefined && navigation === undefined) throw refuse.unknownProperty(name, table);
  if (column === undefined || next !== undefined) {
    throw refuse.notSupported(`'${item.text.slice(0, 100)}' in $select`, placeOf(item.at));
  }
  return [column];
}

/** `$orderby`: columns of the row itself, each once. What follows the primary key changes nothing and is left out. */
export function bindOrderBy(
  items: readonly OrderItem[],
  table: Table,
  text: string,
  differences: Differences,
): readonly Order[] {
  const order = new Map<Column, Order>();
  for (const item of items) {
    const column = orderColumn(item, table, (at) => ({ text, at }));
    if (column.type === 'Lookup' && table.kind === 'virtual') differences.use('virtual-lookup-filter');
    if (!order.has(column)) order.set(column, { column, descending: item.descending });
  }
  const orders = [...order.values()];
  const key = orders.findIndex((item) => item.column === table.primaryKey);
  return key < 0 ? orders : orders.slice(0, key + 1);
}

function orderColumn({ value, at }: OrderItem, table: Table, placeOf: (at: number) => Place): Column {
  if (value.kind !== 'path') throw refuse.notSupported('an expression in $orderby', placeOf(at));
  const { through, column } = bindPath(value.steps, table, placeOf);
  if (through.length > 0) throw refuse.notSupported('a navigation property in $orderby', placeOf(at));
  return column;
}

/** What rows of a virtual table look like beyond their columns: a matter of fidelity. */
export function rowRules(
  table: Table,
  columns: readonly Column[],
  differences: Differences,
): Pick<Query, 'etag' | 'unsetTextAsEmpty'> {
  if (table.kind !== 'virtual') return { etag: true, unsetTextAsEmpty: false };
  if (differences.fidelity === 'strict') return { etag: false, unsetTextAsEmpty: true };
  differences.use('virtual-etag');
  if (columns.some((column) => column.isText && column.required !== true)) differences.use('unset-text');
  return { etag: true, unsetTextAsEmpty: false };
}

/** A query for the rows of a table that asks for no column. */
export const emptyQuery = (table: Table): Query => ({
  table,
  columns: [],
  where: undefined,
  orderBy: [],
  expand: [],
  limit: undefined,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});

/** `$top`: 0 or more. */
export function parseTop(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw refuse.badRequest(
    `Invalid value '${text.slice(0, 50)}' for $top query option found. The $top query option requires a non-negative integer value.`,
  );
}
