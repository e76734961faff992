import type { Guid } from '../kernel/ids.ts';
import type { AuthorizedPlan } from '../odata/authorized-plan.ts';
import { mintVirtualRead } from '../odata/plan-mint.ts';
import { and, equals, type Query } from '../odata/query.ts';

/** One row by id, among those that the query leaves: a row outside what the user may see is simply not found. */
export function rowPlan(query: Query, id: Guid): AuthorizedPlan<Query> {
  return mintVirtualRead({ ...query, where: and(equals(query.table.primaryKey, id), query.where), limit: 1 });
}
