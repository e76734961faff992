import type { RefusalCause } from './cause.ts';

/** Which stage said no; the folders of `src/` in the order of a request (ARCHITECTURE.md). */
export type Stage = 'token' | 'authenticate' | 'user' | 'limit' | 'parse' | 'table' | 'link' | 'data' | 'run';

/** What a caller is told, in the dialect of the surface: HTTP status, the product's code and message. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * A request is refused. `problem` is for the caller, `reason` is the true reason for the log and the administrator,
 * `headers` go on the answer (for example `WWW-Authenticate`).
 *
 * Thrown by any stage, caught once at the HTTP edge. It carries no stack trace: a refusal is an answer, not a fault.
 */
export class Refusal extends Error {
  readonly stage: Stage;
  readonly problem: Problem;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Which condition was not met; absent where the refusal is about no right of the caller's. */
  unmet?: RefusalCause;

  constructor(stage: Stage, problem: Problem, reason?: string, headers: Readonly<Record<string, string>> = {}) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(problem.message);
    Error.stackTraceLimit = limit;
    this.name = 'Refusal';
    this.stage = stage;
    this.problem = problem;
    this.reason = reason ?? problem.message;
    this.headers = headers;
  }

  /** The same refusal with more headers on its answer; its own win. */
  withHeaders(headers: Readonly<Record<string, string>>): Refusal {
    const copy = new Refusal(this.stage, this.problem, this.reason, { ...headers, ...this.headers });
    return this.unmet === undefined ? copy : copy.because(this.unmet);
  }

  /** The same refusal, with the condition that was not met. The caller is not told. */
  because(cause: RefusalCause): this {
    this.unmet = cause;
    return this;
  }
}
