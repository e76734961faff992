import type { Directory } from '../directory/directory.ts';
import { generateSecret, type SecretText } from '../directory/secret.ts';
import { type Audit, type AuditNotes, beginNotes, silentAudit } from '../kernel/audit.ts';
import { parseAuditText, parseRequestText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import { parseGuid } from '../kernel/ids.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Caller } from '../token/caller.ts';
import { firstPartyIds, graphAudience } from '../token/resources.ts';
import { auditIds, startTrace, type Trace } from '../token/trace.ts';
import type { TokenVerifier } from '../token/verify.ts';
import type { GraphAnswer } from './call.ts';
import { parseListQuery } from './list-query.ts';
import { graphRefusal } from './problems.ts';
import { type FoundResource, findResource, type GraphRoute, permissions } from './routes.ts';

export interface GraphDependencies {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  /** Origin without a trailing slash, for links. */
  readonly publicUrl: string;
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
        const { stage, reason } = refusal;
        services.log.info('graph request refused', { stage, reason, traceId: trace.traceId });
        return renderRefusal(refusal, trace, services.clock());
      },
      unavailable: () => graphRefusal('auditUnavailable'),
      idsOf: () => auditIds(trace),
      reasonOf: ({ stage, reason }) =>
        stage === 'parse' || stage === 'run' ? parseRequestText(reason, request) : parseAuditText(reason),
    });
  };
}

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** One request, told from the `Authorization` header to the answer. Refusals are thrown. */
async function answer(services: Services, request: HttpRequest, notes: AuditNotes): Promise<GraphAnswer> {
  const caller = authenticate(services, request); // 401
  const { clientId, tenantId, objectId, tokenId } = caller;
  Object.assign(notes, { clientId, tenantId, objectId, tokenId });
  const [path = '', query = ''] = request.url.split('?', 2);
  const found = findResource(decodePath(path.replace(/^\/v1\.0\/?/i, '')));
  if (found === undefined) throw graphRefusal('notImplemented', [`the resource '${path}'`]);
  noteTarget(notes, found);
  const route = found.methods.get(request.method === 'HEAD' ? 'GET' : request.method);
  if (route === undefined)
    throw graphRefusal('wrongVerb', [], undefined, { Allow: [...found.methods.keys()].join(', ') });
  checkPermission(caller, route); // 403
  return route.run({
    caller,
    directory: services.directory,
    request,
    query: parseListQuery(query),
    key: found.key,
    root: `${services.publicUrl}/v1.0`,
    generateSecret: services.generateSecret,
  }); // 400, 404, 409
}

function noteTarget(notes: AuditNotes, { shape, key }: FoundResource): void {
  const [set, , action] = shape.split('/');
  if (set !== undefined) notes.table = set;
  if (action !== undefined) notes.message = action;
  const id = parseGuid(key.id ?? key.appId ?? '');
  if (id !== undefined) notes.targetId = id;
}

function noteCreated(notes: AuditNotes, result: GraphAnswer): GraphAnswer {
  if (result.status === 201) notes.targetId = result.created.slice(result.created.lastIndexOf('/') + 1);
  return result;
}

function authenticate({ verifier, publicUrl, clock }: Services, request: HttpRequest): Caller {
  return verifier.authenticate(request.headers['authorization'], {
    audiences: graphAudience,
    tenantId: 'any',
    now: clock(),
    challenge: `authorization_uri=${publicUrl}/common/oauth2/authorize, client_id=${firstPartyIds.graph}`,
  });
}

function checkPermission({ roles }: Caller, { permission }: GraphRoute): void {
  const allowing = permissions[permission];
  if (allowing.some((role) => roles.includes(role))) return;
  throw graphRefusal('notPermitted', [], `the token has none of the application permissions ${allowing.join(', ')}`);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
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
