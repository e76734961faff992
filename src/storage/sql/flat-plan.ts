import type { Column } from '../../metadata/table.ts';
import { type FlatQuery, sortsByAggregate } from '../../odata/flat-query.ts';
import type { Value } from '../../odata/query.ts';
import type { FlatPage, FlatRow } from '../../odata/row-store.ts';
import { orderKey } from '../text-key.ts';
import type { Codec } from './codec.ts';
import { scaleDecimal } from './decimal.ts';
import type { Render } from './plan-builder.ts';
import type { RawRows } from './row-transaction.ts';

/** A statement, and how each of its rows is read: total, version, place in the order, then the outputs. */
export interface FlatPlan {
  readonly render: Render;
  readonly hasTotal: boolean;
  readonly hasVersion: boolean;
  /** Columns whose values mark a place. */
  readonly terms: readonly Column[];
  readonly outputs: readonly OutputReader[];
}

export interface OutputReader {
  /** How many of the statement's columns are this output's; its display is the last one. */
  readonly width: number;
  readonly hasDisplay: boolean;
  value(raw: readonly unknown[]): Value;
}

/** Rows of a statement, of which one may be too many, as the page that the caller sees. */
export function makeFlatPage(
  codec: Codec,
  query: FlatQuery,
  plan: FlatPlan,
  raw: RawRows,
  count: number | undefined,
): FlatPage {
  const total = plan.hasTotal ? Number(raw[0]?.[0] ?? 0) : 0;
  if (query.aggregateLimit !== undefined && total > query.aggregateLimit) {
    return { rows: [], count: undefined, more: false, next: undefined, tooMany: true };
  }
  if (sortsByAggregate(query)) return sortedPage(codec, query, plan, raw, count);
  const shown = raw.slice(0, query.limit);
  const more = raw.length > query.limit;
  const last = more ? shown.at(-1) : undefined;
  const start = plan.hasTotal || plan.hasVersion ? 1 : 0;
  const next = last && plan.terms.map((column, at) => codec.dialect.decode(column, last[start + at]));
  return { rows: shown.map((row) => readRow(plan, row)), count, more, next, tooMany: false };
}

function readRow({ hasTotal, hasVersion, terms, outputs }: FlatPlan, raw: readonly unknown[]): FlatRow {
  const values: Value[] = [];
  const displays: (string | undefined)[] = [];
  let at = (hasTotal || hasVersion ? 1 : 0) + terms.length;
  for (const [place, output] of outputs.entries()) {
    const own = raw.slice(at, at + output.width);
    values.push(output.value(own));
    const display = output.hasDisplay ? own.at(-1) : null;
    if (display !== null && display !== undefined) displays[place] = String(display);
    at += output.width;
  }
  return { values, displays, version: hasVersion ? BigInt(String(raw[0])) : undefined };
}

/** All groups, sorted here: by exact sums and averages, which no database sorts by. They are few (`aggregateLimit`). */
function sortedPage(codec: Codec, query: FlatQuery, plan: FlatPlan, raw: RawRows, count: number | undefined): FlatPage {
  const places = query.orderBy.map((order) => ({
    at: order.kind === 'output' ? order.output : -1,
    descending: order.descending,
  }));
  const keyed = raw.map((row) => {
    const read = readRow(plan, row);
    return { read, keys: places.map(({ at }) => sortKey(codec, query, at, read.values[at] ?? null)) };
  });
  keyed.sort((left, right) => {
    for (const [place, { descending }] of places.entries()) {
      const order = compareKeys(left.keys[place] ?? null, right.keys[place] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  const end = query.offset + query.limit;
  const rows = keyed.slice(query.offset, end).map(({ read }) => read);
  return { rows, count, more: keyed.length > end, next: undefined, tooMany: false };
}

type SortKey = string | number | bigint | boolean | null | Buffer;

/** Digits that numbers are brought to before they are compared: more than any column has. */
const sortedDigits = 20;

function sortKey({ alphabet }: Codec, { outputs }: FlatQuery, at: number, value: Value): SortKey {
  const output = outputs[at];
  if (output === undefined || value === null) return null;
  const isNumber =
    output.kind === 'aggregate' && output.function !== 'min' && output.function !== 'max'
      ? true
      : output.column.type === 'Decimal';
  if (isNumber) return scaleDecimal(String(value), sortedDigits).floor;
  return output.column.isText && output.kind !== 'datePart' ? Buffer.from(orderKey(String(value), alphabet)) : value;
}

/** Absent values are lowest. */
function compareKeys(left: SortKey, right: SortKey): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (Buffer.isBuffer(left) && Buffer.isBuffer(right)) return Buffer.compare(left, right);
  return left < right ? -1 : Number(left > right);
}
