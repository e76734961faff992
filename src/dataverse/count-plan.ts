import type { Table } from '../metadata/table.ts';
import type { AuthorizedPlan } from '../odata/authorized-plan.ts';
import { emptyQuery } from '../odata/bind-shape.ts';
import { mintNativeRead } from '../odata/plan-mint.ts';
import type { Condition, Query } from '../odata/query.ts';

/** As `virtualCountPlan` of the second gate, for tables of Dataverse. */
export const nativeCountPlan = (table: Table, where: Condition | undefined, limit: number): AuthorizedPlan<Query> =>
  mintNativeRead({ ...emptyQuery(table), columns: [table.primaryKey], where, limit: 1, countUpTo: limit });
