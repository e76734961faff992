import type { Guid } from '../kernel/ids.ts';
import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import { valueOfJson } from './body-values.ts';
import { isEmptyDate } from './empty-date.ts';
import type { Differences } from './fidelity.ts';
import { type BodyFormat, parseContentType, type RequestHeaders } from './headers.ts';
import { type JsonObject, type JsonValue, parseJson } from './json.ts';
import type { Bind, RowTree } from './operation.ts';
import { refuse } from './problems.ts';
import type { Value } from './query.ts';
import { parseRowReference, type ReferenceScope, type RowReference } from './row-reference.ts';

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

export type RowBody = Omit<RowTree, 'table'>;

/** What nested rows of one body have used up. */
export interface Nesting {
  rows: number;
}

/**
 * A JSON body as values of columns and targets of lookups, each checked against the model. On create, `null` for a
 * required column means that it was not given: a default or a number sequence may fill it, or the create is refused.
 * Columns that can only be set on create are left to `refuseCreateOnly`. `nesting`: of several rows in one body.
 */
export function bindRowBody(body: JsonBody, scope: RowBodyScope, nesting: Nesting = { rows: 0 }): RowBody {
  return bindMembers(body, scope, nesting);
}

interface Collected {
  readonly values: Map<Column, Value>;
  readonly binds: Bind[];
  readonly branches: RowTree['branches'][number][];
  readonly links: RowTree['links'][number][];
}

function bindMembers({ members, numbersAsText }: JsonBody, scope: RowBodyScope, nesting: Nesting): RowBody {
  const collected: Collected = { values: new Map(), binds: [], branches: [], links: [] };
  for (const [name, given] of members) {
    const at = name.indexOf('@');
    if (at >= 0) {
      bindAnnotation(name, at, given, scope, collected);
      continue;
    }
    const navigation = scope.table.property.has(name) ? undefined : scope.table.navigation.get(name);
    if (navigation !== undefined) {
      bindNested(navigation, given, { numbersAsText, scope, nesting }, collected);
      continue;
    }
    const column = writableColumn(name, given, scope);
    if (column === undefined) continue;
    const sent = given === null ? null : valueOfJson(column, given, { model: scope.model, numbersAsText });
    const value = isEmptyDate(column, sent) ? null : sent;
    if (!isEmptyRequired(column, value, scope)) collected.values.set(column, value);
  }
  refuseTwice(collected, scope.table);
  return collected;
}

/** One navigation property cannot be bound and hold a nested row. */
function refuseTwice({ binds, branches, links }: Collected, table: Table): void {
  const named = new Set<Navigation>();
  for (const { navigation } of [...binds, ...links, ...branches]) {
    const isSecond = named.has(navigation) && navigation.kind === 'single';
    if (isSecond) throw refuse.payload(table.entitySetName, `'${navigation.name}' is given in two ways.`);
    named.add(navigation);
  }
}

/** The column that a member sets; `undefined` for the key of the row that is being updated, repeated in the body. */
function writableColumn(name: string, given: JsonValue, { table, id }: RowBodyScope): Column | undefined {
  const column = table.property.get(name);
  if (column === undefined) throw refuse.invalidProperty(name.slice(0, 200), table);
  if (column === table.primaryKey) {
    if (id === undefined && table.kind === 'native') return column;
    if (id !== undefined && typeof given === 'string' && given.toLowerCase() === id) return undefined;
    throw refuse.readOnly(column);
  }
  if (column.type === 'Lookup') throw refuse.lookupByValue(column);
  if (column.access === 'read-only') throw refuse.readOnly(column);
  return column;
}

/** Whether a required column was given no value. Refused on update: nothing would fill it. */
function isEmptyRequired(column: Column, value: Value, { table, id }: RowBodyScope): boolean {
  const isEmpty = value === null || (value === '' && table.kind === 'virtual');
  if (column.required !== true || !isEmpty) return false;
  if (id !== undefined || column.requiredOnCreate === true) throw refuse.required(column);
  return true;
}

interface NestedScope {
  readonly numbersAsText: boolean;
  readonly scope: RowBodyScope;
  readonly nesting: Nesting;
}

/** Rows that one body may nest, at all levels together. */
const maxNestedRows = 1000;

/**
 * A member under the name of a navigation property: rows to be made with this one (deep insert, dataverse-web-api 4.8), or
 * `null`, which clears a lookup.
 */
function bindNested(navigation: Navigation, given: JsonValue, nested: NestedScope, collected: Collected): void {
  const { scope, nesting, numbersAsText } = nested;
  const { table, id } = scope;
  if (given === null && navigation.kind === 'single') {
    // On a new row there is nothing to clear.
    if (id !== undefined) collected.binds.push(bindSingle(navigation, null, navigation.name, scope));
    return;
  }
  if (id !== undefined) throw refuse.notSupported(`a nested row under '${navigation.name}' in an update`);
  const list = navigation.kind === 'single' ? [given] : given;
  if (!Array.isArray(list)) throw refuse.payload(table.entitySetName, `'${navigation.name}' must be an array of rows.`);
  refuseUnjoinable(navigation, scope);
  const { target } = navigation;
  const rows = (list as readonly JsonValue[]).map((row): RowTree => {
    if (!(row instanceof Map)) throw refuse.payload(table.entitySetName, `'${navigation.name}' must hold rows.`);
    if (++nesting.rows > maxNestedRows) throw refuse.limit('nested rows', maxNestedRows);
    return { table: target, ...bindMembers({ members: row, numbersAsText }, { ...scope, table: target }, nesting) };
  });
  if (rows.length > 0) collected.branches.push({ navigation, rows });
}

