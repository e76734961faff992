import { throttled } from '../hr/hr-problems.ts';
import type { HrSession } from '../hr/hr-session.ts';
import type { Clock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type LimitFigures, type RunningUse, scaleFigures, UsageLimits } from '../kernel/usage-limits.ts';

/** The vendor's figures for each Human Resources user (human-resources-security 6.4); legal entities do not matter. */
const vendorFigures: LimitFigures = { requests: 500, executionTime: 300_000, concurrent: 25 };

/** Seconds to wait when too many requests run at a time: the vendor's own fallback. */
const concurrencyWait = 30;

/**
 * Human Resources' own throttling behind the hop, under that of Dataverse and stricter: every operation on a virtual table
 * is one request to it, each part of a batch too.
 */
export class HrLimits {
  readonly #limits: UsageLimits;

  /** `factor` times the vendor's figures. */
  constructor(factor: number, clock: Clock) {
    this.#limits = new UsageLimits(scaleFigures(vendorFigures, factor), clock);
  }

  /**
   * Counts an operation of a user. `environmentId` keeps users of the same name apart. @throws Refusal with message V4, and
   * `Retry-After`, when it is one too many (step 20)
   */
  begin(environmentId: string, { user }: HrSession): RunningUse {
    const begun = this.#limits.begin(`${environmentId} ${user.id.toLowerCase()}`);
    if ('end' in begun) return begun;
    const { limit, wait = concurrencyWait } = begun;
    const reason = `user ${user.id} has used up its ${limit} of Human Resources`;
    const headers = { 'Retry-After': String(wait) };
    throw new Refusal('limit', throttled(user.language), reason, headers).because({
      condition: 'hr-limits',
      data: { hrUser: user.id, limit, waitSeconds: String(wait) },
    });
  }
}
