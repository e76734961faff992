import type { Column, Navigation, SingleNavigation, Table } from '../../../src/metadata/table.ts';
import { equalityKey, orderKey } from '../../../src/storage/text-key.ts';
import type { WireRow } from '../../support/odata.ts';
import { idOf, type World } from './world.ts';

/** What docs/web-api.md says of queries, written down a second time over rows as the wire shows them. */

export interface ColumnPath {
  readonly through: readonly SingleNavigation[];
  readonly column: Column;
}

export type Wire = string | number | boolean | null;
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { readonly kind: 'compare'; readonly path: ColumnPath; readonly op: Comparison; readonly value: Wire }
  | { readonly kind: 'columns'; readonly left: Column; readonly right: Column; readonly op: Comparison }
  | {
      readonly kind: 'text';
      readonly path: ColumnPath;
      readonly op: 'contains' | 'startswith' | 'endswith';
      readonly text: string;
    }
  | { readonly kind: 'in'; readonly path: ColumnPath; readonly values: readonly Wire[] }
  | {
      /** A query function: its name and parameters, and whether a value that is there meets it. */
      readonly kind: 'call';
      readonly path: ColumnPath;
      readonly name: string;
      readonly parameters: string;
      readonly meets: (value: Exclude<Wire, null>) => boolean;
      /** Holds for absent values (`NotIn`). */
      readonly orAbsent: boolean;
    }
  | {
      readonly kind: 'lambda';
      readonly navigation: Navigation;
      readonly op: 'any' | 'all';
      readonly where: Filter | undefined;
    }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter };

export interface SortKey {
  readonly path: ColumnPath;
  readonly descending: boolean;
}

/** `null` is neither true nor false. */
type Truth = boolean | null;

function valueAt(world: World, row: WireRow, { through, column }: ColumnPath): Wire {
  let at: WireRow | undefined = row;
  for (const navigation of through) {
    at = world.related(at, navigation)[0];
    if (at === undefined) return null;
  }
  return (at[column.property] ?? null) as Wire;
}

function holds(world: World, row: WireRow, filter: Filter, negated = false): Truth {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const truths = filter.of.map((each) => holds(world, row, each, negated));
      const decisive = (filter.kind === 'or') !== negated;
      if (truths.includes(decisive)) return decisive;
      return truths.includes(null) ? null : !decisive;
    }
    case 'not':
      return holds(world, row, filter.of, !negated);
    case 'lambda': {
      const { navigation, op, where } = filter;
      const met = (other: WireRow): boolean => where === undefined || holds(world, other, where) === true;
      const related = world.related(row, navigation);
      return (op === 'any' ? related.some(met) : related.every(met)) !== negated;
    }
    case 'compare':
      return compareTruth(valueAt(world, row, filter.path), filter, negated);
    case 'columns': {
      const [left, right] = [filter.left, filter.right].map((column) => (row[column.property] ?? null) as Wire);
      if (left === null || left === undefined || right === null || right === undefined) return null;
      return byOperator(filter.op, compare(filter.left, left, right)) !== negated;
    }
    case 'text': {
      const value = valueAt(world, row, filter.path);
      return value === null ? null : fits(String(value), filter.op, filter.text) !== negated;
    }
    case 'in': {
      const value = valueAt(world, row, filter.path);
      if (value === null) return filter.values.includes(null) ? !negated : null;
      const among = filter.values.some((each) => each !== null && compare(filter.path.column, value, each) === 0);
      return among !== negated;
    }
    case 'call': {
      const value = valueAt(world, row, filter.path);
      if (value === null) return filter.orAbsent ? !negated : null;
      return filter.meets(value) !== negated;
    }
  }
}

function compareTruth(
  value: Wire,
  { op, value: wanted, path }: Extract<Filter, { kind: 'compare' }>,
  negated: boolean,
): Truth {
  const isEquality = op === 'eq' || op === 'ne';
  const asked = negated && isEquality ? (op === 'eq' ? 'ne' : 'eq') : op;
  if (wanted === null) return isEquality ? (value === null) === (asked === 'eq') : null;
  if (value === null) return asked === 'ne' ? true : null;
  const truth = byOperator(asked, compare(path.column, value, wanted));
  return isEquality ? truth : truth !== negated;
}

function byOperator(op: Comparison, difference: number): boolean {
  const truths = {
    eq: difference === 0,
    ne: difference !== 0,
    gt: difference > 0,
    ge: difference >= 0,
    lt: difference < 0,
    le: difference <= 0,
  };
  return truths[op];
}

/** Text by the alphabet without regard to case, everything else by its value. */
export function compare(column: Column, left: Exclude<Wire, null>, right: Exclude<Wire, null>): number {
  if (!column.isText) return left < right ? -1 : Number(left > right);
  return Buffer.compare(Buffer.from(orderKey(String(left), 'nb')), Buffer.from(orderKey(String(right), 'nb')));
}

/** With LIKE's wildcards, as a regular expression. */
function fits(value: string, op: 'contains' | 'startswith' | 'endswith', text: string): boolean {
  const pattern = equalityKey(text).replace(/\[(\^?)([^\]]+)\]|%|_|[\s\S]/gu, (part, negated, set) => {
    if (part === '%') return '[\\s\\S]*';
    if (part === '_') return '[\\s\\S]';
    if (set === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return `[${negated}${String(set).replace(/[\\\]^]/g, '\\$&')}]`;
  });
  const [before, after] = [op === 'startswith' ? '^' : '', op === 'endswith' ? '$' : ''];
  return new RegExp(`${before}(?:${pattern})${after}`, 'u').test(equalityKey(value));
}

function sort(world: World, table: Table, rows: readonly WireRow[], keys: readonly SortKey[]): readonly WireRow[] {
  const down = keys.at(-1)?.descending ?? false;
  const all: readonly SortKey[] = [...keys, { path: { through: [], column: table.primaryKey }, descending: down }];
  return [...rows].sort((a, b) => {
    for (const { path, descending } of all) {
      const [left, right] = [valueAt(world, a, path), valueAt(world, b, path)];
      const difference =
        left === null || right === null
          ? Number(left !== null) - Number(right !== null)
          : compare(path.column, left, right);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return idOf(table, a) < idOf(table, b) ? -1 : 1;
  });
}

/** Rows of a set that a query gives, in order. */
export function select(
  world: World,
  table: Table,
  rows: readonly WireRow[],
  where: Filter | undefined,
  order: readonly SortKey[],
): readonly WireRow[] {
  const met = rows.filter((row) => where === undefined || holds(world, row, where) === true);
  return sort(world, table, met, order);
}
