import { isConsentUrl } from './consent/address.ts';
import { type HttpRequest, type HttpResponse, idHeaders, type Surface } from './kernel/http.ts';
import { newRequestId } from './kernel/ids.ts';
import type { MaybePromise } from './kernel/maybe-promise.ts';
import { isAuthorityUrl, isErrorPage } from './token/routes.ts';

/** The surfaces behind one address; docs/urls.md lists them for users. */
export interface Surfaces {
  readonly webApi: Surface;
  readonly finops: Surface;
  readonly graph: Surface;
  /** What only we have. */
  readonly admin: Surface;
  readonly consent: Surface;
  readonly token: Surface;
  /** The files of the admin web app. */
  readonly webApp: Surface;
  /** `/metrics`; it looks after itself who may ask. */
  readonly metrics: Surface;
  /** Has everything been opened and filled? */
  readonly isReady: () => boolean;
  /** What is missing for being of use now; absent where nothing can be. Anybody may ask, so asking must cost nothing. */
  readonly troubles?: () => Promise<readonly string[]>;
}

/** First path segment -> who answers. Everything else belongs to a tenant: `/{tenant}/oauth2/...`. */
const prefixes: Readonly<Record<string, keyof Pick<Surfaces, 'webApi' | 'finops' | 'graph' | 'admin' | 'webApp'>>> = {
  '': 'webApp',
  app: 'webApp',
  api: 'webApi',
  data: 'finops',
  'v1.0': 'graph',
  portvakt: 'admin',
};

const later: Readonly<Record<string, string>> = {
  XRMServices: 'the SOAP organization service',
};

/** Every answer names its request: one that no surface names, such as a public document, by an id that no log has. */
const named = (answer: HttpResponse): HttpResponse =>
  idHeaders.some((name) => answer.headers[name] !== undefined)
    ? answer
    : { ...answer, headers: { ...answer.headers, 'x-ms-request-id': newRequestId() } };

/** One surface out of all, by the first segment of the path. */
export function createRoutes(surfaces: Surfaces): Surface {
  const route = routeAmong(surfaces);
  return async (request) => named(await route(request));
}

function routeAmong(surfaces: Surfaces): (request: HttpRequest) => MaybePromise<HttpResponse> {
  return (request) => {
    const segment = firstSegment(request.url);
    const health = healthOf(surfaces, segment);
    if (health !== undefined) return health;
    if (segment === 'metrics') return surfaces.metrics(request);
    if (!surfaces.isReady()) return plain(503, 'starting');
    const prefix = Object.hasOwn(prefixes, segment) ? prefixes[segment] : undefined;
    if (prefix !== undefined) return surfaces[prefix](request);
    if (Object.hasOwn(later, segment)) return plain(501, `${later[segment]} is not built yet; see docs/urls.md`);
    if (isConsentUrl(request.url)) return surfaces.consent(request);
    if (isErrorPage(request.url)) return surfaces.token(request);
    return isTenantPath(request) ? surfaces.token(request) : plain(404, 'nothing is served here; see docs/urls.md');
  };
}

/** The class of a URL's route, for who counts: one of a few, whatever the URL is. */
export function routeClassOf(url: string): string {
  const segment = firstSegment(url);
  if (Object.hasOwn(routeClasses, segment)) return routeClasses[segment] as string;
  if (isConsentUrl(url)) return 'consent';
  return isAuthorityUrl(url) ? 'token' : 'other';
}

const routeClasses: Readonly<Record<string, string>> = {
  '': 'web-app',
  app: 'web-app',
  api: 'web-api',
  data: 'finops',
  'v1.0': 'graph',
  portvakt: 'portvakt',
  healthz: 'health',
  readyz: 'health',
  metrics: 'metrics',
};

function healthOf(surfaces: Surfaces, segment: string): MaybePromise<HttpResponse> | undefined {
  if (segment === 'healthz') return plain(200, 'ok');
  if (segment !== 'readyz') return undefined;
  return surfaces.isReady() ? readiness(surfaces) : plain(503, 'starting');
}

async function readiness({ troubles }: Surfaces): Promise<HttpResponse> {
  const all = (await troubles?.()) ?? [];
  return all.length === 0 ? plain(200, 'ready') : plain(503, `not ready: ${all.join(', ')}`);
}

const slash = 0x2f;
const questionMark = 0x3f;

function firstSegment(url: string): string {
  for (let at = 1; at < url.length; at++) {
    const char = url.charCodeAt(at);
    if (char === slash || char === questionMark) return url.slice(1, at);
  }
  return url.slice(1);
}

const isTenantPath = (request: HttpRequest): boolean => /^\/[^/?]+\/[^?]/.test(request.url);

const plain = (status: number, text: string): HttpResponse => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
});
