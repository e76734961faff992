import type { RefusalCause } from '../kernel/cause.ts';
import type { Evidence, Fix, NearMiss } from './condition.ts';
import type { Decision } from './decide.ts';
import type { Facts } from './facts.ts';

type Later<T> = T | Promise<T>;

/** What an explanation tells about one condition. Whether it is met is not decided here. */
export interface ConditionDetails {
  /** What the verdict rests on, whichever it is. */
  evidence(facts: Facts, cause: RefusalCause | undefined): Later<Evidence>;
  /** `false`: such a request is not asked for this. Default: it is. */
  isAsked?(facts: Facts, decision: Decision): boolean;
  /** `false`: nobody can tell without the request itself. Default: it is known. */
  isKnown?(facts: Facts): boolean;
  nearMisses?(facts: Facts, cause: RefusalCause): Later<readonly NearMiss[]>;
  /** In any order: the explanation sorts them. */
  fixes?(facts: Facts, cause: RefusalCause): Later<readonly Fix[]>;
}
