import type { Model } from '../metadata/table.ts';
import { Aliases } from './aliases.ts';
import { KeyBook } from './alternate-key.ts';
import type { AnswerShape } from './answer-shape.ts';
import type { Asking } from './asking.ts';
import type { References } from './batch/references.ts';
import { parseBulkDelete } from './bulk-delete.ts';
import type { Differences } from './fidelity.ts';
import { type AnswerFormat, checkVersions, parseAccept, type RequestHeaders } from './headers.ts';
import { parseMultiple } from './multiple-operation.ts';
import type { Composite, Operation } from './operation.ts';
import { type Preferences, parsePreferences } from './preferences.ts';
import { refuse } from './problems.ts';
import { parseReferenceOperation } from './reference-operation.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import { bindResource, type Resource } from './resource.ts';
import { parseMessage, parseRead } from './resource-operation.ts';
import { parseQueryString } from './syntax/query-string.ts';
import { parseResourcePath } from './syntax/resource-path.ts';
import { parseAbsent, parseWrite } from './write-operation.ts';

export interface RequestInput {
  readonly model: Model;
  readonly method: string;
  /** Percent-encoded, what follows the service root. */
  readonly path: string;
  /** As sent, without `?`. */
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** Absolute URL of the service root, with the slash at its end. */
  readonly apiRoot: string;
  /** Names, with their ports, under which absolute URLs of rows may stand in bodies; absent: that of `apiRoot` alone. */
  readonly hosts?: readonly string[];
  readonly differences: Differences;
  /** Who asks, and when. */
  readonly asking: Asking;
  /** Names of the functions and actions that exist; absent: any name may be one, and the receiver refuses others. */
  readonly messages?: ReadonlySet<string>;
  /** Rows by alternate keys; without it they are not found. */
  readonly keys?: KeyBook;
  /** Instead of `maxUrlLength`. */
  readonly longestUrl?: number;
  /** What `$1` stands for; absent outside a batch. */
  readonly references?: Pick<References, 'pathOf'>;
}

export interface ParsedRequest {
  readonly operation: Operation;
  /** Upper case; functions and actions differ by it. */
  readonly method: string;
  readonly preferences: Preferences;
  /** Properties of `$select` as written; `undefined` without it. */
  readonly select: readonly string[] | undefined;
  /** What `@odata.context` says in parentheses about `$select` and `$expand`; empty when all columns are given. */
  readonly contextSelect: string;
  /** Whether an answer that has further rows offers the next page. */
  readonly paged: boolean;
  readonly pageNumber: number;
  readonly answer: AnswerShape;
  /** Path that `OData-EntityId` repeats, where a row was named by an alternate key. */
  readonly entityPath?: string;
  /** Present where the request stands for more than `operation`, which is then its first part or its name. */
  readonly composite?: Composite;
  readonly format: AnswerFormat;
}

/** Characters in the whole URL of a request outside a batch (dataverse-web-api 4.1). */
export const maxUrlLength = 32_768;

const allowedMethods = {
  collection: ['GET', 'HEAD', 'POST'],
  count: ['GET', 'HEAD'],
  row: ['GET', 'HEAD', 'PATCH', 'DELETE'],
  property: ['GET', 'HEAD', 'PUT', 'DELETE'],
  absentRow: ['GET', 'HEAD', 'PATCH', 'DELETE'],
  navigation: ['GET', 'HEAD', 'POST'],
  multiple: ['POST'],
  message: ['GET', 'HEAD', 'POST'],
  reference: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
} as const satisfies Record<Resource['kind'], readonly string[]>;

/**
 * A request of the Web API in the words of the model. Looks at nothing but its input; throws a `Refusal` (400, 404, 405,
 * 414, 415, 501) for everything that it does not take.
 */
export function parseOperation(input: RequestInput): ParsedRequest {
  const longestUrl = input.longestUrl ?? maxUrlLength;
  if (input.apiRoot.length + input.path.length + input.query.length + 1 > longestUrl) {
    throw refuse.urlTooLong(longestUrl);
  }
  checkVersions(input.headers);
  const keys = input.keys ?? new KeyBook();
  const resource = bindResource(parseResourcePath(input.path), { ...input, messages: input.messages, keys });
  const method = input.method.toUpperCase();
  const allowed: readonly string[] = allowedMethods[resource.kind];
  if (resource.kind === 'message' && !allowed.includes(method)) throw refuse.resourceNotFound(resource.name);
  if (!allowed.includes(method)) throw refuse.methodNotAllowed(method.slice(0, 20), allowed);
  const { system, aliases, custom } = parseQueryString(input.query);
  const preferences = parsePreferences(input.headers);
  const scope = { ...input, keys, method, options: system, custom, aliases: new Aliases(aliases), preferences };
  const parts = partsOf(resource, scope);
  return {
    operation: parts.operation,
    method,
    preferences,
    select: parts.select,
    contextSelect: parts.context ?? '',
    paged: parts.paged ?? false,
    pageNumber: parts.pageNumber ?? 1,
    answer: parts.answer ?? { kind: 'rows' },
    ...(parts.entityPath !== undefined && { entityPath: parts.entityPath }),
    ...(parts.composite && { composite: parts.composite }),
    format: parseAccept(input.headers),
  };
}

function partsOf(resource: Resource, scope: RequestScope): OperationParts {
  if (resource.kind === 'message') {
    const isBulkDelete = resource.name === 'BulkDelete' && resource.bound === undefined && scope.method === 'POST';
    return isBulkDelete ? parseBulkDelete(scope) : parseMessage(resource, scope);
  }
  if (resource.kind === 'multiple') return parseMultiple(resource.table, resource.name, scope);
  if (resource.kind === 'reference') return parseReferenceOperation(resource, scope);
  if (resource.kind === 'absentRow') return parseAbsent(resource, scope);
  return scope.method === 'GET' || scope.method === 'HEAD' ? parseRead(resource, scope) : parseWrite(resource, scope);
}
