import { Refusal } from '../../kernel/refusal.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { MessageParameters } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import { parseRowParameter } from '../../odata/row-parameter.ts';
import type { RowReference } from '../../odata/row-reference.ts';
import type { Transaction } from '../../odata/row-store.ts';
import { maskOf, parseRights } from '../access-mask.ts';
import { invalidArgument, methodNotSupported } from '../messages.ts';
import { findPrincipal, ownerColumnOf } from '../owner-column.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireRight } from './held-privileges.ts';
import { textOfMoment } from './moment.ts';
import type { NativeDeps } from './native-deps.ts';
import { isOwnerTable } from './owner-rows.ts';
import { requireRead } from './ownership.ts';
import { getReachable } from './reachable.ts';
import { putShare, sharedMask } from './shares.ts';
import { writeNative } from './write-row.ts';

/** Shares a row: `GrantAccess` adds rights to those that are shared already, `ModifyAccess` sets them. */
export async function shareRow(
  deps: NativeDeps,
  grant: TableGrant,
  message: 'GrantAccess' | 'ModifyAccess',
  parameters: MessageParameters,
): Promise<void> {
  const target = parseShareable(deps, message, parameters['Target']);
  const access = parameters['PrincipalAccess'];
  if (typeof access !== 'object' || access === null) throw wrong('`PrincipalAccess` is missing');
  const { Principal, AccessMask } = access as MessageParameters;
  const principal = parsePrincipal(deps, Principal, 'PrincipalAccess');
  const rights = parseShareRights(AccessMask, message);
  await changeShare(deps, grant, target, async (rows) => {
    await requireGivable(deps, grant, rows, target, principal, rights);
    const share = { ...target, principalId: principal.id, principalTable: principal.table.logicalName };
    const before = message === 'GrantAccess' ? await sharedMask(rows, deps.model, share) : 0;
    const mask = before | maskOf(rights);
    await putShare(rows, deps.model, { ...share, mask, moment: textOfMoment(deps.now()) });
  });
}

/** `RevokeAccess`: the row is not shared with that user or team any more. Nothing happens when it is not. */
export async function unshareRow(deps: NativeDeps, grant: TableGrant, parameters: MessageParameters): Promise<void> {
  const target = parseShareable(deps, 'RevokeAccess', parameters['Target']);
  const principal = parsePrincipal(deps, parameters['Revokee'], 'Revokee');
  await changeShare(deps, grant, target, async (rows) => {
    const share = { ...target, principalId: principal.id, principalTable: principal.table.logicalName };
    await putShare(rows, deps.model, { ...share, mask: 0, moment: textOfMoment(deps.now()) });
  });
}

/** The caller must hold Share on the table, at a depth that reaches the row. */
async function changeShare(
  deps: NativeDeps,
  grant: TableGrant,
  { table, id }: RowReference,
  change: (rows: Transaction) => Promise<void>,
): Promise<void> {
  requireRight(grant, table, 'share');
  const nothing = { values: new Map(), binds: [] } as const;
  const operation = { kind: 'update', table, id, ...nothing, mayCreate: false, mayUpdate: true } as const;
  await writeNative(deps, grant, operation, 'share', async (rows) => {
    await getReachable({ grant, rows }, table, id, 'share');
    await change(rows);
  });
}

/** Nobody shares a right that they do not have on the row, nor with whom they cannot see, nor with who could not read it. */
async function requireGivable(
  deps: NativeDeps,
  grant: TableGrant,
  rows: Transaction,
  target: RowReference,
  { table, id }: RowReference,
  rights: readonly AccessRight[],
): Promise<void> {
  for (const right of rights) await getReachable({ grant, rows }, target.table, target.id, right);
  if (id !== grant.user.id) await getReachable({ grant, rows }, table, id, 'read');
  const snapshot = deps.security.current;
  const principal = findPrincipal(snapshot, id);
  if (principal === undefined) throw refuse.rowNotFound(table, id);
  requireRead(snapshot, principal, target.table);
}

/** A row of a table that users own: those of others have no right to share (dataverse-web-api 3.2). */
function parseShareable(deps: NativeDeps, message: string, value: unknown): RowReference {
  const target = parseRow(deps, value, 'Target');
  if (ownerColumnOf(target.table) === undefined) throw new Refusal('run', methodNotSupported(message, target.table));
  return target;
}

function parsePrincipal(deps: NativeDeps, value: unknown, name: string): RowReference {
  const principal = parseRow(deps, value, name);
  if (!isOwnerTable(principal.table)) throw wrong(`\`${name}\` must be a user or a team`);
  return principal;
}

/** The row that a parameter names. */
export const parseRow = ({ model, publicUrl }: NativeDeps, value: unknown, name: string): RowReference =>
  parseRowParameter(value, { model, apiRoot: `${publicUrl}/api/data/v9.2/` }, name);

function parseShareRights(value: unknown, message: 'GrantAccess' | 'ModifyAccess'): readonly AccessRight[] {
  const rights = parseRights(value);
  if (rights === undefined) throw wrong('`AccessMask` must name rights, such as `ReadAccess,WriteAccess`');
  if (rights.includes('create')) throw wrong('`CreateAccess` cannot be shared');
  if (rights.length === 0 && message === 'GrantAccess') throw wrong('`AccessMask` gives no right');
  return rights;
}

const wrong = (message: string): Refusal => new Refusal('parse', invalidArgument(message));
