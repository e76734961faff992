import type { Guid } from '../kernel/ids.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import type { AuthorizedPlan } from '../odata/authorized-plan.ts';
import type { Bind, Operation } from '../odata/operation.ts';
import { mintVirtualWrite } from '../odata/plan-mint.ts';
import { and, type Condition, type Query } from '../odata/query.ts';
import { checkColumn, checkCompany, checkLevel, denyPolicy, namedCompany, policyFilter } from './access-checks.ts';
import type { AuthorizedWrite, PolicyLimit, PolicyReach, ReadableBind } from './authorized-operation.ts';
import { nestedPipeline } from './hr-problems.ts';
import { type Denial, deny, type HrSession } from './hr-session.ts';
import type { HrLevel } from './level.ts';
import { checkInvoke } from './method-access.ts';
import { findReadDenial, narrowQuery, type ReadGate, reachedRows, rowsOf } from './narrow-query.ts';
import { rowPlan } from './row-plan.ts';

type RowOperation = Extract<Operation, { kind: 'create' | 'update' | 'delete' }>;

/** A change of one row, and a further condition that the row must meet to count as there. */
export interface RowWrite {
  readonly operation: RowOperation;
  readonly tie: Condition | undefined;
  /** A `$ref` call: answered without the row's id. */
  readonly isLink: boolean;
}

const levelOf = { create: 'Create', update: 'Update', delete: 'Delete' } as const satisfies Record<
  RowOperation['kind'],
  HrLevel
>;

/** The right whose depth at gate one limits the rows. A new row has no owner yet to limit it by. */
const rightOf = { create: 'read', update: 'write', delete: 'delete' } as const satisfies Record<
  RowOperation['kind'],
  AccessRight
>;

/**
 * Steps 16 to 19 for writes. What can be refused without looking at rows is refused before anything is written; the rest
 * goes with the write, as the rows that it may touch and leave behind.
 */
export function authorizeWrite(gate: ReadGate, { operation, tie, isLink }: RowWrite): AuthorizedWrite | Denial {
  const { session } = gate;
  const { table } = operation;
  const createOnly = operation.kind === 'update' && !operation.mayUpdate;
  const level = createOnly ? 'Create' : levelOf[operation.kind];
  const denial =
    checkLevel(session, table, level) ??
    checkNamedCompany(session, operation, level) ??
    checkWrittenColumns(session, operation, level) ??
    checkBinds(session, operation.kind === 'delete' ? [] : operation.binds) ??
    checkRepresentation(session, operation);
  if (denial !== undefined) return denial;
  const reached = and(reachedRows(session, table, level), policyFilter(session, table, 'Read'));
  const rowFilter = and(reached, gate.grant.filterOf(table, rightOf[operation.kind]), tie);
  return {
    kind: 'write',
    plan: mintVirtualWrite({ operation, rowFilter }),
    binds: operation.kind === 'delete' ? [] : operation.binds.map((bind) => readableBind(gate, bind)),
    isLink,
    createDenial: operation.kind === 'update' && operation.mayCreate ? checkUpsert(session, operation) : undefined,
    readable: and(rowsOf(gate, table), tie),
    companyDenial: (company) => checkCompany(session, table, level, company),
    policies: { created: policyLimit(session, table, 'Create'), changed: policyLimit(session, table, level) },
    beside: policyReach(session),
    invokeDenial: (other, method, company) => checkInvoke(session, other, method, company),
    representation: representationOf(gate, operation),
  };
}

function checkNamedCompany(session: HrSession, operation: RowOperation, level: HrLevel): Denial | undefined {
  if (operation.kind === 'delete') return undefined;
  const named = namedCompany(operation.table, operation.values);
  // A nested row without a legal entity takes that of the row it belongs to: checked when it is known (`companyDenial`).
  if (!named && operation.kind === 'create' && (operation.joins?.length ?? 0) > 0) return undefined;
  // A new row without a legal entity goes to the user's own; a row that is there must not lose the one it has.
  const company = level === 'Create' ? named || session.user.company : named;
  return company === undefined ? undefined : checkCompany(session, operation.table, level, company);
}

/** Step 19 for what the body names: values, and lookups, which the readable columns follow. */
function checkWrittenColumns(session: HrSession, operation: RowOperation, level: HrLevel): Denial | undefined {
  if (operation.kind === 'delete') return undefined;
  const columns = [...operation.values.keys(), ...operation.binds.map(({ navigation }) => navigation.column)];
  for (const column of columns) {
    const denial = checkColumn(session, column, level);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

/** What policies leave of rows of a table for `level`. */
export function policyLimit(session: HrSession, table: Table, level: HrLevel): PolicyLimit | undefined {
  const rows = policyFilter(session, table, level);
  return rows && { rows, denial: denyPolicy(session, table, level) };
}

/** A readable id leads where a bind by row id would; what a row shows of another one is changed where that may be. */
export const policyReach = (session: HrSession): PolicyReach => ({
  leadsTo: (table) => policyFilter(session, table, 'Read'),
  shared: (table) =>
    sharedLevels.flatMap((level) => {
      const limit = policyLimit(session, table, level);
      return limit === undefined ? [] : [limit];
    }),
});

const sharedLevels = ['Update', 'Read'] as const satisfies readonly HrLevel[];

const checkUpsert = (session: HrSession, operation: RowOperation): Denial | undefined =>
  checkLevel(session, operation.table, 'Create') ??
  checkNamedCompany(session, operation, 'Create') ??
  checkWrittenColumns(session, operation, 'Create');

/** A row is bound to one that the caller may read: its readable id is about to be copied from there. */
function checkBinds(session: HrSession, binds: readonly Bind[]): Denial | undefined {
  for (const bind of binds) {
    const { column, name, target } = bind.navigation;
    if (column.access === 'read-only')
      return deny('supported', nestedPipeline(session.user.language), () => `lookup ${name} is read-only`);
    const denial = bind.id === null ? undefined : checkLevel(session, target, 'Read');
    if (denial !== undefined) return denial;
  }
  return undefined;
}

/** Which rows of its target the caller may read: an id of any other row is answered as one that is not there. */
const readableBind = (gate: ReadGate, bind: Bind): ReadableBind => ({
  ...bind,
  readable: rowsOf(gate, bind.navigation.target),
});

function checkRepresentation(session: HrSession, operation: RowOperation): Denial | undefined {
  if (operation.kind === 'delete' || operation.representation === undefined) return undefined;
  return findReadDenial(session, operation.representation);
}

function representationOf(gate: ReadGate, operation: RowOperation): ((id: Guid) => AuthorizedPlan<Query>) | undefined {
  if (operation.kind === 'delete' || operation.representation === undefined) return undefined;
  const query = narrowQuery(gate, operation.representation);
  return (id) => rowPlan(query, id);
}
