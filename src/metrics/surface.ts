import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import type { Family } from './families.ts';
import { renderText, textType } from './text-format.ts';

export interface MetricsSurfaceOptions {
  /** What whoever asks must send as `Authorization: Bearer …`; `undefined`: nothing is asked for. */
  readonly token: string | undefined;
  /** The numbers as they are now. */
  readonly collect: () => Promise<readonly Family[]>;
}

const address = /^\/metrics(?:\?|$)/;

/** `/metrics`, for who has the token; for anybody where the address itself is what keeps others out. */
export function createMetricsSurface({ token, collect }: MetricsSurfaceOptions): Surface {
  return async (request) => {
    if (!address.test(request.url)) return plain(404, 'metrics are at /metrics');
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'use GET', { Allow: 'GET, HEAD' });
    if (token !== undefined && !isBearer(request, token))
      return plain(401, needsToken, { 'WWW-Authenticate': 'Bearer' });
    const headers = { 'Content-Type': textType, 'Cache-Control': 'no-store' };
    return { status: 200, headers, body: renderText(await collect()) };
  };
}

/** `/metrics` at the address that everybody reaches, where no token was set: nobody is told anything. */
export const closedMetrics: Surface = async () => plain(403, closed);

const closed =
  'metrics are not told at this address: set PORTVAKT_METRICS_TOKEN_FILE, or PORTVAKT_METRICS_ADDRESS for one of their own; see docs/observability.md';
const needsToken = 'send the token of PORTVAKT_METRICS_TOKEN_FILE as Authorization: Bearer …';

/** Digests, so that the comparison takes the same time whatever was sent. */
function isBearer({ headers }: HttpRequest, token: string): boolean {
  const sent = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(sent), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body: `${text}\n`,
});
