import type { HttpResponse } from '../kernel/http.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Trace } from '../token/trace.ts';

const headersOf = (trace: Trace): Record<string, string> => ({
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'request-id': trace.traceId,
  'client-request-id': trace.correlationId,
});

export const renderJson = (
  trace: Trace,
  status: 200 | 204,
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
