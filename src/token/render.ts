import type { HttpResponse } from '../kernel/http.ts';
import type { TokenRefusal } from './problems.ts';
import type { Trace } from './trace.ts';

/** A JSON answer about one client: not to be kept by anybody (RFC 6749 section 5.1). */
export function renderPrivate(status: number, body: string, trace: Trace, headers = {}): HttpResponse {
  return {
    status,
    headers: {
      'Cache-Control': 'no-store, no-cache',
      Pragma: 'no-cache',
      'Content-Type': 'application/json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'x-ms-request-id': trace.traceId,
      'client-request-id': trace.correlationId,
      ...headers,
    },
    body,
  };
}

/** The ids of an answer of `renderPrivate`. */
export const traceOf = ({ headers }: HttpResponse): Trace => ({
  traceId: headers['x-ms-request-id'] ?? '',
  correlationId: headers['client-request-id'] ?? '',
});

const day = 86_400;

/** A public document. Readable by scripts of any origin, as the real product's are. `keptFor`: seconds. */
export function renderDocument(body: unknown, keptFor = day): HttpResponse {
  return {
    status: 200,
    headers: {
      'Cache-Control': `max-age=${Math.min(keptFor, day)}, private`,
      'Content-Type': 'application/json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Access-Control-Allow-Origin': '*',
    },
    body: JSON.stringify(body),
  };
}

/** Error body of the authority (dataverse-web-api 1.11). `base` is where its error page is found. */
export function renderRefusal(refusal: TokenRefusal, trace: Trace, now: Date, base: string): HttpResponse {
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trailer = `Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`;
  const body = JSON.stringify({
    error: refusal.error,
    error_description: `AADSTS${refusal.number}: ${refusal.problem.message} ${trailer}`,
    error_codes: [refusal.number],
    timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${base}/error?code=${refusal.number}`,
  });
  return renderPrivate(refusal.problem.status, body, trace, refusal.headers);
}
