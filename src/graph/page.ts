import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { type EntityType, type GraphObject, renderEntity } from './entity-type.ts';
import { compileFilter } from './filter.ts';
import { findName } from './names.ts';
import { graphRefusal } from './problems.ts';
import { type QueryOptions, singleName } from './query-options.ts';

/** What of an object is shown. */
export interface Shape {
  readonly selected: readonly string[] | undefined;
  readonly expanded: readonly string[];
}

/** One page of a list, ready to be sent. */
export interface GraphPage {
  readonly value: readonly GraphObject[];
  /** The query of the next page, if there is one. */
  readonly next: string | undefined;
  readonly count: number | undefined;
  readonly shape: Shape;
}

const defaultTop = 100;

/** `$select` and `$expand` as names of the type. Throws a Refusal (400) for a name that it does not have. */
export function bindShape<T>(type: EntityType<T>, { select, expand }: QueryOptions): Shape {
  const names = Object.keys(type.properties);
  const bindSelected = (text: string): string => {
    const name = findName(names, text);
    if (name === undefined) throw graphRefusal('noSuchProperty', [text, type.name]);
    return name;
  };
  const everything = select?.some(({ steps }) => steps.length === 1 && steps[0]?.kind === 'star') ?? true;
  const expanded = (expand ?? []).map(({ steps, options }) => {
    if (options.length > 0) throw graphRefusal('notImplemented', ["options inside '$expand'"]);
    const text = singleName('$expand', steps);
    const name = findName(Object.keys(type.expandable), text);
    if (name === undefined) throw graphRefusal('notImplemented', [`'$expand' of '${text}'`]);
    return name;
  });
  return {
    selected: everything
      ? undefined
      : [...new Set(select?.map(({ steps }) => bindSelected(singleName('$select', steps))))],
    expanded: [...new Set(expanded)],
  };
}

/** Whether the request is an advanced query, which some options need. */
export interface Consistency {
  /** The header `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
}

/**
 * One page of `rows` as the query asks for it. Order: `$orderby`, then object id. Filter and order that Microsoft Graph
 * gives only to advanced queries are refused without them.
 */
export function takePage<T>(
  type: EntityType<T>,
  rows: readonly T[],
  query: QueryOptions,
  directory: DirectorySnapshot,
  { eventual }: Consistency,
): GraphPage {
  const shape = bindShape(type, query);
  const advanced = eventual && query.count;
  if (advanced && shape.expanded.length > 0) throw graphRefusal('unsupportedQuery', ['`$expand` in an advanced query']);
  const found = filterRows(type, rows, query, directory, advanced);
  const ordered = orderRows(type, found, query, directory, advanced);
  const after = query.skipToken === undefined ? undefined : parsePlace(query.skipToken);
  const rest = after === undefined ? ordered : ordered.filter(({ place }) => ordersAfter(place, after, query));
  const page = rest.slice(0, query.top ?? defaultTop);
  const last = page.at(-1);
  return {
    value: page.map(({ row }) => renderEntity(type, row, directory, shape)),
    next: last === undefined || page.length === rest.length ? undefined : nextQuery(query, last.place),
    // Microsoft Graph counts on the first page, and says nothing where the header is missing.
    count: advanced && after === undefined ? found.length : undefined,
    shape,
  };
}

/** How many rows the filter leaves: `/$count`. */
export function countRows<T>(
  type: EntityType<T>,
  rows: readonly T[],
  query: QueryOptions,
  directory: DirectorySnapshot,
  { eventual }: Consistency,
): number {
  if (!eventual) throw graphRefusal('countUnsupported');
  return filterRows(type, rows, query, directory, true).length;
}

function filterRows<T>(
  type: EntityType<T>,
  rows: readonly T[],
  { filter, orderBy }: QueryOptions,
  directory: DirectorySnapshot,
  advanced: boolean,
): readonly T[] {
  if (filter === undefined) return rows;
  const compiled = compileFilter(type, filter);
  if (!advanced && compiled.advanced) throw graphRefusal('unsupportedQuery', ['`ne` and `not` in `$filter`']);
  if (!advanced && orderBy !== undefined) throw graphRefusal('unsortable');
  return rows.filter((row) => compiled.test(row, directory));
}

/** Where a row stands: the value that the list is ordered by, if any, and its id. */
type Place = readonly [key: string, id: string];

interface Placed<T> {
  readonly row: T;
  readonly place: Place;
}

function orderRows<T>(
  type: EntityType<T>,
  rows: readonly T[],
  query: QueryOptions,
  directory: DirectorySnapshot,
  advanced: boolean,
): readonly Placed<T>[] {
  const keyOf = orderKey(type, query, directory, advanced);
  const placed = rows.map((row): Placed<T> => ({ row, place: [keyOf(row), type.idOf(row)] }));
  const sign = isDescending(query) ? -1 : 1;
  return placed.sort((one, other) => comparePlaces(one.place, other.place, sign));
}

function orderKey<T>(
  type: EntityType<T>,
  { orderBy }: QueryOptions,
  directory: DirectorySnapshot,
  advanced: boolean,
): (row: T) => string {
  const [item, ...more] = orderBy ?? [];
  if (item === undefined) return () => '';
  if (item.value.kind !== 'path' || more.length > 0) throw graphRefusal('unsortable');
  const text = singleName('$orderby', item.value.steps);
  const name = findName(Object.keys(type.properties), text);
  if (name === undefined) throw graphRefusal('noSuchProperty', [text, type.name]);
  const property = type.properties[name];
  if (property?.sortable !== true || !advanced) throw graphRefusal('unsortable');
  return (row) => String(property.get(row, { directory, selected: false }) ?? '').toLowerCase();
}

const isDescending = ({ orderBy }: QueryOptions): boolean => orderBy?.[0]?.descending === true;
const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const comparePlaces = (one: Place, other: Place, sign: 1 | -1): number =>
  sign * compareTexts(one[0], other[0]) || compareTexts(one[1], other[1]);
const ordersAfter = (place: Place, after: Place, query: QueryOptions): boolean =>
  comparePlaces(place, after, isDescending(query) ? -1 : 1) > 0;

function nextQuery({ sent }: QueryOptions, place: Place): string {
  const token = Buffer.from(JSON.stringify(place)).toString('base64url');
  return [...sent, ['$skiptoken', token] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** A place out of the client's hands: it says where to go on, and nothing of it is trusted. */
function parsePlace(token: string): Place {
  const value = parseJson(Buffer.from(token, 'base64url').toString());
  const [key, id, ...more] = Array.isArray(value) ? value : [];
  if (typeof key !== 'string' || typeof id !== 'string' || more.length > 0) {
    throw graphRefusal('invalidOption', ['$skiptoken', 'not one of ours']);
  }
  return [key, id];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
