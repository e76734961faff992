import type { Column, Table } from '../metadata/table.ts';
import type { Aliases } from './aliases.ts';
import { type BoundPath, bindPath, nameOf } from './bind-path.ts';
import type { Differences } from './fidelity.ts';
import { type Place, refuse, type Source } from './problems.ts';
import type { Order, Query } from './query.ts';
import type { OrderItem, SelectItem } from './syntax/tree.ts';

/** All columns that are ever shown, in the order of the model. */
const visibleColumns = (table: Table): readonly Column[] => [...table.property.values()];

/** The columns of a `$select`, each once, in the order written; all visible ones without it or with `*`. */
export function bindSelect(items: readonly SelectItem[] | undefined, table: Table, source: Source): readonly Column[] {
  if (items === undefined) return visibleColumns(table);
  const columns = new Set<Column>();
  for (const item of items) {
    for (const column of selected(item, table, (at) => ({ ...source, at }))) columns.add(column);
  }
  return [...columns];
}

/** Are all columns given because none was named? */
export const namesNoColumn = (items: readonly SelectItem[] | undefined): boolean =>
  items === undefined || items.every(({ steps }) => steps.length === 1 && steps[0]?.kind === 'star');

function selected(item: SelectItem, table: Table, placeOf: (at: number) => Place): readonly Column[] {
  const [step, next] = item.steps;
  if (step === undefined) throw new TypeError('a path has at least one step');
  if (step.kind === 'star' && next === undefined) return visibleColumns(table);
  const name = nameOf(step, placeOf);
  const navigation = table.navigation.get(name);
  // The name of a lookup's navigation property selects the lookup.
  const column = table.property.get(name) ?? (navigation?.kind === 'single' ? navigation.column : undefined);
  if (column === undefined && navigation === undefined) throw refuse.unknownProperty(name, table, placeOf(step.at));
  if (column === undefined || next !== undefined) {
    throw refuse.notSupported(`'${item.text.slice(0, 100)}' in $select`, placeOf(item.at));
  }
  return [column];
}

export interface OrderScope {
  readonly table: Table;
  /** The text that positions count in. */
  readonly source: Source;
  /** Absent inside `$expand`. */
  readonly aliases: Aliases | undefined;
  readonly differences: Differences;
}

/** Columns in one `$orderby`. */
const maxOrders = 20;

/**
 * `$orderby`: columns of the row itself and of rows that lookups lead to, each once. What follows the primary key changes
 * nothing and is left out.
 */
export function bindOrderBy(items: readonly OrderItem[], scope: OrderScope): readonly Order[] {
  const { table, source } = scope;
  const orders: Order[] = [];
  const met = new Set<string>();
  for (const item of items) {
    if (orders.length >= maxOrders) throw refuse.limit('columns in $orderby', maxOrders, { ...source, at: item.at });
    const { through, column } = orderPath(item, scope);
    const name = [...through.map((navigation) => navigation.name), column.name].join('/');
    if (met.has(name)) continue;
    met.add(name);
    const hops = through.map((navigation) => ({ navigation }));
    orders.push({ column, descending: item.descending, ...(hops.length > 0 && { through: hops }) });
    if (hops.length === 0 && column === table.primaryKey) break;
  }
  return orders;
}

function orderPath(item: OrderItem, { table, source, aliases, differences }: OrderScope): BoundPath {
  const place = { ...source, at: item.at };
  if (item.value.kind === 'alias' && aliases === undefined) {
    throw refuse.syntax('A parameter alias is not allowed inside $expand', place);
  }
  const resolved = item.value.kind === 'alias' ? aliases?.get(item.value.name, place) : undefined;
  const { value, source: own } = resolved ?? { value: item.value, source };
  if (value.kind !== 'path') throw refuse.notSupported('an expression in $orderby', place);
  const path = bindPath(value.steps, table, (at) => ({ ...own, at }));
  if (path.column.type === 'Choices') throw refuse.notSupported('an order by a column with several choices', place);
  const byName = nameOfLookup(path);
  if (byName.through.some((navigation) => navigation.table.kind === 'virtual')) {
    differences.use('virtual-lookup-filter', place);
  }
  return byName;
}

/** "When you order using lookup columns, the results are sorted using the primary name of the related table." */
function nameOfLookup(path: BoundPath): BoundPath {
  const { lookup, table } = path.column;
  const navigation = lookup === undefined ? undefined : table.navigation.get(lookup.navigation);
  if (navigation?.kind !== 'single') return path;
  return { through: [...path.through, navigation], column: navigation.target.primaryName };
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

/** `$top`: 0 or more. `place` is where its value begins. */
export function parseTop(text: string, place: Place): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw refuse.badRequest(
    `Invalid value '${text.slice(0, 50)}' for $top query option found. The $top query option requires a non-negative integer value.`,
    place,
  );
}
