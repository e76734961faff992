import { unreachable } from '../kernel/unreachable.ts';
import { type ActionAccess, type EntityAction, findEntityAction } from '../metadata/entity-actions.ts';
import type { Table } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import { mintVirtualWrite } from '../odata/plan-mint.ts';
import { refuse } from '../odata/problems.ts';
import { and, type Condition } from '../odata/query.ts';
import { checkCompany, checkLevel, companyFilter, policyFilter } from './access-checks.ts';
import { policyLimit, policyReach } from './authorize-write.ts';
import type { AuthorizedAction } from './authorized-operation.ts';
import { notSupported } from './hr-problems.ts';
import { type Denial, deny, type HrSession } from './hr-session.ts';
import { checkInvoke, invokeFilter } from './method-access.ts';
import { type ReadGate, rowsOf } from './narrow-query.ts';

type MessageOperation = Extract<Operation, { kind: 'message' }>;

/** Steps 16 and 17 for an action on a row: may this user call it, and on which rows? */
export function authorizeAction(gate: ReadGate, operation: MessageOperation): AuthorizedAction | Denial {
  const { session } = gate;
  const { bound, name, parameters } = operation;
  const action = findEntityAction(name);
  if (bound === undefined || action === undefined) {
    return deny('supported', notSupported, () => `message ${name} on a virtual table`);
  }
  const { table, id } = bound;
  if (action.boundTo !== table.logicalName) throw refuse.resourceNotFound(name);
  const denial = checkAccess(session, table, action);
  if (denial !== undefined) return denial;
  const scope = {
    operation: { kind: 'update', table, id, values: new Map(), binds: [], mayCreate: false, mayUpdate: true },
    rowFilter: and(rowsOf(gate, table), rowsFor(gate, table, action)),
  } as const;
  return {
    kind: 'action',
    action,
    parameters,
    plan: mintVirtualWrite(scope),
    readable: rowsOf(gate, table),
    outside: (company) =>
      action.access.kind === 'Invoke'
        ? checkInvoke(session, table, action.method, company)
        : checkCompany(session, table, 'Update', company),
    policies: {
      changed: action.access.kind === 'Create' ? undefined : policyLimit(session, table, 'Update'),
      created: (target) => policyLimit(session, target, 'Create'),
    },
    companyDenial: (target, company) => checkCompany(session, target, 'Create', company),
    beside: policyReach(session),
    invokeDenial: (target, method, company) => checkInvoke(session, target, method, company),
  };
}

function checkAccess(session: HrSession, table: Table, { access, method }: EntityAction): Denial | undefined {
  const readable = checkLevel(session, table, 'Read');
  if (readable !== undefined) return readable;
  switch (access.kind) {
    case 'Update':
      return checkLevel(session, table, 'Update');
    case 'Create':
      return checkLevel(session, targetOf(table, access), 'Create');
    case 'Invoke':
      return invokeFilter(session, table, method)?.kind === 'never'
        ? checkInvoke(session, table, method, undefined)
        : undefined;
    default:
      return unreachable(access);
  }
}

/** Rows that the caller may do this to, among those that may be read. */
function rowsFor({ session, grant }: ReadGate, table: Table, { access, method }: EntityAction): Condition | undefined {
  switch (access.kind) {
    case 'Update':
      return and(
        companyFilter(session, table, 'Update'),
        policyFilter(session, table, 'Update'),
        grant.filterOf(table, 'write'),
      );
    case 'Invoke':
      return and(
        invokeFilter(session, table, method),
        policyFilter(session, table, 'Update'),
        grant.filterOf(table, 'write'),
      );
    case 'Create':
      return undefined;
    default:
      return unreachable(access);
  }
}

/** The table in which the action makes a row: the row that it is called on leads there. */
function targetOf(table: Table, { table: name }: Extract<ActionAccess, { kind: 'Create' }>): Table {
  const found = [...table.navigation.values()].find(({ target }) => target.logicalName === name);
  if (found === undefined) throw new TypeError(`${table.logicalName} does not lead to ${name}`);
  return found.target;
}
