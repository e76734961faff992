import type { Guid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Table } from '../metadata/table.ts';
import { type KeyValues, withKeyMembers } from './alternate-key.ts';
import { bindApply } from './bind-apply.ts';
import { plainLiteral } from './bind-literal.ts';
import {
  bindCollection,
  bindCount,
  bindProperty,
  bindRowShape,
  type CollectionShape,
  optionPlace,
  refuseOthers,
  type Shape,
} from './bind-query.ts';
import { bindRowBody, type JsonBody, parseJsonBody, type RowBody, refuseCreateOnly } from './body.ts';
import { bindFetch } from './fetch/bind-fetch.ts';
import { Differences } from './fidelity.ts';
import { toPlainObject } from './json.ts';
import type { MessageParameters, Operation, Precondition } from './operation.ts';
import { parsePrecondition } from './preconditions.ts';
import { refuse } from './problems.ts';
import { equals, type Query } from './query.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import type { Resource } from './resource.ts';
import { segmentSource } from './row-reference.ts';

type RowResource = Exclude<Resource, { kind: 'message' | 'multiple' | 'reference' | 'absentRow' }>;

/** GET on rows: one, several, their number, or those at the other end of a navigation property. */
export function parseRead(resource: RowResource, scope: RequestScope): OperationParts {
  switch (resource.kind) {
    case 'count':
      return { operation: { kind: 'count', query: bindCount(resource.table, scope) } };
    case 'row': {
      const shape = bindRowShape(resource.table, scope);
      const precondition = readPrecondition(resource.table, shape.query, scope);
      return parts(
        { kind: 'retrieve', query: shape.query, id: resource.id, ...(precondition && { precondition }) },
        shape,
      );
    }
    case 'collection': {
      if (scope.options.has('fetchXml')) return parseFetch(resource.table, scope);
      if (scope.options.has('$apply')) return parseGroups(resource.table, scope);
      const shape = parsePage(resource.table, scope);
      return parts({ kind: 'retrieveMultiple', query: shape.query, pageNumber: shape.pageNumber }, shape);
    }
    case 'property': {
      const query = bindProperty(resource.table, resource.property.column, scope);
      return { operation: { kind: 'retrieve', query, id: resource.id }, answer: resource.property };
    }
    case 'navigation':
      return parseRelated(resource, scope);
    default:
      return unreachable(resource);
  }
}

/** What stands behind a navigation property of one row. */
function parseRelated(
  { id, navigation, part }: Extract<RowResource, { kind: 'navigation' }>,
  scope: RequestScope,
): OperationParts {
  const { target } = navigation;
  const related = { kind: 'retrieveRelated', id, navigation } as const;
  switch (part?.kind) {
    case undefined: {
      const shape = navigation.kind === 'single' ? bindRowShape(target, scope) : parsePage(target, scope);
      return parts({ ...related, query: shape.query }, shape);
    }
    case 'row': {
      const shape = bindRowShape(target, scope);
      const query = { ...shape.query, where: equals(target.primaryKey, part.id) };
      return { ...parts({ ...related, query }, shape), answer: { kind: 'member', id: part.id } };
    }
    case 'count':
      return { operation: { ...related, query: bindCount(target, scope) }, answer: part };
    case 'property':
      return { operation: { ...related, query: bindProperty(target, part.column, scope) }, answer: part };
    default:
      return unreachable(part);
  }
}

/** POST, PUT, PATCH and DELETE on rows. */
export function parseWrite(resource: RowResource, scope: RequestScope): OperationParts {
  if (resource.kind === 'collection') return parseCreate(resource.table, scope);
  if (resource.kind === 'row') {
    return scope.method === 'DELETE' ? parseDelete(resource, scope) : parseUpdate(resource, scope);
  }
  if (resource.kind === 'property') return parsePropertyWrite(resource, scope);
  if (resource.kind === 'navigation' && resource.navigation.kind !== 'single') {
    throw refuse.notSupported(`creating a row under the navigation property '${resource.navigation.name}'`);
  }
  throw refuse.methodNotAllowed(scope.method, ['GET', 'HEAD']);
}

