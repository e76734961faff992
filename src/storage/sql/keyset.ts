import type { Column } from '../../metadata/table.ts';
import type { Query, Value } from '../../odata/query.ts';
import { comparedValue } from './codec.ts';
import { comparedColumn, reference } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** One column of a total order. */
interface OrderTerm {
  readonly column: Column;
  readonly descending: boolean;
  /** Where its value is in `Query.after` and `Page.next`. */
  readonly place: number;
  readonly nullable: boolean;
}

/**
 * The order columns, then the primary key, which breaks ties in the direction of the last order column, so that one
 * index can be read from either end. A column that comes again adds nothing.
 */
export function orderTerms(query: Query): readonly OrderTerm[] {
  const { primaryKey } = query.table;
  const last = query.orderBy.at(-1);
  const all = [...query.orderBy, { column: primaryKey, descending: last?.descending ?? false }];
  const terms: OrderTerm[] = [];
  for (const [place, { column, descending }] of all.entries()) {
    if (terms.some((term) => term.column === column)) continue;
    terms.push({ column, descending, place, nullable: column !== primaryKey });
  }
  return terms;
}

/** The columns whose values mark a place in the order: `Page.next`, `Query.after`. */
export const placeColumns = (query: Query): readonly Column[] => [
  ...query.orderBy.map(({ column }) => column),
  query.table.primaryKey,
];

/** `order by` list. Absent values are lowest: first when ascending, last when descending. */
export function orderSql(builder: PlanBuilder, terms: readonly OrderTerm[], alias: string): string {
  const { dialect } = builder;
  return terms
    .map(({ column, descending, nullable }) => {
      const direction = descending ? dialect.descending(nullable) : dialect.ascending(nullable);
      return `${reference(alias, comparedColumn(column))} ${direction}`;
    })
    .join(', ');
}

/** Condition for the rows that come after a place in the order. */
export function buildAfter(
  builder: PlanBuilder,
  terms: readonly OrderTerm[],
  after: readonly Value[],
  alias: string,
): Render {
  if (terms.some(({ place }) => place >= after.length))
    throw new TypeError('a place has a value for each order column');
  const marks = terms.map((term) => buildMark(builder, term, after[term.place] ?? null, alias));
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

function buildMark(builder: PlanBuilder, term: OrderTerm, value: Value, alias: string): Mark {
  const { column, descending, nullable } = term;
  builder.shape += value === null ? 'n' : 'v';
  return {
    name: () => reference(alias, comparedColumn(column)),
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
