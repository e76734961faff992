/** When a delivery that failed is tried again, and when it is given up. */
export interface RetryRules {
  /** Milliseconds before the second attempt, on average three quarters of it. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Attempts before the delivery is dead. */
  readonly attempts: number;
}

/** Two hours between attempts at most. */
export const longestDelayMs = 2 * 60 * 60 * 1000;

/**
 * Milliseconds until the next attempt: twice as long after each, and between half and all of that by chance, so that what
 * failed together does not come back together. The count of attempts is stored, which a library that repeats a promise in
 * memory could not go on from after a restart.
 */
export function backOff({ firstMs, longestMs }: RetryRules, attempts: number, random: () => number): number {
  const whole = Math.min(firstMs * 2 ** Math.max(0, attempts - 1), longestMs);
  return Math.round(whole / 2 + (random() * whole) / 2);
}
