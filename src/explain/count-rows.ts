import { ownerColumnOf } from '../dataverse/owner-column.ts';
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
  const rights = first && table && rightsOf(first.shape, table);
  if (first === undefined || table === undefined || rights === undefined) return undefined;
  const steps = stepsOf(first, session, table, rights);
  if (steps === undefined) return undefined;
  const own = targetId === undefined ? undefined : equals(table.primaryKey, targetId);
  const all = await view.count(table, own);
  if (all === undefined) return undefined;
  const isHidden = own !== undefined && rights[0] !== 'Read' && !(await isSeen(view, first, session, table, own));
  const losses: RowLoss[] = [];
  let [where, before] = [own, all];
  for (const step of steps) {
    where = and(where, step.filter);
    const remaining = step.filter === undefined ? before : ((await view.count(table, where)) ?? before);
    const removed = before - remaining;
    const { condition } = step;
    const hides = step.hides || isHidden;
    losses.push({ condition, removed, remaining, hides, evidence: evidenceOf(step, removed, remaining) });
    before = remaining;
  }
  return { table: table.logicalName, all, losses };
}

/** A lookup that is set by a link of its own is a change of the row; other links change rows that are not counted here. */
function rightsOf({ kind, navigations }: RequestShape, table: Table): readonly [HrLevel, AccessRight] | undefined {
  if (kind !== 'link') return rowRights[kind];
  return table.navigation.get(navigations?.[0] ?? '')?.kind === 'single' ? rowRights.update : undefined;
}

interface CountedStep extends RowStep {
  readonly hides: boolean;
}

/** In the order in which a request meets them. */
function stepsOf(
  { grant, shape }: GrantedShape,
  session: Decision['session'],
  table: Table,
  [level, right]: readonly [HrLevel, AccessRight],
): readonly CountedStep[] | undefined {
  if (table.kind !== 'virtual') return ownStepsOf(grant, shape, table, right);
  if (session === undefined) return undefined;
  const seen = rowSteps(session, grant, table, 'Read', 'read');
  if (level === 'Read') return seen.map(hiding);
  const changed = rowSteps(session, grant, table, level, right);
  // A row that may be seen and not changed is refused for its legal entity or a policy; any other is as if it were not there.
  return [
    ...changed.filter(({ condition }) => condition !== 'depth').map((step) => ({ ...step, hides: false })),
    ...changed.filter(({ condition }) => condition === 'depth').map(hiding),
    ...seen.filter(({ condition }) => condition === 'policy').map(hiding),
  ];
}

const hiding = (step: RowStep): CountedStep => ({ ...step, hides: true });

/** May the row be seen? What refuses a change of it tells that it is there, unless it may not. */
async function isSeen(
  view: EnvironmentView,
  { grant }: GrantedShape,
  session: Decision['session'],
  table: Table,
  own: Condition | undefined,
): Promise<boolean> {
  if (table.kind !== 'virtual' || session === undefined) return true;
  const seen = rowSteps(session, grant, table, 'Read', 'read').map(({ filter }) => filter);
  return (await view.count(table, and(own, ...seen))) !== 0;
}

/** Of rows that users own it is said that they are there; such a row points to another one only within Append's reach. */
function ownStepsOf(
  grant: GrantedShape['grant'],
  { navigations = [] }: RequestShape,
  table: Table,
  right: AccessRight,
): readonly CountedStep[] {
  const owner = ownerColumnOf(table);
  const hides = owner === undefined;
  const depth = (of: AccessRight): CountedStep => ({ condition: 'depth', filter: grant.filterOf(table, of), hides });
  const isAppended = navigations.some((name) => {
    const navigation = table.navigation.get(name);
    return navigation?.kind === 'single' && navigation.column !== owner;
  });
  return owner !== undefined && right === 'write' && isAppended ? [depth(right), depth('append')] : [depth(right)];
}

const evidenceOf = ({ policy, filter }: RowStep, removed: number, remaining: number): Evidence => ({
  ...(policy !== undefined && { policy }),
  ...(filter !== undefined && { rowsRemoved: removed, rowsLeft: remaining }),
  ...(filter?.kind === 'in' && filter.column === filter.column.table.company && { legalEntities: namesOf(filter) }),
});

const namesOf = ({ values }: Extract<Condition, { kind: 'in' }>): readonly string[] => values.map(String).sort();