/** `PUT set(id)/column {"value":…}`, or DELETE, which sets it to null (dataverse-web-api 4.9). Never creates the row. */
function parsePropertyWrite(
  { table, id, property }: Extract<Resource, { kind: 'property' }>,
  scope: RequestScope,
): OperationParts {
  refuseOthers(scope.options, []);
  const { column, raw } = property;
  if (raw) throw refuse.notSupported(`writing '${column.property}/$value'`);
  const precondition = parsePrecondition(scope.headers, table, scope.differences);
  const given = scope.method === 'DELETE' ? nothing : parseJsonBody(scope.body, scope.headers, table.entitySetName);
  const value = given.members.get('value');
  const isAlone = [...given.members.keys()].every((name) => name === 'value' || name.startsWith('@'));
  if (value === undefined || !isAlone) throw refuse.payload(table.entitySetName, "the body must hold 'value' alone.");
  const body = bindRowBody({ ...given, members: new Map([[column.property, value]]) }, { ...scope, table, id });
  if (table.kind === 'virtual') refuseCreateOnly(body);
  const { values, binds } = body;
  const more = { mayCreate: false, mayUpdate: true, ...(precondition && { precondition }) };
  return { operation: { kind: 'update', table, id, values, binds, ...more }, answer: property };
}

const nothing: JsonBody = { members: new Map([['value', null]]), numbersAsText: false };

/** `key`: values of an alternate key in the URL, for what the body does not say itself. */
function parseCreate(table: Table, scope: RequestScope, key?: KeyValues): OperationParts {
  const { shape, ...representation } = parseRepresentation(table, scope);
  const body = parseJsonBody(scope.body, scope.headers, table.entitySetName);
  const members = key === undefined ? body.members : withKeyMembers(body.members, key);
  const tree = { table, ...bindRowBody({ ...body, members }, { ...scope, table, id: undefined }) };
  const { values, binds, branches, links } = tree;
  const made = parts({ kind: 'create', table, values, binds, ...representation }, shape);
  return branches.length + links.length === 0 ? made : { ...made, composite: { kind: 'tree', tree } };
}

function parseUpdate({ table, id, key }: Extract<Resource, { kind: 'row' }>, scope: RequestScope): OperationParts {
  const options = withoutExpand(scope.options);
  const { shape, ...representation } = parseRepresentation(table, { ...scope, options });
  const precondition = parsePrecondition(scope.headers, table, scope.differences);
  const json = parseJsonBody(scope.body, scope.headers, table.entitySetName);
  const body = withoutKey(bindRowBody(json, { ...scope, table, id }), key);
  // dataverse-web-api 4.9: If-Match updates only, `If-None-Match: *` creates only.
  const mayCreate = precondition?.kind !== 'match';
  const mayUpdate = !(precondition?.kind === 'noneMatch' && precondition.versions === '*');
  // Native tables have product codes of their own for this (`dataverse/native`).
  if (!mayCreate && table.kind === 'virtual') refuseCreateOnly(body);
  const { values, binds } = body;
  const more = { ...(precondition && { precondition }), ...representation };
  const made = parts({ kind: 'update', table, id, values, binds, mayCreate, mayUpdate, ...more }, shape);
  return key === undefined ? made : { ...made, entityPath: scope.path };
}

/** `$expand` is ignored on PATCH (dataverse-web-api 4.8). */
const withoutExpand = (options: RequestScope['options']): RequestScope['options'] =>
  new Map([...options].filter(([name]) => name !== '$expand'));

/** The values of a key in the URL cannot be changed by the same request: what the body says of them is dropped. */
function withoutKey(body: RowBody, key: KeyValues | undefined): RowBody {
  if (key === undefined) return body;
  return { ...body, values: new Map([...body.values].filter(([column]) => !key.values.has(column))) };
}

/** An alternate key that no row has. PATCH makes the row with it, unless `If-Match` asks for one that is there. */
export function parseAbsent(
  { table, key }: Extract<Resource, { kind: 'absentRow' }>,
  scope: RequestScope,
): OperationParts {
  const precondition = parsePrecondition(scope.headers, table, scope.differences);
  if (scope.method !== 'PATCH' || precondition?.kind === 'match') throw refuse.keyNotFound(table);
  if (table.kind === 'virtual') scope.differences.use('virtual-upsert');
  const options = withoutExpand(scope.options);
  const made = parseCreate(table, { ...scope, options }, key);
  return { ...made, entityPath: scope.path };
}

