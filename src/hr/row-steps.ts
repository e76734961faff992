import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import type { Condition } from '../odata/query.ts';
import { companyFilter } from './access-checks.ts';
import { RowPolicies } from './hr-policy.ts';
import type { HrSession } from './hr-session.ts';
import type { HrLevel } from './level.ts';
import type { GateOne } from './narrow-query.ts';

/** One of the conditions that take rows away, in the order in which they do; `undefined` takes none. */
export interface RowStep {
  readonly condition: 'depth' | 'legal-entity' | 'policy';
  /** Identifier of the policy. */
  readonly policy?: string;
  readonly filter: Condition | undefined;
}

/**
 * What `reachedRows` and the grant of the first gate make of one table, taken apart for an explanation: joined by "and"
 * they are the very filter of a request.
 */
export function rowSteps(
  session: HrSession,
  grant: GateOne,
  table: Table,
  level: HrLevel,
  right: AccessRight,
): readonly RowStep[] {
  const { access } = session;
  const policies = access.kind === 'systemAdministrator' ? [] : access.policies.on(table, level);
  return [
    { condition: 'depth', filter: grant.filterOf(table, right) },
    { condition: 'legal-entity', filter: companyFilter(session, table, level) },
    ...policies.map((policy) => ({
      condition: 'policy' as const,
      policy: policy.identifier,
      filter: new RowPolicies([policy]).conditionOf(table, level),
    })),
  ];
}
