import { unreachable } from '../kernel/unreachable.ts';
import type { Column, Navigation, Table } from '../metadata/table.ts';
import {
  and,
  type Condition,
  type Expand,
  type Hierarchy,
  type Hop,
  type Linked,
  type Order,
  type Query,
  type Through,
} from './query.ts';

/** Hears of every table and column that a query looks at, wherever it stands in it. `false` ends the walk. */
export interface QueryVisitor {
  table(table: Table): boolean;
  column?(column: Column): boolean;
  /** Of rows that only tie two others together, in the place of `table`, with the condition that they are looked at under. */
  intersect?(table: Table, where: Condition | undefined): boolean;
  /** Also looks into expands that are wanted for display only. */
  readonly optional?: true;
}

/**
 * Walks over all that a query looks at: its columns, filters, orders and expands, and the ways that lead to them. `false`
 * when the visitor ended the walk. INVARIANT: whatever storage reads is met here; both gates and the mint of plans rely
 * on it.
 */
export function walkQuery(query: Query, visitor: QueryVisitor): boolean {
  return (
    visitor.table(query.table) &&
    (visitor.column === undefined || readColumns(query).every((column) => seesColumn(visitor, column))) &&
    (query.where === undefined || walkCondition(query.where, visitor)) &&
    query.orderBy.every((order) => walkOrder(order, visitor)) &&
    query.expand.every((expand) => walkExpand(expand, visitor))
  );
}

/** The columns whose values are read: those that are withheld are not. */
const readColumns = ({ columns, withheld }: Query): readonly Column[] =>
  withheld === undefined ? columns : columns.filter((column) => !withheld.has(column));

export const seesColumn = (visitor: QueryVisitor, column: Column): boolean => visitor.column?.(column) ?? true;

function walkExpand({ navigation, query, optional }: Expand, visitor: QueryVisitor): boolean {
  if (optional === true && visitor.optional !== true) return true;
  return walkNavigation(navigation, visitor) && walkQuery(query, visitor);
}

function walkOrder({ column, through = [] }: Order, visitor: QueryVisitor): boolean {
  return (
    through.every(
      ({ navigation, among }) =>
        walkNavigation(navigation, visitor) && visitor.table(navigation.target) && walkOptional(among, visitor),
    ) && seesColumn(visitor, column)
  );
}

/** The columns that tie the rows together. Intersect tables are no tables of their own: what they join is asked for. */
function walkNavigation(navigation: Navigation, visitor: QueryVisitor): boolean {
  return navigation.kind === 'manyToMany' || seesColumn(visitor, navigation.column);
}

const walkOptional = (condition: Condition | undefined, visitor: QueryVisitor): boolean =>
  condition === undefined || walkCondition(condition, visitor);

/** Walks over all that a condition looks at. */
export function walkCondition(condition: Condition, visitor: QueryVisitor): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.every((each) => walkCondition(each, visitor));
    case 'not':
      return walkCondition(condition.of, visitor);
    case 'through':
      return walkThrough(condition, visitor);
    case 'linked':
      return walkLinked(condition, visitor);
    case 'hierarchy':
      return (
        seesColumn(visitor, condition.column) &&
        visitor.table(condition.parent.table) &&
        seesColumn(visitor, condition.parent) &&
        walkOptional(condition.among, visitor)
      );
    case 'compareColumns':
      return seesColumn(visitor, condition.left) && seesColumn(visitor, condition.right);
    case 'compare':
    case 'text':
    case 'like':
    case 'month':
    case 'options':
    case 'in':
    case 'bits':
      return seesColumn(visitor, condition.column);
    case 'always':
    case 'never':
      return true;
    default:
      return unreachable(condition);
  }
}

function walkThrough({ navigation, among, where }: Through, visitor: QueryVisitor): boolean {
  return (
    walkNavigation(navigation, visitor) &&
    visitor.table(navigation.target) &&
    walkOptional(among, visitor) &&
    walkCondition(where, visitor)
  );
}

/**
 * A table that columns tie to another one. Intersect tables have no rights of their own: the mint of plans sees to it that
 * their rows are looked at only where the rows that they tie together may be.
 */
