import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import type { Use } from './recorded-use.ts';

/** A use that is not allowed, and why. */
export interface UncoveredUse {
  readonly use: Use;
  readonly cause: RefusalCause;
}

/** Why a right cannot be left out: this use is refused without it. */
export interface UseProof {
  readonly use: Use;
  readonly condition: ConditionId;
}

/** Why a use is refused; `undefined`: it is not. */
type Unmet = (use: Use) => RefusalCause | undefined;

/** The uses that are refused. */
export const uncoveredOf = (uses: readonly Use[], unmet: Unmet): readonly UncoveredUse[] =>
  uses.flatMap((use) => {
    const cause = unmet(use);
    return cause === undefined ? [] : [{ use, cause }];
  });

/** The others. */
export const coveredOf = (uses: readonly Use[], uncovered: readonly UncoveredUse[]): readonly Use[] =>
  uses.filter((use) => uncovered.every((each) => each.use !== use));

/** The first use that is refused; `undefined`: none is. */
export function proofOf(uses: readonly Use[], unmet: Unmet): UseProof | undefined {
  for (const use of uses) {
    const cause = unmet(use);
    if (cause !== undefined) return { use, condition: cause.condition };
  }
  return undefined;
}
