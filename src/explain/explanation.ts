import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import type { Chain, ConditionState, ConditionVerdict, Evidence } from './condition.ts';

/** What one condition took away. */
export interface RowLoss {
  readonly condition: ConditionId;
  readonly removed: number;
  readonly remaining: number;
  /** A row that it takes away is answered as one that is not there (404); else the request is refused. */
  readonly hides: boolean;
  readonly evidence: Evidence;
}

/** Rows that a request would reach, condition by condition. */
export interface RowCount {
  readonly table: string;
  /** All rows of the table, or 1 where the request is about one that is there. */
  readonly all: number;
  readonly losses: readonly RowLoss[];
}

/** A condition as it was decided then, where that is known, and as it would be decided now. */
export interface ExplainedCondition extends ConditionVerdict {
  readonly decidedThen?: ConditionState;
}

/** The entry of the audit log (docs/audit.md): members that are not known are absent. */
export interface ExplainedRequest {
  readonly requestId: string;
  readonly time: string;
  readonly surface: string;
  readonly outcome: string;
  readonly method?: string;
  readonly table?: string;
  readonly message?: string;
  readonly resource?: string;
  readonly status?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly clientId?: string;
  readonly environmentId?: string;
}

/** Why a request was answered as it was, and what would be decided if it came now: `GET /portvakt/v1/explain/{id}`. */
export interface Explanation extends Omit<Chain, 'conditions'> {
  readonly request: ExplainedRequest;
  readonly chain: string;
  /** What was decided then; absent where the request was not refused for want of a right. */
  readonly decidedThen?: RefusalCause;
  /** Is another condition unmet now than then, or none? */
  readonly hasChanged: boolean;
  readonly conditions: readonly ExplainedCondition[];
  /** Rows of the table, where it was allowed to look for them. */
  readonly rows?: RowCount;
}
