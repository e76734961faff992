import { unreachable } from '../kernel/unreachable.ts';
import type { FlatCondition, FlatOrder, FlatQuery, Join, Output } from './flat-query.ts';
import { and, type Condition } from './query.ts';
import {
  mapKept,
  type QueryVisitor,
  type RowRestriction,
  restrictCondition,
  rowsOfTied,
  seesColumn,
  visitTied,
  walkCondition,
} from './walk-query.ts';

/**
 * Walks over all that a flat query looks at, as `walkQuery` does. INVARIANT: whatever storage reads is met here; both
 * gates and the mint of plans rely on it.
 */
export function walkFlatQuery(query: FlatQuery, visitor: QueryVisitor): boolean {
  return (
    visitor.table(query.table) &&
    query.joins.every((join) => walkJoin(join, visitor)) &&
    (query.where === undefined || walkFlatCondition(query.where, visitor)) &&
    query.outputs.every((output) => walkOutput(output, visitor)) &&
    query.orderBy.every((order) => walkOrder(order, visitor))
  );
}

function walkJoin({ table, column, to, where, among }: Join, visitor: QueryVisitor): boolean {
  return (
    visitTied(table, where, visitor) &&
    seesColumn(visitor, column) &&
    seesColumn(visitor, to.column) &&
    (where === undefined || walkCondition(where, visitor)) &&
    (among === undefined || walkCondition(among, visitor))
  );
}

function walkFlatCondition(condition: FlatCondition, visitor: QueryVisitor): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.every((each) => walkFlatCondition(each, visitor));
    case 'row':
      return walkCondition(condition.where, visitor);
    case 'compareRows':
      return seesColumn(visitor, condition.left.column) && seesColumn(visitor, condition.right.column);
    default:
      return unreachable(condition);
  }
}

function walkOutput(output: Output, visitor: QueryVisitor): boolean {
  if (output.kind === 'column' && output.withheld === true) return true;
  if (!seesColumn(visitor, output.column)) return false;
  const display = output.kind === 'column' ? output.display : undefined;
  if (display === undefined || visitor.optional !== true) return true;
  return visitDisplay(output, visitor);
}

/** What the name of a lookup's row needs beside the lookup. */
function visitDisplay(output: Output, visitor: QueryVisitor): boolean {
  const display = output.kind === 'column' ? output.display : undefined;
  if (display === undefined) return true;
  const { target } = display.navigation;
  return (
    visitor.table(target) &&
    seesColumn(visitor, target.primaryName) &&
    (display.among === undefined || walkCondition(display.among, visitor))
  );
}

/** An output that is sorted by was met among the outputs. */
const walkOrder = (order: FlatOrder, visitor: QueryVisitor): boolean =>
  order.kind === 'output' || seesColumn(visitor, order.column);

/** Leaves out the names of lookups' rows that `keeps` refuses. Gives the very same query where it refuses none. */
export function pruneDisplays(query: FlatQuery, keeps: (output: Output) => boolean): FlatQuery {
  const outputs = mapKept(query.outputs, (output) => {
    if (output.kind !== 'column' || output.display === undefined || keeps(output)) return output;
    const { display, ...rest } = output;
    return rest;
  });
  return outputs === query.outputs ? query : { ...query, outputs };
}

/** May this visitor's owner see what the display of an output needs? */
export const seesDisplay = (output: Output, visitor: QueryVisitor): boolean => visitDisplay(output, visitor);

/** The same query over only those rows that may be looked at, in every table that it touches, as `restrictQuery` does. */
export function restrictFlatQuery(query: FlatQuery, restriction: RowRestriction): FlatQuery {
  const own = restriction.rowsOf(query.table);
  const where = andFlat(
    query.where && restrictFlatCondition(query.where, restriction),
    own === undefined ? undefined : { kind: 'row', source: 0, where: own },
  );
  const joins = mapKept(query.joins, (join) => restrictJoin(join, restriction));
  const outputs = mapKept(query.outputs, (output) => restrictDisplay(output, restriction));
  const same = where === query.where && joins === query.joins && outputs === query.outputs;
  return same ? query : { ...query, where, joins, outputs };
}

export function andFlat(...conditions: readonly (FlatCondition | undefined)[]): FlatCondition | undefined {
  const of = conditions.filter((condition) => condition !== undefined);
  return of.length <= 1 ? of[0] : { kind: 'and', of };
}

function restrictFlatCondition(condition: FlatCondition, restriction: RowRestriction): FlatCondition {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const of = mapKept(condition.of, (each) => restrictFlatCondition(each, restriction));
      return of === condition.of ? condition : { ...condition, of };
    }
    case 'row': {
      const where = restrictCondition(condition.where, restriction);
      return where === condition.where ? condition : { ...condition, where };
    }
    case 'compareRows':
      return condition;
    default:
      return unreachable(condition);
  }
}

function restrictJoin(join: Join, restriction: RowRestriction): Join {
  const where = join.where && restrictCondition(join.where, restriction);
  const among = amongOf(join.among, rowsOfTied(join.table, restriction), restriction);
  if (where === join.where && among === join.among) return join;
  return { ...join, ...(where && { where }), ...(among && { among }) };
}

function restrictDisplay(output: Output, restriction: RowRestriction): Output {
  if (output.kind !== 'column' || output.display === undefined) return output;
  const { display } = output;
  const among = amongOf(display.among, restriction.rowsOf(display.navigation.target), restriction);
  return among === undefined || among === display.among ? output : { ...output, display: { ...display, among } };
}

const amongOf = (
  own: Condition | undefined,
  rows: Condition | undefined,
  restriction: RowRestriction,
): Condition | undefined => and(own && restrictCondition(own, restriction), rows);
