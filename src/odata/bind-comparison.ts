import type { ColumnType } from '../metadata/table.ts';
import { literalType, valueOfLiteral } from './bind-literal.ts';
import type { BoundPath } from './bind-path.ts';
import { edmType } from './edm-type.ts';
import { isEmptyDate } from './empty-date.ts';
import { type Place, refuse } from './problems.ts';
import type { ComparisonOperator, Condition } from './query.ts';
import type { Literal } from './syntax/tree.ts';

/** Names in the product's messages; what the operator is with its sides exchanged; what `not` makes of it. */
export const operators = {
  eq: { name: 'Equal', flipped: 'eq', negated: 'ne' },
  ne: { name: 'NotEqual', flipped: 'ne', negated: 'eq' },
  gt: { name: 'GreaterThan', flipped: 'lt', negated: undefined },
  ge: { name: 'GreaterThanOrEqual', flipped: 'le', negated: undefined },
  lt: { name: 'LessThan', flipped: 'gt', negated: undefined },
  le: { name: 'LessThanOrEqual', flipped: 'ge', negated: undefined },
} as const satisfies Record<
  ComparisonOperator,
  { name: string; flipped: ComparisonOperator; negated: ComparisonOperator | undefined }
>;

export const isComparison = (op: string): op is ComparisonOperator => op in operators;

/** Columns of the same class may be compared with each other. */
const comparisonClass = {
  String: 'text',
  Memo: 'text',
  Guid: 'id',
  Lookup: 'id',
  Integer: 'whole',
  Choice: 'whole',
  Choices: 'options',
  BigInt: 'whole',
  Decimal: 'decimal',
  Boolean: 'boolean',
  Date: 'moment',
  DateTime: 'moment',
} as const satisfies Record<ColumnType, string>;

/** Of yes and no, and of several options, none is the greater one. */
export const isOrdered = (type: ColumnType, op: ComparisonOperator): boolean =>
  (type !== 'Boolean' && type !== 'Choices') || op === 'eq' || op === 'ne';

/**
 * A condition on the row that a path leads to. One that also holds where the way leads to no row comes with its opposite,
 * which does not.
 */
export type Reach = (path: BoundPath, where: Condition, opposite?: Condition) => Condition;

/** A comparison as it is written, its operands bound. */
export interface Comparison {
  readonly op: ComparisonOperator;
  readonly place: Place;
  /** `not` stands in front of it. */
  readonly negated: boolean;
}

/**
 * `column op literal`. `not` turns `eq` and `ne` into each other, which hold for rows without a value as well; any other
 * comparison with an absent value is neither true nor false, with and without `not` (see `Condition`).
 */
export function compareWithLiteral(
  comparison: Comparison,
  path: BoundPath,
  { literal, place: literalPlace }: { literal: Literal; place: Place },
  reach: Reach,
): Condition {
  const { place, negated } = comparison;
  const flipped = negated ? operators[comparison.op].negated : undefined;
  const op = flipped ?? comparison.op;
  const { column } = path;
  const isNull = literal.type === 'null';
  const isEquality = op === 'eq' || op === 'ne';
  // OData 4.01 section 5.1.1.1: an order comparison with null is false.
  if (isNull && !isEquality) return { kind: 'never' };
  const written = isNull ? null : valueOfLiteral(column, literal, literalPlace);
  const value = isEquality && written !== undefined && isEmptyDate(column, written) ? null : written;
  const isAbsence = value === null;
  if (value === undefined || !isOrdered(column.type, op)) {
    throw refuse.incompatibleTypes(edmType(column), literalType(literal), operators[comparison.op].name, place);
  }
  const condition = { kind: 'compare', op, column, value } as const;
  if (negated && flipped === undefined) return reach(path, { kind: 'not', of: condition });
  // `nav/x ne 1` and `nav/x eq null` also hold where there is no row to have an x.
  if (op !== (isAbsence ? 'eq' : 'ne')) return reach(path, condition);
  return reach(path, condition, { ...condition, op: operators[op].negated });
}

/** `column op column`, both of the same row. */
export function compareColumns(
  { op, place, negated }: Comparison,
  left: BoundPath,
  right: BoundPath,
  reach: Reach,
): Condition {
  const sameClass = comparisonClass[left.column.type] === comparisonClass[right.column.type];
  if (!sameClass || !isOrdered(left.column.type, op)) {
    throw refuse.incompatibleTypes(edmType(left.column), edmType(right.column), operators[op].name, place);
  }
  if (left.through.length + right.through.length > 0) {
    throw refuse.notSupported('a comparison of two columns of which one is in another row', place);
  }
  const condition: Condition = { kind: 'compareColumns', op, left: left.column, right: right.column };
  // Each side may be a lookup that only `extended` fidelity compares.
  reach(right, condition);
  return reach(left, negated ? { kind: 'not', of: condition } : condition);
}
