import type { ApplicationUser } from '../dataverse/application-user.ts';
import { authorizeTable } from '../dataverse/authorize-table.ts';
import { decisionToRefusal } from '../dataverse/decision-to-refusal.ts';
import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import type { AuditNotes } from '../kernel/audit.ts';
import type { Probe } from '../kernel/probe.ts';
import { Refusal } from '../kernel/refusal.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Differences } from '../odata/fidelity.ts';
import type { Operation } from '../odata/operation.ts';
import { shapesOf } from '../odata/request-shape.ts';
import type { OperationResult } from '../odata/result.ts';
import type { Caller } from '../token/caller.ts';
import type { UsedOperation } from './note-use.ts';
import type { Runners } from './web-api-environment.ts';

/** Who asks, as both gates need to know it. */
export interface GateContext {
  readonly snapshot: DataverseSnapshot;
  readonly user: ApplicationUser;
  readonly caller: Caller;
  readonly differences: Differences;
  readonly notes: AuditNotes;
  /** Takes what was carried out. */
  readonly used: UsedOperation[];
  readonly probe: Probe;
}

/** An operation that passed both gates, as they left it, and what it gave. */
export interface Passed {
  readonly granted: Operation;
  readonly result: OperationResult;
}

/** Takes one operation through both gates and carries it out. */
export type RunOperation = (operation: Operation) => Promise<Passed>;

/** Takes one operation through both gates and carries it out. Throws a `Refusal` where a line below says so. */
export async function passGates(
  { snapshot, user, caller, differences, notes, used, probe }: GateContext,
  runners: Runners,
  operation: Operation,
): Promise<Passed> {
  try {
    const began = probe.begin('gate-one');
    const decision = authorizeTable(snapshot, user, operation); // 403, first gate
    probe.step('gate-one', began, decision.kind === 'deny');
    if (decision.kind === 'deny') throw decisionToRefusal(decision);
    const { grant } = decision;
    const result = await (isVirtual(grant.operation)
      ? runners.runVirtual(caller, grant, differences, notes) // 400, second gate; 404, 412
      : runners.runNative(caller, grant, differences)); // 404, 412
    used.push({ operation: grant.operation, isCreated: result.kind === 'created' });
    return { granted: grant.operation, result };
  } catch (error) {
    // For whoever asks why: what the request needed is told by names, and only of what was refused.
    if (error instanceof Refusal) notes.shapes = shapesOf(operation);
    throw error;
  }
}

/** Does the operation begin at a virtual table? Then the adapter carries it out, else Dataverse itself does. */
export function isVirtual(operation: Operation): boolean {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'count':
    case 'flat':
      return operation.query.table.kind === 'virtual';
    case 'retrieveRelated':
      return operation.navigation.table.kind === 'virtual';
    case 'create':
    case 'update':
    case 'delete':
    case 'associate':
    case 'disassociate':
      return operation.table.kind === 'virtual';
    case 'message':
      return operation.bound?.table.kind === 'virtual';
    default:
      return unreachable(operation);
  }
}