/** Is there more to be made than the row itself? */
export const isTree = ({ branches, links }: Pick<RowTree, 'branches' | 'links'>): boolean =>
  branches.length + links.length > 0;

/**
 * A row that is made with, or under, another one must be one that its lookup can be set to: through readable columns that
 * callers may write, or itself.
 */
export function refuseUnjoinable(
  navigation: Navigation,
  { table, differences }: Pick<RowBodyScope, 'table' | 'differences'>,
): void {
  if (table.kind !== navigation.target.kind) {
    throw refuse.notSupported(`a nested row under '${navigation.name}', which leads to another kind of table`);
  }
  if (table.kind === 'virtual') differences.use('virtual-deep-insert');
  if (navigation.kind === 'manyToMany') return;
  const { column } = navigation;
  const { company } = column.table;
  const followed = Object.keys(column.lookup?.resolvedFrom ?? {}).flatMap(
    (name) => column.table.column.get(name) ?? [],
  );
  const isFollowing = table.kind === 'virtual' && followed.length > 0;
  const isWritable = followed.every((local) => local === company || local.access !== 'read-only');
  if (!isFollowing || !isWritable) refuseReadOnlyLookup(column);
}

const typePattern = /^#?Microsoft\.Dynamics\.CRM\.(\w+)$/;

/** `name@annotation`: a bind, the type of the row, or an annotation that says nothing to a write and is let through. */
function bindAnnotation(name: string, at: number, given: JsonValue, scope: RowBodyScope, collected: Collected): void {
  const target = name.slice(0, at);
  const term = name.slice(at + 1);
  if (name === '@odata.type') {
    const type = typeof given === 'string' ? typePattern.exec(given)?.[1] : undefined;
    if (type !== scope.table.logicalName) throw refuse.wrongRowType(scope.table, given);
    return;
  }
  if (term !== 'odata.bind') {
    // A misspelt bind must not be lost silently.
    if (/bind$/i.test(term)) throw refuse.invalidProperty(name.slice(0, 200), scope.table);
    return;
  }
  const navigation = scope.table.navigation.get(target);
  if (navigation === undefined) throw refuse.undeclaredNavigation(target.slice(0, 200), scope.table);
  if (navigation.kind === 'single') collected.binds.push(bindSingle(navigation, given, name, scope));
  else collected.links.push({ navigation, ids: bindMany(navigation, given, name, scope) });
}

function bindSingle(navigation: SingleNavigation, given: JsonValue, name: string, scope: RowBodyScope): Bind {
  refuseReadOnlyLookup(navigation.column);
  if (given === null && navigation.column.required === true) throw refuse.required(navigation.column);
  noteLookupWrite(navigation, scope.differences);
  if (given === null) return { navigation, id: null };
  const { id, table } = bindTarget(name, navigation, given, scope);
  return table === navigation.target ? { navigation, id } : { navigation, id, table };
}

/** Rows to be joined to a new one through a collection (4.8). A row that is there is joined by `$ref`. */
function bindMany(navigation: Navigation, given: JsonValue, name: string, scope: RowBodyScope): readonly Guid[] {
  const { entitySetName } = scope.table;
  if (scope.id !== undefined) throw refuse.notSupported(`'${name}' in an update`);
  if (!Array.isArray(given)) throw refuse.payload(entitySetName, `the value of '${name}' must be an array of URLs.`);
  if (given.length > maxNestedRows) throw refuse.limit('rows to bind', maxNestedRows);
  if (navigation.kind !== 'manyToMany') {
    refuseReadOnlyLookup(navigation.column);
    if (navigation.column.access === 'write-once') throw refuse.writeOnce(navigation.column);
  }
  noteLookupWrite(navigation, scope.differences);
  return (given as readonly JsonValue[]).map((url) => bindTarget(name, navigation, url, scope).id);
}

function bindTarget(name: string, navigation: Navigation, given: JsonValue, scope: RowBodyScope): RowReference {
  const { entitySetName } = scope.table;
  if (typeof given !== 'string') throw refuse.payload(entitySetName, `the value of '${name}' must be a URL or null.`);
  return checkTarget(navigation, parseRowReference(given, scope, entitySetName));
}

/** The row that a URL named, which must be of a table that the navigation property leads to. */
export function checkTarget(navigation: Navigation, given: RowReference): RowReference {
  const others = navigation.kind === 'single' ? navigation.column.lookup?.targets : undefined;
  if (given.table === navigation.target || others?.includes(given.table.logicalName) === true) return given;
  throw refuse.wrongTarget(navigation.name, navigation.target, given.table);
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
export function refuseCreateOnly({ values, binds }: Pick<RowBody, 'values' | 'binds'>): void {
  for (const column of [...values.keys(), ...binds.map(({ navigation }) => navigation.column)]) {
    if (column.access === 'write-once') throw refuse.writeOnce(column);
  }
}
