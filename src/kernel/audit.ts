import type { Brand } from './brand.ts';
import type { RefusalCause, RequestShape } from './cause.ts';
import type { HttpRequest } from './http.ts';
import type { ClientId, EnvironmentId, HrUserId, ServicePrincipalId, SystemUserId, TenantId } from './ids.ts';
import type { Stage } from './refusal.ts';

/** Who answered. `server` is the process itself: start, stop, keys. */
export type AuditSurface = 'token' | 'graph' | 'finops' | 'web-api' | 'portvakt' | 'server';

/**
 * What was asked for. A refusal has the kind of what it refused. `gap`: entries are missing, and `reason` says how many
 * and why.
 */
export type AuditKind = 'token' | 'read' | 'change' | 'consent' | 'keys' | 'server' | 'gap';

/**
 * `allowed`: done. `denied`: refused for want of a proof or a right (the `stage` says which). `failed`: understood as
 * wrong, or not there, or in conflict; nothing was done. `faulted`: an error of ours; nobody knows what was done.
 */
export type AuditOutcome = 'allowed' | 'denied' | 'failed' | 'faulted';

/** Text that is fit to be kept: without secrets, tokens and what rows hold. Made by `parseAuditText` alone. */
export type AuditText = Brand<string, 'AuditText'>;

/** Who: each as far as it is known when the request ends. */
export interface AuditActor {
  tenantId?: TenantId;
  clientId?: ClientId;
  /** The service principal. */
  objectId?: ServicePrincipalId;
  /** The application user, who passes gate one. */
  userId?: SystemUserId;
  /** The application user who asked, where it was in `userId`'s name. */
  actorId?: SystemUserId;
  /** The Human Resources user, who passes gate two. */
  hrUserId?: HrUserId;
  /** `uti` of the access token: names it without being it. */
  tokenId?: string;
  remoteAddress?: string;
  /** Who used the web app: the application in `clientId` is the web app's own then. */
  operator?: string;
  /** Which secret, certificate or federated credential proved the client, in an administrator's words. */
  credential?: string;
}

/** What: names of tables and ids of rows, never what is in them. */
export interface AuditTarget {
  environmentId?: EnvironmentId;
  method?: string;
  /** Logical name of a table, or an entity set or collection of the surface. */
  table?: string;
  /** Function, action, grant type or another operation with a name. */
  message?: string;
  /** What a token was issued for. */
  resource?: string;
  /** GUID of the row or object; readable ids of a row of Human Resources' administration; `kid` of a signing key. */
  targetId?: string;
  /** Sensitive columns that a read looked at: `table.column`, separated by commas. */
  sensitive?: string;
  /**
   * What it asked of the gates. Absent of what was allowed and asked for nothing but what `kind`, `method` and `table` say.
   */
  shapes?: readonly RequestShape[];
}

/** One line of the audit log. Time, process and number are given to it by the log. */
export interface AuditEntry extends AuditActor, AuditTarget {
  readonly kind: AuditKind;
  readonly outcome: AuditOutcome;
  readonly surface: AuditSurface;
  /** Our id of the request, which is a header of the answer: `REQ_ID`, `request-id`, `x-ms-request-id`. */
  readonly requestId: string;
  /** The client's own id of the request, where it sent one. */
  readonly correlationId?: string;
  /** HTTP status of the answer. */
  readonly status?: number;
  readonly code?: string;
  readonly stage?: Stage;
  /** The true reason of a refusal; the caller may have been told less. */
  readonly reason?: AuditText;
  /** Which condition was not met. */
  readonly cause?: RefusalCause;
}

/** The audit log cannot be written: what must be audited is not answered. */
export class AuditUnavailable extends Error {
  constructor(cause?: unknown) {
    super('the audit log cannot be written', cause === undefined ? undefined : { cause });
    this.name = 'AuditUnavailable';
  }
}

/** The append-only audit log. There is no way to change what is in it. */
export interface Audit {
  /** `false` since a write failed, until one succeeds: begin nothing then that could not be audited. */
  readonly isWorking: boolean;
  /** For changes, tokens and denials: resolves when the entry is on disk. @throws AuditUnavailable */
  write(entry: AuditEntry): Promise<void>;
  /** For allowed reads: on disk within a second, and at no cost to the request. Never throws; losses are told as `gap`. */
  note(entry: AuditEntry): void;
  /**
   * Told of each operation once, when it has been answered and is written or noted; for those who count. `began` is a moment of
   * `performance.now()`, absent where operations were answered together.
   */
  answered?(entry: AuditEntry, began?: number): void;
}

/** Keeps nothing; for tests and for parts that are used without a server. */
export const silentAudit: Audit = { isWorking: true, write: async () => undefined, note: () => undefined };

/** What one request is and has done, filled in by the stages as they learn it; its audit entry is made of this. */
export interface AuditNotes extends AuditActor, AuditTarget {
  readonly surface: AuditSurface;
  kind: AuditKind;
}

/** A further row that one request has changed: nested rows, targets of a bulk message. It has an entry of its own. */
export type AuditedRow = Pick<AuditTarget, 'table' | 'message' | 'targetId' | 'sensitive'>;

/** Notes of a request of which nothing but its head is known. */
export function beginNotes(surface: AuditSurface, kind: AuditKind, request: HttpRequest): AuditNotes {
  const { method, remoteAddress, operator } = request;
  const notes: AuditNotes = { surface, kind, method };
  if (remoteAddress !== undefined) notes.remoteAddress = remoteAddress;
  if (operator !== undefined) notes.operator = operator.name;
  return notes;
}
