import type { AuditIds } from '../kernel/audited.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { newRequestId, parseGuid } from '../kernel/ids.ts';

/** Ids by which a client's log and ours are brought together. */
export interface Trace {
  readonly traceId: string;
  /** The caller's `client-request-id` when that is a GUID, else the same as `traceId`. */
  readonly correlationId: string;
}

/** `parameters`: the form, where msal puts its id too (dataverse-web-api 1.1). */
export function startTrace(request: HttpRequest, parameters?: ReadonlyMap<string, string>): Trace {
  const sent = request.headers['client-request-id'] ?? parameters?.get('client-request-id') ?? fromQuery(request.url);
  const traceId = newRequestId();
  return { traceId, correlationId: (sent && parseGuid(sent)) || traceId };
}

/** The ids as the audit log keeps them: the caller's only where it sent one. */
export const auditIds = ({ traceId, correlationId }: Trace): AuditIds =>
  correlationId === traceId ? { requestId: traceId } : { requestId: traceId, correlationId };

const fromQuery = (url: string): string | undefined => /[?&]client-request-id=([0-9a-f-]{36})(?:&|$)/i.exec(url)?.[1];