function parseDelete({ table, id }: { table: Table; id: Guid }, scope: RequestScope): OperationParts {
  refuseOthers(scope.options, []);
  const precondition = parsePrecondition(scope.headers, table, scope.differences);
  return { operation: { kind: 'delete', table, id, ...(precondition && { precondition }) } };
}

/** A function with parameters in the URL, or an action with them in the body. */
export function parseMessage(resource: Extract<Resource, { kind: 'message' }>, scope: RequestScope): OperationParts {
  const { name, bound, segment } = resource;
  for (const option of scope.options.keys()) {
    throw refuse.notSupported(`the query option '${option}' on '${name}'`, optionPlace(option));
  }
  const isAction = scope.method === 'POST';
  if (isAction && segment.arguments !== undefined) throw refuse.noHttpResource(scope.apiRoot + scope.path);
  const parameters = isAction
    ? toPlainObject(parseJsonBody(scope.body, scope.headers, name, true).members)
    : functionParameters(resource, scope);
  return { operation: { kind: 'message', name, ...(bound && { bound }), parameters } };
}

function functionParameters(
  { segment }: Extract<Resource, { kind: 'message' }>,
  scope: RequestScope,
): MessageParameters {
  const parameters: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, value, at } of segment.arguments ?? []) {
    const place = { ...segmentSource(segment), at };
    if (name === undefined) throw refuse.syntax('Error in query syntax: a parameter needs its name', place);
    if (Object.hasOwn(parameters, name)) throw refuse.syntax(`The parameter '${name}' comes twice`, place);
    const literal = scope.aliases.literalOf(value, place);
    if (literal === undefined) throw refuse.syntax(`The parameter '${name}' needs a literal`, place);
    parameters[name] = plainLiteral(literal);
  }
  return parameters;
}

/** FetchXML on a set. */
function parseFetch(table: Table, scope: RequestScope): OperationParts {
  const { query, pageNumber, context } = bindFetch(table, scope, scope.model);
  return { operation: { kind: 'flat', query }, context, pageNumber, answer: { kind: 'flat', paging: 'cookie' } };
}

/** `$apply` on a set. */
function parseGroups(table: Table, scope: RequestScope): OperationParts {
  const bound = bindApply(table, scope);
  if (bound.kind === 'rows') {
    const { shape } = bound;
    return parts({ kind: 'retrieveMultiple', query: shape.query, pageNumber: shape.pageNumber }, shape);
  }
  const { query, paged, pageNumber } = bound;
  return { operation: { kind: 'flat', query }, paged, pageNumber, answer: { kind: 'flat', paging: 'nextLink' } };
}

/** A page of rows. Virtual tables cannot track changes; native ones could, but not here (dataverse-web-api 4.3). */
function parsePage(table: Table, scope: RequestScope): CollectionShape {
  if (scope.preferences.trackChanges) {
    throw table.kind === 'virtual'
      ? refuse.noChangeTracking(table)
      : refuse.notSupported('the preference odata.track-changes');
  }
  return bindCollection(table, scope);
}

/** 304 is possible only without `$expand` and without annotations (dataverse-web-api 4.9): else the header is ignored. */
function readPrecondition(table: Table, query: Query, scope: RequestScope): Precondition | undefined {
  const precondition = parsePrecondition(scope.headers, table, scope.differences);
  const mayAnswer304 = query.expand.length === 0 && !scope.preferences.asksAnnotations;
  return precondition?.kind === 'noneMatch' && !mayAnswer304 ? undefined : precondition;
}

/** The rows that `Prefer: return=representation` answers with. Without it the options are only checked. */
function parseRepresentation(table: Table, scope: RequestScope): { shape?: Shape; representation?: Query } {
  if (scope.preferences.return === 'representation') {
    const shape = bindRowShape(table, scope);
    return { shape, representation: shape.query };
  }
  bindRowShape(table, { ...scope, differences: new Differences(scope.differences.fidelity) });
  return {};
}

function parts(operation: Operation, shape: Partial<CollectionShape> | undefined): OperationParts {
  const { select, context = '', paged = false, pageNumber = 1 } = shape ?? {};
  return { operation, select, context, paged, pageNumber };
}
