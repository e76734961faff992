import type { ConditionId } from '../kernel/cause.ts';
import type { Localized } from '../kernel/language.ts';
import type { AdvisedUse } from './advice.ts';

/** One kind of request that was allowed, and what would become of it. */
export interface BrokenUse {
  readonly clientId: string;
  readonly name: string;
  readonly use: AdvisedUse;
  readonly condition: ConditionId;
  readonly conditionTitle: Localized;
}

/** `POST /portvakt/v1/simulate` */
export interface Simulation {
  readonly requests: number;
  readonly uses: number;
  readonly since: string;
  readonly until: string;
  readonly isCutOff: boolean;
  /** What was allowed and would be refused, the most frequent first. */
  readonly broken: readonly BrokenUse[];
  /** What is refused today already, though it was allowed: it says nothing of the change. */
  readonly refusedToday: number;
  /** Users who hold the role. */
  readonly holders: readonly string[];
}
