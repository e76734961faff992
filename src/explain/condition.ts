import type { ConditionId } from '../kernel/cause.ts';
import type { Localized } from '../kernel/language.ts';

/** Where in the chain a condition stands: the token authority, Dataverse (gate one), Human Resources (gate two). */
export type Gate = 'directory' | 'dataverse' | 'human-resources';

/**
 * - `passed`: met.
 * - `failed`: not met; the first one that is decides.
 * - `not reached`: an earlier one was not met, or it depends on what is not known (the body, the secret).
 * - `not asked`: this request has nothing to do with it, such as the second gate for a table of Dataverse.
 */
export type ConditionState = 'passed' | 'failed' | 'not reached' | 'not asked';

/** What a verdict rests on: names, ids and numbers, never a value of a row and never a secret. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Something that is almost as it should be. */
export interface NearMiss {
  readonly kind: string;
  readonly text: Localized;
  readonly evidence: Evidence;
}

/** The surfaces that an administrator changes things through; the same ones as of the real product. */
export type FixSurface = 'graph' | 'web-api' | 'data';

/** One call that carries out a part of a fix. */
export interface FixOperation {
  readonly surface: FixSurface;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Below the surface's root (`/v1.0/`, `/api/data/v9.2/`, `/data/`), encoded as it is sent. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A command line that does the same. */
  readonly cliCommand: string;
  /** What is different afterwards. */
  readonly preview: Localized;
}

/** A way to have the condition met: its operations in their order. */
export interface Fix {
  readonly title: Localized;
  /**
   * How much more is allowed afterwards than before, as a number to compare fixes of one condition by: rights times
   * users who gain them. The list is sorted by it: least privilege first.
   */
  readonly gain: number;
  /** Empty where nobody but the client can do it, such as asking for a new token. */
  readonly operations: readonly FixOperation[];
  /** What the client must send instead, by the name of the parameter: `client_id`, `scope`, `tenant`, `client_secret`. */
  readonly clientSends?: Readonly<Record<string, string>>;
  /** The client has to wait this long, and do nothing else. */
  readonly waitSeconds?: number;
}

/** One condition of the chain with its verdict. */
export interface ConditionVerdict {
  readonly id: ConditionId;
  readonly gate: Gate;
  readonly title: Localized;
  readonly state: ConditionState;
  readonly evidence: Evidence;
  readonly nearMisses: readonly NearMiss[];
  readonly fixes: readonly Fix[];
}

/** What would be decided now. */
export interface Chain {
  readonly conditions: readonly ConditionVerdict[];
  /** Absent where everything that can be decided without the request itself is met. */
  readonly firstFailed?: ConditionId;
}

/** What is the same of a condition in every explanation. */
export interface ConditionText {
  readonly id: ConditionId;
  readonly gate: Gate;
  readonly title: Localized;
}
