import type { Guid } from '../kernel/ids.ts';
import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import { valueOfJson } from './body-values.ts';
import type { Differences } from './fidelity.ts';
import { type BodyFormat, parseContentType, type RequestHeaders } from './headers.ts';
import { type JsonObject, type JsonValue, parseJson } from './json.ts';
import type { Bind, Values } from './operation.ts';
import { refuse } from './problems.ts';
import type { Value } from './query.ts';
import { parseRowReference, type ReferenceScope } from './row-reference.ts';

/** Arrays and objects inside each other. */
const maxJsonDepth = 64;

export interface JsonBody extends BodyFormat {
  readonly members: JsonObject;
}

/**
 * A request body as a JSON object in UTF-8; a byte order mark is let through. `subject` is the entity set (or message)
 * that refusals name. An empty body is an empty object where `mayBeEmpty`.
 */
export function parseJsonBody(body: Buffer, headers: RequestHeaders, subject: string, mayBeEmpty = false): JsonBody {
  if (body.length === 0 && mayBeEmpty) return { members: new Map(), numbersAsText: false };
  const format = parseContentType(headers);
  const members = parseJson(decodeUtf8(body, subject), {
    maxDepth: maxJsonDepth,
    refuse: (what, at) => refuse.payload(subject, `${what} at position ${at}.`),
  });
  if (!(members instanceof Map)) throw refuse.payload(subject, 'the body must be a JSON object.');
  return { ...format, members };
}

function decodeUtf8(body: Buffer, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refuse.payload(subject, 'the body is not UTF-8.');
  }
}

export interface RowBodyScope extends ReferenceScope {
  readonly table: Table;
  readonly differences: Differences;
  /** The row's id for an update, `undefined` for a create. */
  readonly id: Guid | undefined;
}

export interface RowBody {
  readonly values: Values;
  readonly binds: readonly Bind[];
}

/**
 * A JSON body as values of columns and targets of lookups, each checked against the model. On create, `null` for a
 * required column means that it was not given: a default or a number sequence may fill it, or the create is refused.
 * Columns that can only be set on create are left to `refuseCreateOnly`.
 */
export function bindRowBody({ members, numbersAsText }: JsonBody, scope: RowBodyScope): RowBody {
  const values = new Map<Column, Value>();
  const binds: Bind[] = [];
  for (const [name, given] of members) {
    const at = name.indexOf('@');
    if (at >= 0) {
      const bind = bindAnnotation(name, at, given, scope);
      if (bind !== undefined) binds.push(bind);
      continue;
    }
    const column = writableColumn(name, given, scope);
    if (column === undefined) continue;
    const value = given === null ? null : valueOfJson(column, given, { model: scope.model, numbersAsText });
    if (!isEmptyRequired(column, value, scope)) values.set(column, value);
  }
  return { values, binds };
}

/** The column that a member sets; `undefined` for the key of the row that is being updated, repeated in the body. */
function writableColumn(name: string, given: JsonValue, { table, id }: RowBodyScope): Column | undefined {
  const column = table.property.get(name);
  if (column === undefined) return refuseNoColumn(name, table);
  if (column === table.primaryKey) {
    if (id === undefined && table.kind === 'native') return column;
    if (id !== undefined && typeof given === 'string' && given.toLowerCase() === id) return undefined;
    throw refuse.readOnly(column);
  }
  if (column.type === 'Lookup') throw refuse.lookupByValue(column);
  if (column.access === 'read-only') throw refuse.readOnly(column);
  return column;
}

function refuseNoColumn(name: string, table: Table): never {
  if (!table.navigation.has(name)) throw refuse.invalidProperty(name.slice(0, 200), table);
  throw refuse.notSupported(`a nested row under the navigation property '${name}' (deep insert)`);
}

/** Whether a required column was given no value. Refused on update: nothing would fill it. */
function isEmptyRequired(column: Column, value: Value, { table, id }: RowBodyScope): boolean {
  const isEmpty = value === null || (value === '' && table.kind === 'virtual');
  if (column.required !== true || !isEmpty) return false;
  if (id !== undefined || column.requiredOnCreate === true) throw refuse.required(column);
  return true;
}

/** `name@annotation`: a bind, or an annotation that says nothing to a write and is let through. */
function bindAnnotation(name: string, at: number, given: JsonValue, scope: RowBodyScope): Bind | undefined {
  const target = name.slice(0, at);
  const term = name.slice(at + 1);
  if (term !== 'odata.bind') {
    // A misspelt bind must not be lost silently.
    if (/bind$/i.test(term)) throw refuse.invalidProperty(name.slice(0, 200), scope.table);
    return undefined;
  }
  const navigation = scope.table.navigation.get(target);
  if (navigation === undefined) throw refuse.undeclaredNavigation(target.slice(0, 200), scope.table);
  if (navigation.kind !== 'single') {
    throw refuse.notSupported(`'${name}': binding the collection-valued navigation property '${target}'`);
  }
  refuseReadOnlyLookup(navigation.column);
  if (given === null && navigation.column.required === true) throw refuse.required(navigation.column);
  noteLookupWrite(navigation, scope.differences);
  return { navigation, id: given === null ? null : bindTarget(name, navigation, given, scope) };
}

function bindTarget(name: string, navigation: SingleNavigation, given: JsonValue, scope: RowBodyScope): Guid {
  const { entitySetName } = scope.table;
  if (typeof given !== 'string') throw refuse.payload(entitySetName, `the value of '${name}' must be a URL or null.`);
  const { table, id } = parseRowReference(given, scope, entitySetName);
  if (table !== navigation.target) throw refuse.wrongTarget(navigation.name, navigation.target, table);
  return id;
}

/** Refuses to write a lookup that only follows readable columns, and says which. */
export function refuseReadOnlyLookup(column: Column): void {
  if (column.access !== 'read-only') return;
  throw refuse.readOnlyLookup(column, Object.keys(column.lookup?.resolvedFrom ?? {}));
}

/** Virtual tables of the real product cannot be associated by their lookups. */
export function noteLookupWrite(navigation: Navigation, differences: Differences): void {
  const owner = navigation.kind === 'manyToMany' ? navigation.intersect : navigation.column.table;
  if (owner.kind === 'virtual') differences.use('candidate-request-lookup');
}

/**
 * Refuses columns and lookups that can only be set on create. The parser does so for a PATCH that cannot create; whoever
 * carries out a PATCH that may do both must call it once the row turns out to exist.
 */
export function refuseCreateOnly({ values, binds }: RowBody): void {
  for (const column of [...values.keys(), ...binds.map(({ navigation }) => navigation.column)]) {
    if (column.access === 'write-once') throw refuse.writeOnce(column);
  }
}
