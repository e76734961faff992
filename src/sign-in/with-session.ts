import { type Audit, beginNotes } from '../kernel/audit.ts';
import { parseAuditText } from '../kernel/audit-text.ts';
import { answerAudited } from '../kernel/audited.ts';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Log } from '../kernel/log.ts';
import type { OperatorRole } from '../kernel/operator.ts';
import type { Api } from '../token/resources.ts';
import { auditIds, startTrace } from '../token/trace.ts';
import { SignInRefusal } from './problems.ts';
import { dataHeaders, renderRefusal } from './render.ts';
import { requireSameOrigin } from './same-origin.ts';
import { csrfHeader, hasCookie, isCsrfToken, type OperatorSession, type Sessions } from './sessions.ts';
import type { FindPlace, WebAppPlace } from './web-app-place.ts';
import type { WebAppTokens } from './web-app-tokens.ts';

export interface WithSessionDeps {
  readonly sessions: Sessions;
  readonly tokens: WebAppTokens;
  readonly findPlace: FindPlace;
  readonly audit: Audit;
  readonly log: Log;
}

/** The four surfaces that the web app uses, by the first segment of the path: what their tokens are for. */
export const dataSurfaces: Readonly<Record<string, { readonly api: Api; readonly audience: (url: string) => string }>> =
  {
    api: { api: 'dataverse', audience: (url) => url },
    portvakt: { api: 'dataverse', audience: (url) => url },
    data: { api: 'finops', audience: (url) => `${url}/data` },
    'v1.0': { api: 'graph', audience: () => 'https://graph.microsoft.com' },
  };

/**
 * A surface that takes a signed-in browser for the web app's application of the operator's role. Requests with an
 * `Authorization` header, and all that are not the web app's, come through as they are.
 * @param segment first segment of the surface's paths
 */
export function withSession(segment: keyof typeof dataSurfaces, surface: Surface, deps: WithSessionDeps): Surface {
  return (request) => {
    const { cookie, authorization, [csrfHeader]: csrfToken } = request.headers;
    const isOfWebApp = hasCookie(cookie) || csrfToken !== undefined;
    if (authorization !== undefined || !isOfWebApp) return surface(request);
    return answerForSession(segment, surface, deps, request).then(forBrowsers);
  };
}

/** Whatever a surface answers is data, and no page: nothing in it runs, none of it is framed or kept by the browser. */
const forBrowsers = (answer: HttpResponse): HttpResponse => ({
  ...answer,
  headers: { ...answer.headers, ...dataHeaders },
});

async function answerForSession(
  segment: string,
  surface: Surface,
  deps: WithSessionDeps,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    const place = deps.findPlace(request.host);
    if (place?.isHome !== true) return await surface(request);
    const session = await getSession(deps, request, place);
    return await surface(await inTheNameOf(session, place, segment, deps, request));
  } catch (error) {
    if (!(error instanceof SignInRefusal)) throw error;
    return refuse(deps, request, error);
  }
}

/** @throws SignInRefusal 401, 403 */
async function getSession(deps: WithSessionDeps, request: HttpRequest, { url }: WebAppPlace): Promise<OperatorSession> {
  requireSameOrigin(request, new URL(url).protocol);
  const session = await deps.sessions.find(request.headers['cookie']);
  if (session === undefined) throw new SignInRefusal('signedOut');
  if (!isCsrfToken(session, request.headers[csrfHeader])) throw new SignInRefusal('csrf');
  requireRole(session.operator.role, request);
  return session;
}

/** Questions that are asked with a body, and change nothing. */
const askingPosts = /^\/portvakt\/v1\/(?:can-i|who-can|simulate|advise|explain)(?:[/?]|$)/;
/** What the recruiting workspace needs: data of its tables, events, people. Neither set-up nor directory. */
const recruitingPaths = /^\/(?:api\/data\/|portvakt\/v1\/(?:events|webhooks|people|recruiting)(?:[/?]|$))/;

/** The gates would refuse most of it anyway; this is refused whatever they say. */
function requireRole(role: OperatorRole, { method, url }: HttpRequest): void {
  const reads = method === 'GET' || method === 'HEAD' || (method === 'POST' && askingPosts.test(url));
  if (role === 'readOnly' && !reads) throw new SignInRefusal('notPermitted');
  if (role === 'recruiting' && !recruitingPaths.test(url)) throw new SignInRefusal('notPermitted');
}

async function inTheNameOf(
  { operator }: OperatorSession,
  place: WebAppPlace,
  segment: string,
  { tokens }: WithSessionDeps,
  request: HttpRequest,
): Promise<HttpRequest> {
  const { api, audience } = dataSurfaces[segment] ?? unknownSegment(segment);
  const find = () => tokens.get(operator.role, place.tenantId, api, audience(place.url));
  await place.admit(operator.role);
  const token = await find();
  if (token === undefined) throw new SignInRefusal('notPermitted');
  const { cookie: _cookie, [csrfHeader]: _csrf, ...headers } = request.headers;
  const { id, name, role } = operator;
  return { ...request, headers: { ...headers, authorization: `Bearer ${token}` }, operator: { id, name, role } };
}

function unknownSegment(segment: string): never {
  throw new TypeError(`no surface begins with ${segment}`);
}

/** A denial, in the audit log before it is answered. */
function refuse({ audit, log }: WithSessionDeps, request: HttpRequest, refusal: SignInRefusal): Promise<HttpResponse> {
  const trace = startTrace(request);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return answerAudited({
    audit,
    notes: beginNotes('portvakt', isRead ? 'read' : 'change', request),
    answer: () => Promise.reject(refusal),
    refuse: (told) => {
      const { stage, problem } = told;
      log.info('web app refused', { stage, code: problem.code, traceId: trace.traceId });
      return renderRefusal(trace, told);
    },
    unavailable: (why) => new SignInRefusal(why),
    idsOf: () => auditIds(trace),
    reasonOf: ({ reason }) => parseAuditText(reason),
  });
}