export const visitTied = (table: Table, where: Condition | undefined, visitor: QueryVisitor): boolean =>
  table.intersect === true ? (visitor.intersect?.(table, where) ?? true) : visitor.table(table);

/** Rows of such a table that may be looked at: what guards those of an intersect table stands in the query. */
export const rowsOfTied = (table: Table, restriction: RowRestriction): Condition | undefined =>
  table.intersect === true ? undefined : restriction.rowsOf(table);

function walkLinked({ column, target, among, where }: Linked, visitor: QueryVisitor): boolean {
  return (
    seesColumn(visitor, column) &&
    visitTied(target.table, where, visitor) &&
    seesColumn(visitor, target) &&
    walkOptional(among, visitor) &&
    walkCondition(where, visitor)
  );
}

/** What a gate leaves of the rows of a table. */
export interface RowRestriction {
  /** Rows of a table that may be looked at: `undefined` means all. */
  rowsOf(table: Table): Condition | undefined;
}

/** What a gate leaves of a query. */
export interface Restriction extends RowRestriction {
  /** Whether an optional expand stays. */
  keeps(expand: Expand): boolean;
}

/**
 * The same query over only those rows that may be looked at, in every table that it touches: no row of another one is
 * given, filtered by, sorted by or walked over. Gives the very same query where nothing is taken away.
 */
export function restrictQuery(query: Query, restriction: Restriction): Query {
  const where = and(query.where && restrictCondition(query.where, restriction), restriction.rowsOf(query.table));
  const orderBy = mapKept(query.orderBy, (order) => restrictOrder(order, restriction));
  const kept = query.expand.every((expand) => stays(expand, restriction))
    ? query.expand
    : query.expand.filter((expand) => stays(expand, restriction));
  const expand = mapKept(kept, (each) => {
    const inner = restrictQuery(each.query, restriction);
    return inner === each.query ? each : { ...each, query: inner };
  });
  const same = where === query.where && orderBy === query.orderBy && expand === query.expand;
  return same ? query : { ...query, where, orderBy, expand };
}

const stays = (expand: Expand, restriction: Restriction): boolean =>
  expand.optional !== true || restriction.keeps(expand);

function restrictOrder(order: Order, restriction: RowRestriction): Order {
  if (order.through === undefined || order.through.length === 0) return order;
  const through = mapKept(order.through, (hop) => restrictAmong<Hop>(hop, hop.navigation.target, restriction));
  return through === order.through ? order : { ...order, through };
}

/** The same condition over only those rows that may be looked at. */
export function restrictCondition(condition: Condition, restriction: RowRestriction): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const of = mapKept(condition.of, (each) => restrictCondition(each, restriction));
      return of === condition.of ? condition : { ...condition, of };
    }
    case 'not': {
      const of = restrictCondition(condition.of, restriction);
      return of === condition.of ? condition : { ...condition, of };
    }
    case 'through': {
      const where = restrictCondition(condition.where, restriction);
      const inner = where === condition.where ? condition : { ...condition, where };
      return restrictAmong<Through>(inner, condition.navigation.target, restriction);
    }
    case 'linked': {
      const where = restrictCondition(condition.where, restriction);
      const inner = where === condition.where ? condition : { ...condition, where };
      return restrictAmong<Linked>(inner, condition.target.table, restriction);
    }
    case 'hierarchy':
      return restrictAmong<Hierarchy>(condition, condition.parent.table, restriction);
    default:
      return condition;
  }
}

function restrictAmong<T extends { readonly among?: Condition }>(of: T, table: Table, restriction: RowRestriction): T {
  const own = of.among && restrictCondition(of.among, restriction);
  const among = and(own, rowsOfTied(table, restriction));
  return among === undefined || among === of.among ? of : { ...of, among };
}

/** The list itself where nothing in it changes. */
export function mapKept<T>(list: readonly T[], map: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (const [at, item] of list.entries()) {
    const mapped = map(item);
    if (mapped !== item) {
      changed ??= [...list];
      changed[at] = mapped;
    }
  }
  return changed ?? list;
}
