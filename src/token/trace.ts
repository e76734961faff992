import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../kernel/http.ts';
import { parseGuid } from '../kernel/ids.ts';

/** Ids by which a client's log and ours are brought together. */
export interface Trace {
  readonly traceId: string;
  /** The caller's `client-request-id` when that is a GUID, else our own. */
  readonly correlationId: string;
}

/** `parameters`: the form, where msal puts its id too (dataverse-web-api 1.1). */
export function startTrace(request: HttpRequest, parameters?: ReadonlyMap<string, string>): Trace {
  const sent = request.headers['client-request-id'] ?? parameters?.get('client-request-id') ?? fromQuery(request.url);
  return { traceId: randomUUID(), correlationId: (sent && parseGuid(sent)) || randomUUID() };
}

const fromQuery = (url: string): string | undefined => /[?&]client-request-id=([0-9a-f-]{36})(?:&|$)/i.exec(url)?.[1];
