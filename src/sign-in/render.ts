import type { HttpResponse } from '../kernel/http.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Trace } from '../token/trace.ts';

/** On every answer to a browser's session, so that no text in it becomes a page. */
export const dataHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const headersOf = (trace: Trace): Record<string, string> => ({
  ...dataHeaders,
  'Content-Type': 'application/json; charset=utf-8',
  'request-id': trace.traceId,
  'client-request-id': trace.correlationId,
});

export const renderJson = (
  trace: Trace,
  status: 200 | 204 | 303,
  body: object | undefined,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { ...headersOf(trace), ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

/** @param more members beside `error` */
export const renderRefusal = (trace: Trace, { problem, headers }: Refusal, more: object = {}): HttpResponse => ({
  status: problem.status,
  headers: { ...headersOf(trace), ...headers },
  body: JSON.stringify({ error: { code: problem.code, message: problem.message }, ...more }),
});
