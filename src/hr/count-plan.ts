import type { Table } from '../metadata/table.ts';
import type { AuthorizedPlan } from '../odata/authorized-plan.ts';
import { emptyQuery } from '../odata/bind-shape.ts';
import { mintVirtualRead } from '../odata/plan-mint.ts';
import type { Condition, Query } from '../odata/query.ts';

/**
 * How many rows of a virtual table meet a condition, for an administrator who asks why rows are missing. Ends counting at
 * `limit`. INVARIANT: its result is used for the count alone; the one id that it reads goes nowhere.
 */
export const virtualCountPlan = (table: Table, where: Condition | undefined, limit: number): AuthorizedPlan<Query> =>
  mintVirtualRead({ ...emptyQuery(table), columns: [table.primaryKey], where, limit: 1, countUpTo: limit });
