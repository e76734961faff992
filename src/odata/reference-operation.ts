import type { Guid } from '../kernel/ids.ts';
import type { Navigation } from '../metadata/table.ts';
import { bindReferences, refuseOthers } from './bind-query.ts';
import { checkTarget, noteLookupWrite, parseJsonBody, refuseReadOnlyLookup } from './body.ts';
import { refuse } from './problems.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import type { Resource } from './resource.ts';
import { parseRowReference, type RowReference } from './row-reference.ts';

type ReferenceResource = Extract<Resource, { kind: 'reference' }>;

/** `set(id)/navigation/$ref`: joins two rows, or parts them (dataverse-web-api 4.9). */
export function parseReferenceOperation(resource: ReferenceResource, scope: RequestScope): OperationParts {
  const { table, id, navigation } = resource;
  if (scope.method === 'GET' || scope.method === 'HEAD') return parseReferences(resource, scope);
  if (scope.method === 'DELETE') {
    const targetId = targetToLeave(resource, scope);
    checkNavigation(navigation, scope);
    if (targetId === undefined && navigation.kind === 'single' && navigation.column.required === true) {
      throw refuse.required(navigation.column);
    }
    return { operation: { kind: 'disassociate', table, id, navigation, targetId } };
  }
  refuseOthers(scope.options, []);
  const isCollection = navigation.kind !== 'single';
  if (resource.targetId !== undefined) throw refuse.methodNotAllowed(scope.method, ['DELETE']);
  if (isCollection && scope.method === 'PUT') throw refuse.methodNotAllowed('PUT', ['POST', 'DELETE']);
  const target = targetToJoin(resource, scope);
  checkNavigation(navigation, scope);
  const other = target.table === navigation.target ? {} : { targetTable: target.table };
  return { operation: { kind: 'associate', table, id, navigation, targetId: target.id, ...other } };
}

/** The addresses of the related rows. */
function parseReferences({ id, navigation, targetId, place }: ReferenceResource, scope: RequestScope): OperationParts {
  if (targetId !== undefined) throw refuse.notSupported(`reading one reference of '${navigation.name}'`, place);
  const { query, paged, pageNumber } = bindReferences(navigation, scope);
  const operation = { kind: 'retrieveRelated', id, navigation, query } as const;
  return { operation, paged, pageNumber, answer: { kind: 'references' } };
}

/** Lookups that only follow readable columns, or are set on create only, cannot be changed here. */
function checkNavigation(navigation: Navigation, scope: RequestScope): void {
  if (navigation.kind !== 'manyToMany') {
    refuseReadOnlyLookup(navigation.column);
    if (navigation.column.access === 'write-once') throw refuse.writeOnce(navigation.column);
  }
  noteLookupWrite(navigation, scope.differences);
}

/** The row in the body: `{"@odata.id": "<URL>"}`. */
function targetToJoin({ table, navigation }: ReferenceResource, scope: RequestScope): RowReference {
  const subject = table.entitySetName;
  const { members } = parseJsonBody(scope.body, scope.headers, subject);
  for (const name of members.keys()) {
    if (!name.startsWith('@')) throw refuse.payload(subject, `unexpected member '${name.slice(0, 100)}'.`);
  }
  const url = members.get('@odata.id');
  if (typeof url !== 'string') throw refuse.payload(subject, "the body needs '@odata.id' with the URL of a row.");
  return targetIn(url, navigation, subject, scope);
}

/** The row to part from: in the path, in `$id`, or `undefined` for the only one of a lookup. */
function targetToLeave({ table, navigation, targetId }: ReferenceResource, scope: RequestScope): Guid | undefined {
  refuseOthers(scope.options, ['$id']);
  const url = scope.options.get('$id');
  const given = url === undefined ? undefined : targetIn(url, navigation, table.entitySetName, scope).id;
  if (navigation.kind === 'single') return undefined;
  const target = targetId ?? given;
  if (target === undefined || (given !== undefined && given !== target)) {
    throw refuse.badRequest(`one row of '${navigation.name}' must be named, in parentheses or by the query option $id`);
  }
  return target;
}

function targetIn(url: string, navigation: Navigation, subject: string, scope: RequestScope): RowReference {
  return checkTarget(navigation, parseRowReference(url, scope, subject));
}
