import type { Directory } from '../directory/directory.ts';
import { generateSecret, type SecretText } from '../directory/secret.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Caller } from '../token/caller.ts';
import { firstPartyIds, graphAudience } from '../token/resources.ts';
import { startTrace, type Trace } from '../token/trace.ts';
import type { TokenVerifier } from '../token/verify.ts';
import type { GraphAnswer } from './call.ts';
import { parseListQuery } from './list-query.ts';
import { graphRefusal } from './problems.ts';
import { findResource, type GraphRoute, permissions } from './routes.ts';

export interface GraphDependencies {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  /** Origin without a trailing slash, for links. */
  readonly publicUrl: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Makes the secrets of `addPassword`; the demo organisation's have reserved characters. */
  readonly generateSecret?: () => SecretText;
}

type Services = Required<GraphDependencies>;

/** App registrations and service principals under `/v1.0/`, in the shape of Microsoft Graph. */
export function createGraphSurface(dependencies: GraphDependencies): Surface {
  const services: Services = { clock: systemClock, log: silentLog, generateSecret, ...dependencies };
  return async (request) => {
    const trace = startTrace(request);
    try {
      return render(services, trace, await answer(services, request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      services.log.info('graph request refused', { stage: error.stage, reason: error.reason, traceId: trace.traceId });
      return renderRefusal(error, trace, services.clock());
    }
  };
}

/** One request, told from the `Authorization` header to the answer. Refusals are thrown. */
async function answer(services: Services, request: HttpRequest): Promise<GraphAnswer> {
  const caller = authenticate(services, request); // 401
  const [path = '', query = ''] = request.url.split('?', 2);
  const found = findResource(decodePath(path.replace(/^\/v1\.0\/?/i, '')));
  if (found === undefined) throw graphRefusal('notImplemented', [`the resource '${path}'`]);
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
