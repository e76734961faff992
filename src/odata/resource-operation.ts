import { unreachable } from '../kernel/unreachable.ts';
import type { Table } from '../metadata/table.ts';
import { bindApply } from './bind-apply.ts';
import { plainLiteral } from './bind-literal.ts';
import {
  bindCollection,
  bindCount,
  bindProperty,
  bindRowShape,
  type CollectionShape,
  optionPlace,
} from './bind-query.ts';
import { parseJsonBody } from './body.ts';
import { type MessageDefinition, messages } from './csdl-messages.ts';
import { bindFetch } from './fetch/bind-fetch.ts';
import { toPlainObject } from './json.ts';
import type { MessageParameters, Operation, Precondition } from './operation.ts';
import { parsePrecondition } from './preconditions.ts';
import { refuse } from './problems.ts';
import { equals, type Query } from './query.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import type { Resource } from './resource.ts';
import { segmentSource } from './row-reference.ts';

/** What is known of functions and actions; others are the receiver's to refuse. */
const definitions: ReadonlyMap<string, MessageDefinition> = new Map(messages.map((message) => [message.name, message]));

export type RowResource = Exclude<Resource, { kind: 'message' | 'multiple' | 'reference' | 'absentRow' }>;

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
  if (isAction) refuseUnknownMembers(name, Object.keys(parameters));
  return { operation: { kind: 'message', name, ...(bound && { bound }), parameters } };
}

function functionParameters(
  { segment, name: nameOf }: Extract<Resource, { kind: 'message' }>,
  scope: RequestScope,
): MessageParameters {
  const parameters: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const known = definitions.get(nameOf);
  for (const { name, value, at } of segment.arguments ?? []) {
    const place = { ...segmentSource(segment), at };
    if (name === undefined) throw refuse.syntax('Error in query syntax: a parameter needs its name', place);
    if (known?.kind === 'function' && !Object.hasOwn(known.parameters, name)) {
      throw refuse.noSuchOverload(segment.name, name, place);
    }
    if (Object.hasOwn(parameters, name)) throw refuse.syntax(`The parameter '${name}' comes twice`, place);
    const literal = scope.aliases.literalOf(value, place);
    if (literal === undefined) throw refuse.syntax(`The parameter '${name}' needs a literal`, place);
    parameters[name] = plainLiteral(literal);
  }
  if (known?.kind === 'function') refuseImplicit(nameOf, Object.keys(known.parameters), parameters, scope);
  return parameters;
}

/** `F?@Name=…` and `F?Name=…` (OData 4.01 part 1 11.5.4.1.3): passed over, they would answer as if nothing was asked. */
function refuseImplicit(
  name: string,
  known: readonly string[],
  given: MessageParameters,
  { aliases, custom }: RequestScope,
): void {
  for (const parameter of known) {
    if (Object.hasOwn(given, parameter)) continue;
    const option = [`@${parameter}`, parameter].find((each) => aliases.has(each) || custom.has(each));
    if (option === undefined) continue;
    const fix = `a parameter outside of the parentheses; write ${name}(${parameter}=@p)?@p=…`;
    throw refuse.notSupported(fix, optionPlace(option));
  }
}

/** Annotations (`@odata.type`) may stand in any body. */
function refuseUnknownMembers(name: string, members: readonly string[]): void {
  const known = definitions.get(name);
  if (known?.kind !== 'action') return;
  const unknown = members.find((member) => !member.includes('@') && !Object.hasOwn(known.parameters, member));
  if (unknown !== undefined) throw refuse.unknownParameter(name, unknown);
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

/** An operation with what its `$select` and `$expand` say of the answer. */
export function parts(operation: Operation, shape: Partial<CollectionShape> | undefined): OperationParts {
  const { select, context = '', paged = false, pageNumber = 1 } = shape ?? {};
  return { operation, select, context, paged, pageNumber };
}
