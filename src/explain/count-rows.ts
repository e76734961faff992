import type { HrLevel } from '../hr/level.ts';
import { type RowStep, rowSteps } from '../hr/row-steps.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { Guid } from '../kernel/ids.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import { and, type Condition, equals } from '../odata/query.ts';
import type { Evidence } from './condition.ts';
import type { Decision, GrantedShape } from './decide.ts';
import type { EnvironmentView } from './environment-view.ts';
import type { RowCount, RowLoss } from './explanation.ts';

/** What a request of some kind does with rows that are there; a new row is reached by nobody. */
const rowRights: Partial<Record<RequestShape['kind'], readonly [HrLevel, AccessRight]>> = {
  read: ['Read', 'read'],
  update: ['Update', 'write'],
  delete: ['Delete', 'delete'],
};

/**
 * Counts which rows of its table a request reaches: of all rows, not of those that its own filter asks for, which is not
 * kept. `targetId`: that row alone.
 */
export async function countRows(
  view: EnvironmentView,
  { grants, session }: Decision,
  targetId: Guid | undefined,
): Promise<RowCount | undefined> {
  const [first] = grants;
  const table = view.model.table.get(first?.shape.table ?? '');
  const rights = first && rowRights[first.shape.kind];
  if (first === undefined || table === undefined || rights === undefined) return undefined;
  const steps = stepsOf(first, session, table, rights);
  if (steps === undefined) return undefined;
  const own = targetId === undefined ? undefined : equals(table.primaryKey, targetId);
  const all = await view.count(table, own);
  if (all === undefined) return undefined;
  const losses: RowLoss[] = [];
  let [where, before] = [own, all];
  for (const step of steps) {
    where = and(where, step.filter);
    const remaining = step.filter === undefined ? before : ((await view.count(table, where)) ?? before);
    const removed = before - remaining;
    losses.push({ condition: step.condition, removed, remaining, evidence: evidenceOf(step, removed, remaining) });
    before = remaining;
  }
  return { table: table.logicalName, all, losses };
}

function stepsOf(
  { grant }: GrantedShape,
  session: Decision['session'],
  table: Table,
  [level, right]: readonly [HrLevel, AccessRight],
): readonly RowStep[] | undefined {
  if (table.kind !== 'virtual') return [{ condition: 'depth', filter: grant.filterOf(table, right) }];
  return session && rowSteps(session, grant, table, level, right);
}

const evidenceOf = ({ policy, filter }: RowStep, removed: number, remaining: number): Evidence => ({
  ...(policy !== undefined && { policy }),
  ...(filter !== undefined && { rowsRemoved: removed, rowsLeft: remaining }),
  ...(filter?.kind === 'in' && filter.column === filter.column.table.company && { legalEntities: namesOf(filter) }),
});

const namesOf = ({ values }: Extract<Condition, { kind: 'in' }>): readonly string[] => values.map(String).sort();
