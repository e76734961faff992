import { Refusal } from '../../kernel/refusal.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import type { Operation } from '../../odata/operation.ts';
import type { Query } from '../../odata/query.ts';
import type { OperationResult } from '../../odata/result.ts';
import { findMessage } from '../message-catalog.ts';
import { securityTables } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { changeLink } from './associate.ts';
import type { NativeDeps } from './native-deps.ts';
import { count, findRowText, retrieve, retrieveRelated, runFlat, runQuery } from './read.ts';
import { runMessage } from './run-message.ts';
import { createRow, deleteRow, updateRow, type Written } from './write-row.ts';

/**
 * Carries out what the first gate granted on a native table, or a message of the platform. The first gate is all that
 * guards these. Refuses with the run stage's own reasons: 404, 412, 304 as a result, and the rules of each table.
 */
export async function runNative(deps: NativeDeps, grant: TableGrant): Promise<OperationResult> {
  if (!changesSecurity(grant.operation)) return run(deps, grant);
  let result: OperationResult;
  try {
    result = await run(deps, grant);
  } catch (error) {
    // After anything but a refusal nobody knows whether the change was committed; the failure stays the answer.
    if (!(error instanceof Refusal)) await deps.security.refresh().catch(() => undefined);
    throw error;
  }
  // INVARIANT: what was changed is in force before the change is answered.
  await deps.security.refresh();
  return result;
}

async function run(deps: NativeDeps, grant: TableGrant): Promise<OperationResult> {
  const { operation } = grant;
  switch (operation.kind) {
    case 'retrieve':
      return retrieve(deps, grant, operation);
    case 'retrieveMultiple':
      return { kind: 'page', page: await runQuery(deps, grant, operation.query) };
    case 'retrieveRelated':
      return retrieveRelated(deps, grant, operation);
    case 'count':
      return count(deps, grant, operation);
    case 'flat':
      return runFlat(deps, grant, operation);
    case 'create':
      return represent(deps, grant, operation.representation, await createRow(deps, grant, operation, operation));
    case 'update':
      return represent(deps, grant, operation.representation, await updateRow(deps, grant, operation, operation));
    case 'delete':
      await deleteRow(deps, grant, operation);
      return { kind: 'done' };
    case 'associate':
    case 'disassociate':
      await changeLink(deps, grant, operation);
      return { kind: 'done' };
    case 'message':
      return runMessage(deps, grant, operation);
    default:
      return unreachable(operation);
  }
}

/** The row as it now is, where the request asked for it. */
async function represent(
  deps: NativeDeps,
  grant: TableGrant,
  query: Query | undefined,
  { kind, id }: Written,
): Promise<OperationResult> {
  const row = query === undefined ? undefined : await findRowText(deps, grant, query, id);
  return { kind, id, row };
}

/** Whether an operation may have changed what decisions are made by. */
function changesSecurity(operation: Operation): boolean {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'retrieveRelated':
    case 'count':
    case 'flat':
      return false;
    case 'create':
    case 'update':
    case 'delete':
      return isSecurityTable(operation.table.logicalName);
    case 'associate':
    case 'disassociate':
      return isSecurityTable(operation.table.logicalName) || isSecurityTable(operation.navigation.target.logicalName);
    case 'message':
      return findMessage(operation.name)?.kind === 'action';
    default:
      return unreachable(operation);
  }
}

const isSecurityTable = (name: string): boolean => securityTables.some((table) => table === name);
