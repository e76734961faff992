import { Refusal, type Stage } from '../kernel/refusal.ts';

/** What the surface refuses by itself; the directory has its own table. `{0}` is filled in. */
const graphProblems = {
  unreadableBody: {
    stage: 'parse',
    status: 400,
    code: 'BadRequest',
    text: 'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
  },
  bodyTooLarge: {
    stage: 'parse',
    status: 413,
    code: 'RequestEntityTooLarge',
    text: 'The request body is larger than {0} bytes.',
  },
  unknownProperty: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Property '{0}' does not exist as a declared property or extension property.",
  },
  wrongType: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Invalid value specified for property '{0}': {1} was expected.",
  },
  missingProperty: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "A value is required for property '{0}'.",
  },
  invalidId: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Invalid object identifier '{0}'.",
  },
  invalidOption: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Invalid value of the query option '{0}': {1}.",
  },
  invalidKey: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Invalid object key '{0}'.",
  },
  unknownOption: {
    stage: 'parse',
    status: 400,
    code: 'BadRequest',
    text: "The query parameter '{0}' is not supported.",
  },
  noSuchProperty: {
    stage: 'parse',
    status: 400,
    code: 'BadRequest',
    text: "Could not find a property named '{0}' on type 'microsoft.graph.{1}'.",
  },
  incompatibleTypes: {
    stage: 'parse',
    status: 400,
    code: 'BadRequest',
    text: 'A binary operator with incompatible types was detected: {0} and {1}.',
  },
  unsupportedFilter: {
    stage: 'parse',
    status: 400,
    code: 'Request_UnsupportedQuery',
    text: 'Unsupported or invalid query filter clause specified: {0} is not supported.',
  },
  tooManyAlternatives: {
    stage: 'parse',
    status: 400,
    code: 'Request_UnsupportedQuery',
    text: "Too many child clauses specified in search filter expression containing 'OR' operators: {0}. Max allowed: {1}.",
  },
  unsupportedQuery: {
    stage: 'parse',
    status: 400,
    code: 'Request_UnsupportedQuery',
    text: 'Unsupported Query: {0}. The header ConsistencyLevel: eventual and $count=true decide what is possible.',
  },
  unsortable: {
    stage: 'parse',
    status: 400,
    code: 'Request_UnsupportedQuery',
    text: 'Sorting not supported for current query.',
  },
  countUnsupported: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: '$count is not currently supported.',
  },
  readOnlyProperty: {
    stage: 'parse',
    status: 400,
    code: 'Request_BadRequest',
    text: "Property '{0}' is read-only and cannot be set.",
  },
  noSuchAppRole: {
    stage: 'run',
    status: 400,
    code: 'Request_BadRequest',
    text: 'Permission being assigned was not found on application',
  },
  appRoleAssigned: {
    stage: 'run',
    status: 400,
    code: 'Request_BadRequest',
    text: 'Permission being assigned already exists on the object',
  },
  vendorsOwn: {
    stage: 'run',
    status: 403,
    code: 'Authorization_RequestDenied',
    text: 'The service principal of a resource of the product cannot be changed.',
  },
  invalidProof: {
    stage: 'user',
    status: 401,
    code: 'Authentication_MissingOrMalformed',
    text: 'The proof of possession is missing, malformed, or not signed by a valid certificate of the application.',
  },
  wrongVerb: {
    stage: 'parse',
    status: 405,
    code: 'Request_BadRequest',
    text: 'Specified HTTP method is not allowed for the request target.',
  },
  notImplemented: {
    stage: 'parse',
    status: 501,
    code: 'NotImplemented',
    text: '{0} is not implemented in this version of Portvakt.',
  },
  auditUnavailable: {
    stage: 'run',
    status: 503,
    code: 'ServiceUnavailable',
    text: 'The audit log cannot be written. Try again later.',
  },
  dataUnavailable: {
    stage: 'run',
    status: 503,
    code: 'ServiceUnavailable',
    text: 'The directory cannot be used now. Try again later.',
  },
  outcomeUnknown: {
    stage: 'run',
    status: 500,
    code: 'InternalServerError',
    text: 'The request may have been carried out. Look whether it was before you send it again.',
  },
  notPermitted: {
    stage: 'user',
    status: 403,
    code: 'Authorization_RequestDenied',
    text: 'Insufficient privileges to complete the operation.',
  },
} as const satisfies Record<string, { stage: Stage; status: number; code: string; text: string }>;

export type GraphProblem = keyof typeof graphProblems;

export function graphRefusal(
  problem: GraphProblem,
  values: readonly (string | number)[] = [],
  reason?: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const { stage, status, code, text } = graphProblems[problem];
  const message = text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? '').slice(0, 300));
  return new Refusal(stage, { status, code, message }, reason, headers);
}
