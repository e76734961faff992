import type { AuditEntry } from './audit.ts';
import type { HttpRequest } from './http.ts';

/** A part of a request whose time is told by itself. */
export type Step = 'gate-one' | 'gate-two';

/** What a statement of the database does. */
export type StatementKind = 'read' | 'write' | 'commit' | 'other';

/**
 * Where the parts of the program tell what they have just done, once, when it is done. `began` is a moment of
 * `performance.now()`, `ms` how long it took. Nothing here throws or waits.
 */
export interface Probe {
  /** An HTTP request was answered with this status. */
  http(request: Pick<HttpRequest, 'method' | 'url'>, status: number, ms: number): void;
  /** A surface has answered a request, or a part of a batch; `began` is absent where parts were answered together. */
  answered(entry: AuditEntry, began?: number): void;
  /** The moment at which a gate begins to decide; 0 where nobody wants to know: looking at the clock costs as much as a gate. */
  begin(step: Step): number;
  /** A gate has decided; `began` is what `begin` gave. */
  step(step: Step, began: number, isRefused: boolean): void;
  /** The database has answered a statement; `text` holds no values, and is empty where many requests share it. */
  statement(kind: StatementKind, began: number, text: string, isFailed: boolean): void;
  /** The same job, which belongs to the request at hand whoever calls it later; absent where that makes no difference. */
  bind?<A extends unknown[], T>(job: (...given: A) => T): (...given: A) => T;
}

/** Hears nothing. */
export const silentProbe: Probe = { http() {}, answered() {}, begin: () => 0, step() {}, statement() {} };
