import type { Column, SingleNavigation, Table } from '../metadata/table.ts';
import type { ComparisonOperator, Condition, Value } from './query.ts';

/**
 * Rows of several joined tables, flat: each row of the answer is a list of values with names. What `$apply` and FetchXML
 * mean. Like `Query` it has its names resolved, is narrowed by the gates and compiled by storage.
 */
export interface FlatQuery {
  readonly table: Table;
  /** Each is tied to the query's own row or to an earlier join. */
  readonly joins: readonly Join[];
  readonly where: FlatCondition | undefined;
  /** Names are unique. */
  readonly outputs: readonly Output[];
  /**
   * `rows`: one row for each combination of joined rows. `groups`: one for each combination of values of the outputs that
   * are not aggregates; without such outputs just one, even where there are no rows.
   */
  readonly answer: 'rows' | 'groups';
  readonly orderBy: readonly FlatOrder[];
  readonly limit: number;
  /** Rows to pass over: paging without a place to go on from. */
  readonly offset: number;
  /** Only rows after this place in the order: values of `flatPlaces`. Not where an aggregate is sorted by. */
  readonly after: readonly Value[] | undefined;
  readonly countUpTo: number | undefined;
  /** More rows than this that go into groups are an error: `FlatPage.tooMany`. */
  readonly aggregateLimit: number | undefined;
  /** As in `Query`. */
  readonly hides?: readonly Column[];
  /** Give each row of the query's own table its version, for its ETag. Only with `rows`. */
  readonly version: boolean;
}

/** Which of the joined rows: 0 is the query's own, 1 that of the first join. */
export type Source = number;

export interface SourceColumn {
  readonly source: Source;
  readonly column: Column;
}

/** Rows of `table` whose `column` has the same value as `to`. */
export interface Join {
  /** `outer` keeps rows that have none; `first` too, and takes only one, the lowest by primary key. */
  readonly kind: 'inner' | 'outer' | 'first';
  readonly table: Table;
  readonly column: Column;
  readonly to: SourceColumn;
  /** Which rows are joined; others are as if they were not there. */
  readonly where?: Condition;
  /** Which rows may be looked at: set by the gates. */
  readonly among?: Condition;
}

/** A condition on joined rows. Columns of a row that an outer join did not find have no value. */
export type FlatCondition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly FlatCondition[] }
  | { readonly kind: 'row'; readonly source: Source; readonly where: Condition }
  | {
      readonly kind: 'compareRows';
      readonly op: ComparisonOperator;
      readonly left: SourceColumn;
      readonly right: SourceColumn;
    };

export type DatePart = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'fiscalPeriod' | 'fiscalYear';

/** `count` counts rows, `countColumn` those with a value, `countDistinct` different values. */
export type AggregateFunction = 'sum' | 'average' | 'min' | 'max' | 'count' | 'countColumn' | 'countDistinct';

export type Output = {
  readonly name: string;
} & (
  | (SourceColumn & {
      readonly kind: 'column';
      readonly display?: Display;
      /** Given as one of all columns. */
      readonly unnamed?: true;
      /** Given as `null` whatever is stored: set by the gates, on unnamed ones only. */
      readonly withheld?: true;
    })
  /** Part of a date, in UTC. Only with `groups`. */
  | ({ readonly kind: 'datePart'; readonly part: DatePart } & SourceColumn)
  /** Only with `groups`. `count` needs a column only to be shown like its values. */
  | ({ readonly kind: 'aggregate'; readonly function: AggregateFunction } & SourceColumn)
);

/** The name of the row that a lookup points to is wanted too; left out where a gate refuses it. */
export interface Display {
  readonly navigation: SingleNavigation;
  readonly among?: Condition;
}

/** With `groups` an output, with `rows` any column. */
export type FlatOrder = { readonly descending: boolean } & (
  | ({ readonly kind: 'column' } & SourceColumn)
  /** Place in `outputs`. */
  | { readonly kind: 'output'; readonly output: number }
);

/** What groups are made by. */
export type GroupKey = Exclude<Output, { kind: 'aggregate' }>;

/** The column that a key is compared and read as: parts of dates are whole numbers. */
export const keyColumn = (key: GroupKey): Column =>
  key.kind === 'column' ? key.column : { ...key.column, type: 'Integer', isText: false };

/** One of the values that mark a place in the order of a flat query. */
export interface FlatPlace extends SourceColumn {
  readonly descending: boolean;
  readonly nullable: boolean;
  /** With `groups`: which of the outputs it is. */
  readonly output?: number;
}

/**
 * What a flat query is sorted by, each once: its orders, then the primary keys of all joined rows, or all keys of the
 * groups. The direction of the last order is that of what follows.
 */
export function flatPlaces(query: FlatQuery): readonly FlatPlace[] {
  const places = query.answer === 'rows' ? rowPlaces(query) : groupPlaces(query);
  const seen = new Set<string>();
  return places.filter(({ source, column, output }) => {
    const name = `${output ?? ''} ${source} ${column.name}`;
    return !seen.has(name) && seen.add(name);
  });
}

function rowPlaces({ table, joins, orderBy }: FlatQuery): FlatPlace[] {
  const descending = orderBy.at(-1)?.descending ?? false;
  const orders = orderBy.map((order) => {
    if (order.kind === 'output') throw new TypeError('joined rows are sorted by columns');
    return { ...order, nullable: order.source !== 0 || order.column !== table.primaryKey };
  });
  const own = { source: 0, column: table.primaryKey, descending, nullable: false };
  const keys = joins.map(({ table: other, kind }, at) => ({
    source: at + 1,
    column: other.primaryKey,
    descending,
    nullable: kind !== 'inner',
  }));
  return [...orders, own, ...keys];
}

function groupPlaces({ outputs, orderBy }: FlatQuery): FlatPlace[] {
  const descending = orderBy.at(-1)?.descending ?? false;
  const orders = orderBy.map((order) => ({
    at: order.kind === 'output' ? order.output : -1,
    descending: order.descending,
  }));
  const all = [...orders, ...outputs.map((_, at) => ({ at, descending }))];
  return all.flatMap(({ at, descending: down }) => {
    const output = outputs[at];
    if (output === undefined || output.kind === 'aggregate') return [];
    return [{ source: output.source, column: keyColumn(output), descending: down, nullable: true, output: at }];
  });
}

/** What a sum is of no values: FetchXML's documentation shows 0 for groups without any. */
export const sumOfNothing = '0';

/** Digits after the point of an average: whole numbers have none (documented), decimals six at least. */
export const averageScale = ({ type, scale }: Column): number => (type === 'Decimal' ? Math.max(scale, 6) : 0);

/** Do the groups come in the order of an aggregate? Then there are no places to go on from. */
export const sortsByAggregate = ({ orderBy, outputs }: FlatQuery): boolean =>
  orderBy.some((order) => order.kind === 'output' && outputs[order.output]?.kind === 'aggregate');
