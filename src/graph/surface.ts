import type { Directory } from '../directory/directory.ts';
import { generateSecret, type SecretText } from '../directory/secret.ts';
import { type Audit, type AuditNotes, beginNotes, silentAudit } from '../kernel/audit.ts';
import { parseReason } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import { parseGuid } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Caller } from '../token/caller.ts';
import { withAuthorizationUri } from '../token/challenge.ts';
import { firstPartyIds, graphAudience } from '../token/resources.ts';
import { auditIds, startTrace, type Trace } from '../token/trace.ts';
import type { TokenVerifier } from '../token/verify.ts';
import type { GraphAnswer } from './call.ts';
import { type GraphKey, parseGraphPath } from './path.ts';
import { checkPermission, currentPermissions, isOwnApplication } from './permissions.ts';
import { graphRefusal } from './problems.ts';
import { parseQueryOptions } from './query-options.ts';
import { findMethods } from './routes.ts';

export interface GraphDependencies {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  /** Origin without a trailing slash, for links. */
  readonly publicUrl: string;
  /** Where clients without a token are sent; `undefined`: nobody is known. */
  readonly authorizationUri: string | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly audit?: Audit;
  /** Makes the secrets of `addPassword`; the demo organisation's have reserved characters. */
  readonly generateSecret?: () => SecretText;
}

type Services = Required<GraphDependencies>;

/** App registrations and service principals under `/v1.0/`, in the shape of Microsoft Graph. */
export function createGraphSurface(dependencies: GraphDependencies): Surface {
  const services: Services = {
    clock: systemClock,
    log: silentLog,
    audit: silentAudit,
    generateSecret,
    ...dependencies,
  };
  return (request) => {
    const trace = startTrace(request);
    const notes = beginNotes('graph', isRead(request) ? 'read' : 'change', request);
    return answerAudited({
      audit: services.audit,
      notes,
      answer: async () => render(services, trace, noteCreated(notes, await answer(services, request, notes))),
      refuse(refusal) {
        const reason = parseReason(refusal, request);
        services.log.info('graph request refused', { stage: refusal.stage, reason, traceId: trace.traceId });
        return renderRefusal(refusal, trace, services.clock());
      },
      unavailable: (why, reason) => graphRefusal(why, [], reason),
      idsOf: () => auditIds(trace),
      reasonOf: (refusal) => parseReason(refusal, request),
    });
  };
}

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** One request, told from the `Authorization` header to the answer. Refusals are thrown. */
async function answer(services: Services, request: HttpRequest, notes: AuditNotes): Promise<GraphAnswer> {
  const caller = await authenticate(services, request); // 401
  const { clientId, tenantId, objectId, tokenId } = caller;
  Object.assign(notes, { clientId, tenantId, objectId, tokenId });
  const [path = '', query = ''] = splitOnce(request.url, '?');
  const { shape, keys } = parseGraphPath(path.replace(/^\/v1\.0\/?/i, ''));
  const methods = findMethods(shape);
  if (methods === undefined) throw graphRefusal('notImplemented', [`the resource '${path}'`]);
  noteTarget(notes, shape, keys);
  const route = methods.get(request.method === 'HEAD' ? 'GET' : request.method);
  if (route === undefined) throw graphRefusal('wrongVerb', [], undefined, { Allow: [...methods.keys()].join(', ') });
  const { directory, publicUrl, clock } = services;
  const permissions = currentPermissions(caller, directory.current);
  const mayAlways = route.allowsOwn === true && isOwnApplication(caller, directory.current, keys);
  if (!mayAlways) checkPermission(permissions, route.need); // 403
  return route.run({
    caller,
    permissions,
    directory,
    request,
    query: parseQueryOptions(query),
    keys,
    root: `${publicUrl}/v1.0`,
    now: clock(),
    generateSecret: services.generateSecret,
  }); // 400, 404, 409
}

/** The set and the operation, and the innermost object that the path names by its id. */
function noteTarget(notes: AuditNotes, shape: string, keys: readonly GraphKey[]): void {
  const [set, , below] = shape.split('/');
  if (set !== undefined) notes.table = set;
  if (below !== undefined) notes.message = below;
  const id = keys.map(({ value }) => parseGuid(value)).findLast((each) => each !== undefined);
  if (id !== undefined) notes.targetId = id;
}

function noteCreated(notes: AuditNotes, result: GraphAnswer): GraphAnswer {
  if (result.status === 201) notes.targetId = result.created.slice(result.created.lastIndexOf('/') + 1);
  return result;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function authenticate(
  { verifier, publicUrl, authorizationUri, clock }: Services,
  request: HttpRequest,
): MaybePromise<Caller> {
  return verifier.authenticate(request.headers['authorization'], {
    audiences: graphAudience,
    tenantId: 'any',
    now: clock(),
    challenge: withAuthorizationUri(authorizationUri, `client_id=${firstPartyIds.graph}`),
    // Only where an issuer has an audience of its own for it: who holds a token for the vendor's Graph is nobody here.
    outside: { surface: 'graph', url: publicUrl, isOwnAudience: () => false },
  });
}

const headersOf = (trace: Trace): Record<string, string> => ({
  'Cache-Control': 'no-cache',
  'Content-Type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  'OData-Version': '4.0',
  'X-Content-Type-Options': 'nosniff',
  'request-id': trace.traceId,
  'client-request-id': trace.correlationId,
});

function render({ publicUrl }: Services, trace: Trace, result: GraphAnswer): HttpResponse {
  const headers = headersOf(trace);
  if (result.status === 204) return { status: 204, headers, body: '' };
  if ('text' in result) {
    return { status: 200, headers: { ...headers, 'Content-Type': 'text/plain' }, body: result.text };
  }
  if (result.status === 201) headers['Location'] = `${publicUrl}/v1.0/${result.created}`;
  const body = { '@odata.context': `${publicUrl}/v1.0/$metadata#${result.context}`, ...result.body };
  return { status: result.status, headers, body: JSON.stringify(body) };
}

/** Error body of Microsoft Graph. Whatever the verifier refuses for, Graph has one code for it. */
function renderRefusal({ stage, problem, headers }: Refusal, trace: Trace, now: Date): HttpResponse {
  const code = stage === 'authenticate' ? 'InvalidAuthenticationToken' : problem.code;
  const innerError = {
    date: now.toISOString().slice(0, 19),
    'request-id': trace.traceId,
    'client-request-id': trace.correlationId,
  };
  const body = JSON.stringify({ error: { code, message: problem.message, innerError } });
  return { status: problem.status, headers: { ...headersOf(trace), ...headers }, body };
}
