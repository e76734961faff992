import { type Guid, getGuid } from '../kernel/ids.ts';
import { alternateKeysOf } from '../metadata/alternate-keys.ts';
import type { Column, Table } from '../metadata/table.ts';
import { valueOfLiteral } from './bind-literal.ts';
import type { Differences } from './fidelity.ts';
import { JsonNumber, type JsonObject, type JsonValue } from './json.ts';
import { type Place, refuse } from './problems.ts';
import { and, type Condition, equals, type Value } from './query.ts';
import type { Argument, PathSegment } from './syntax/tree.ts';

/** A row named by an alternate key: `set(code='x',number=1)`. */
export interface KeyValues {
  readonly table: Table;
  readonly values: ReadonlyMap<Column, Exclude<Value, null>>;
}

/** Rows by other keys that one request may name. Each is looked up by itself. */
const maxKeys = 100;

/**
 * Which rows the alternate keys of one request name. The parser looks at nothing but its input, so it is called twice: the
 * first time it notes the keys here, the second time their rows are known.
 */
export class KeyBook {
  // Almost no request names a row so, and two maps for each of them are felt.
  #asked: Map<string, KeyValues> | undefined;
  #found: Map<string, Guid | undefined> | undefined;

  /** The row's id; `undefined` when there is none. Before it has been looked up: an id that is no row's. */
  find(key: KeyValues): Guid | undefined {
    const name = nameOf(key);
    if (this.#found?.has(name) === true) return this.#found.get(name);
    this.#asked ??= new Map();
    this.#asked.set(name, key);
    if (this.#asked.size > maxKeys) throw refuse.limit('alternate keys', maxKeys);
    return noRow;
  }

  /** Keys that have been asked for. */
  get asked(): readonly KeyValues[] {
    return [...(this.#asked?.values() ?? [])];
  }

  get hasAsked(): boolean {
    return this.#asked !== undefined;
  }

  settle(key: KeyValues, id: Guid | undefined): void {
    this.#found ??= new Map();
    this.#found.set(nameOf(key), id);
  }
}

const noRow = getGuid('00000000-0000-0000-0000-000000000000');

const nameOf = ({ table, values }: KeyValues): string =>
  JSON.stringify([table.logicalName, ...[...values].map(([column, value]) => [column.name, String(value)]).sort()]);

/** Rows that have the key: one at most. */
export const keyCondition = ({ values }: KeyValues): Condition =>
  and(...[...values].map(([column, value]) => equals(column, value))) ?? { kind: 'never' };

/**
 * The members of a body for a new row with this key: what the body says itself comes first (dataverse-web-api 4.9). They
 * go the way of any other member, and are held to lengths, ranges and options like them.
 */
export function withKeyMembers(members: JsonObject, { values }: KeyValues): JsonObject {
  const all = new Map(members);
  for (const [column, value] of values) {
    const [name, given] = memberOf(column, value);
    if (!all.has(name)) all.set(name, given);
  }
  return all;
}

/** A value as a body would give it; that of a lookup is a bind. */
function memberOf(column: Column, value: Exclude<Value, null>): readonly [name: string, given: JsonValue] {
  const navigation = column.lookup && column.table.navigation.get(column.lookup.navigation);
  if (navigation !== undefined) {
    return [`${navigation.name}@odata.bind`, `/${navigation.target.entitySetName}(${String(value)})`];
  }
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || column.type === 'Decimal';
  return [column.property, isNumber ? new JsonNumber(String(value)) : value];
}

/** Where alternate keys may stand. */
export interface KeyScope {
  readonly differences: Differences;
  readonly keys: KeyBook;
}

/** The columns and values in parentheses as one of the table's alternate keys (dataverse-web-api 4.7). */
export function parseAlternateKey(
  table: Table,
  segment: PathSegment,
  given: readonly Argument[],
  { differences }: KeyScope,
): KeyValues {
  const named = new Map<Column, Argument>();
  for (const argument of given) {
    const column = argument.name === undefined ? undefined : table.property.get(argument.name);
    if (column === undefined || named.has(column)) throw refuse.keyNotDefined(table, placeIn(segment, argument.at));
    named.set(column, argument);
  }
  const isKey = alternateKeysOf(table).some(
    ({ columns }) => columns.length === named.size && columns.every((column) => named.has(column)),
  );
  if (!isKey) throw refuse.keyNotDefined(table, placeIn(segment, given[0]?.at ?? 0));
  if (table.kind === 'virtual') differences.use('virtual-key');
  return {
    table,
    values: new Map([...named].map(([column, argument]) => [column, keyValue(column, argument, segment)])),
  };
}

const placeIn = ({ text, part }: PathSegment, at: number): Place => ({ text, part, at });

function keyValue(column: Column, { value, at }: Argument, segment: PathSegment): Exclude<Value, null> {
  const place = placeIn(segment, at);
  const literal = value.kind === 'literal' && value.literal.type !== 'null' ? value.literal : undefined;
  const found = literal && valueOfLiteral(column, literal, place);
  if (found === undefined)
    throw refuse.syntax(`Error in query syntax: a value for '${column.property}' expected`, place);
  return found;
}
