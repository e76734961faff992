import type { Column } from '../../metadata/table.ts';
import type { Order, Query, Value } from '../../odata/query.ts';
import { comparedValue } from './codec.ts';
import { buildAmong } from './condition.ts';
import { comparedColumn, reference } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** One column of a total order. */
export interface OrderTerm {
  readonly order: Order;
  /** Where its value is in `Query.after` and `Page.next`. */
  readonly place: number;
  readonly nullable: boolean;
}

/** An order column in statements: by what rows are sorted, and what is decoded to mark a place. */
export interface OrderSql {
  readonly compared: Render;
  readonly read: Render;
}

/** The orders of a query, then the primary key, in which its direction is that of the last order. */
function allOrders({ table, orderBy }: Query): readonly Order[] {
  return [...orderBy, { column: table.primaryKey, descending: orderBy.at(-1)?.descending ?? false }];
}

/**
 * The order columns, then the primary key, which breaks ties in the direction of the last order column, so that one
 * index can be read from either end. A column that comes again adds nothing.
 */
export function orderTerms(query: Query): readonly OrderTerm[] {
  const { primaryKey } = query.table;
  const terms: OrderTerm[] = [];
  for (const [place, order] of allOrders(query).entries()) {
    if (terms.some((term) => isSame(term.order, order))) continue;
    terms.push({ order, place, nullable: !isOwn(order) || order.column !== primaryKey });
  }
  return terms;
}

/** Do both sort by the same values? */
function isSame(one: Order, other: Order): boolean {
  const [a, b] = [one.through ?? [], other.through ?? []];
  const sameHops = a.every((hop, at) => hop.navigation === b[at]?.navigation && hop.among === b[at]?.among);
  return one.column === other.column && a.length === b.length && sameHops;
}

/** Is this a column of the row itself? */
export const isOwn = ({ through = [] }: Order): boolean => through.length === 0;

/** The columns whose values mark a place in the order: `Page.next`, `Query.after`. */
export const placeColumns = (query: Query): readonly Column[] => allOrders(query).map(({ column }) => column);

/** The places of `allOrders` as expressions; each way through lookups is built once. */
export function buildOrders(builder: PlanBuilder, query: Query, alias: string): readonly OrderSql[] {
  return allOrders(query).map((order) => buildOrder(builder, order, alias));
}

/** The value of another row is looked up by itself, so that the rows stay those of the table. */
function buildOrder(builder: PlanBuilder, { column, descending, through = [] }: Order, alias: string): OrderSql {
  let from = alias;
  const hops = through.map(({ navigation, among }) => {
    const target = builder.alias();
    builder.shape += `${navigation.name}/`;
    const seen = buildAmong(builder, among, target);
    const tie = `${reference(target, navigation.target.primaryKey.name)} = ${reference(from, navigation.column.name)}`;
    from = target;
    return (value: string): string => {
      const table = `${builder.rowsOf(navigation.target)} as ${target}`;
      return `(select ${value} from ${table} where ${tie}${seen()})`;
    };
  });
  builder.shape += `${descending ? '-' : '+'}${column.name};`;
  const wrap = (value: string): string => hops.reduceRight((inner, hop) => hop(inner), value);
  return {
    compared: () => wrap(reference(from, comparedColumn(column))),
    read: () => wrap(builder.dialect.read(column, reference(from, column.name))),
  };
}

/** `order by` list. Absent values are lowest: first when ascending, last when descending. */
export function orderSql(builder: PlanBuilder, terms: readonly OrderTerm[], orders: readonly OrderSql[]): string {
  const { dialect } = builder;
  return terms
    .map(({ order, nullable, place }) => {
      const direction = order.descending ? dialect.descending(nullable) : dialect.ascending(nullable);
      return `${orders[place]?.compared() ?? ''} ${direction}`;
    })
    .join(', ');
}

/** Condition for the rows that come after a place in the order. */
export function buildAfter(
  builder: PlanBuilder,
  terms: readonly OrderTerm[],
  after: readonly Value[],
  orders: readonly OrderSql[],
): Render {
  if (terms.some(({ place }) => place >= after.length))
    throw new TypeError('a place has a value for each order column');
  const marks = terms.map((term) => buildMark(builder, term, after[term.place] ?? null, orders));
  const [first, ...others] = marks;
  if (first === undefined) return () => 'true';
  // Ascending without absent values, a row comparison says it all, and both databases use an index for it.
  if (marks.every((mark) => !mark.descending && mark.value !== undefined)) {
    const list = (of: readonly string[]): string => (of.length === 1 ? of.join('') : `(${of.join(', ')})`);
    return () => `${list(marks.map((mark) => mark.name()))} > ${list(marks.map((mark) => mark.value?.() ?? 'null'))}`;
  }
  return () => `(${boundSql(first)}${afterSql(first, others)})`;
}

/** One column of the place. */
interface Mark {
  readonly name: Render;
  readonly descending: boolean;
  readonly nullable: boolean;
  /** Absent when the row at the place has no value. */
  readonly value: Render | undefined;
}

function buildMark(builder: PlanBuilder, term: OrderTerm, value: Value, orders: readonly OrderSql[]): Mark {
  const { order, nullable, place } = term;
  const { column, descending } = order;
  builder.shape += value === null ? 'n' : 'v';
  return {
    name: () => orders[place]?.compared() ?? '',
    descending,
    nullable,
    value: value === null ? undefined : builder.compared(comparedValue(builder.codec, column, value), column),
  };
}

/** Lets an index begin at the place; what follows decides among rows with the same first value. */
function boundSql({ name, descending, nullable, value }: Mark): string {
  if (value === undefined || (descending && nullable)) return '';
  return `${name()} ${descending ? '<=' : '>='} ${value()} and `;
}

function afterSql(mark: Mark, others: readonly Mark[]): string {
  const [next, ...rest] = others;
  const beyond = beyondSql(mark);
  if (next === undefined) return beyond;
  const same = mark.value === undefined ? `${mark.name()} is null` : `${mark.name()} = ${mark.value()}`;
  return `(${beyond} or (${same} and ${afterSql(next, rest)}))`;
}

function beyondSql({ name, descending, nullable, value }: Mark): string {
  if (value === undefined) return descending ? 'false' : `${name()} is not null`;
  if (!descending) return `${name()} > ${value()}`;
  return nullable ? `(${name()} < ${value()} or ${name()} is null)` : `${name()} < ${value()}`;
}
