import type { Guid } from '../kernel/ids.ts';
import type { Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import { type KeyValues, withKeyMembers } from './alternate-key.ts';
import { bindRowShape, refuseOthers, type Shape } from './bind-query.ts';
import {
  bindRowBody,
  isTree,
  type JsonBody,
  parseJsonBody,
  type RowBody,
  refuseCreateOnly,
  refuseUnjoinable,
} from './body.ts';
import { Differences } from './fidelity.ts';
import type { RowTree } from './operation.ts';
import { parsePrecondition } from './preconditions.ts';
import { refuse } from './problems.ts';
import type { Query } from './query.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import type { Resource } from './resource.ts';
import { parts, type RowResource } from './resource-operation.ts';

type ManyNavigation = Exclude<Navigation, SingleNavigation>;

/** POST, PUT, PATCH and DELETE on rows. */
export function parseWrite(resource: RowResource, scope: RequestScope): OperationParts {
  if (resource.kind === 'collection') return parseCreate(resource.table, scope);
  if (resource.kind === 'row') {
    return scope.method === 'DELETE' ? parseDelete(resource, scope) : parseUpdate(resource, scope);
  }
  if (resource.kind === 'property') return parsePropertyWrite(resource, scope);
  if (resource.kind === 'navigation' && resource.part === undefined && resource.navigation.kind !== 'single') {
    return parseRelatedCreate(resource.id, resource.navigation, scope);
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

/** `POST set(id)/collection`: a new row that is related to that one. */
function parseRelatedCreate(id: Guid, navigation: ManyNavigation, scope: RequestScope): OperationParts {
  const { target } = navigation;
  const { made, tree } = bindCreate(target, scope);
  refuseUnjoinable(navigation, { ...scope, table: navigation.table });
  return { ...made, composite: { kind: 'tree', tree, parent: { navigation, id } } };
}

/** `key`: values of an alternate key in the URL, for what the body does not say itself. */
function parseCreate(table: Table, scope: RequestScope, key?: KeyValues): OperationParts {
  const { made, tree } = bindCreate(table, scope, key);
  return isTree(tree) ? { ...made, composite: { kind: 'tree', tree } } : made;
}

function bindCreate(table: Table, scope: RequestScope, key?: KeyValues): { made: OperationParts; tree: RowTree } {
  const { shape, ...representation } = parseRepresentation(table, scope);
  const body = parseJsonBody(scope.body, scope.headers, table.entitySetName);
  const members = key === undefined ? body.members : withKeyMembers(body.members, key);
  const tree = { table, ...bindRowBody({ ...body, members }, { ...scope, table, id: undefined }) };
  const { values, binds } = tree;
  return { made: parts({ kind: 'create', table, values, binds, ...representation }, shape), tree };
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

/** The rows that `Prefer: return=representation` answers with. Without it the options are only checked. */
function parseRepresentation(table: Table, scope: RequestScope): { shape?: Shape; representation?: Query } {
  if (scope.preferences.return === 'representation') {
    const shape = bindRowShape(table, scope);
    return { shape, representation: shape.query };
  }
  bindRowShape(table, { ...scope, differences: new Differences(scope.differences.fidelity) });
  return {};
}
