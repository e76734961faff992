import type { BusinessUnitId, Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Table } from '../../metadata/table.ts';
import { refuse } from '../../odata/problems.ts';
import { and, equals } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import type { ApplicationUser, Team } from '../application-user.ts';
import { invalidArgument, noRole, principalLacks, teamWithoutRoles, userDisabled } from '../messages.ts';
import { findPrincipal, isTeam, ownerColumnOf } from '../owner-column.ts';
import { getColumn } from '../security-rows.ts';
import type { DataverseSnapshot } from '../snapshot.ts';
import { requireRight } from './held-privileges.ts';
import { forEachRow } from './links.ts';
import type { Draft, WriteContext } from './native-table.ts';
import { getReachable } from './reachable.ts';

/** Who owns a new row: its creator, or whoever the request names and the creator may assign rows to. */
export async function settleNewOwner(context: WriteContext, draft: Draft): Promise<void> {
  const column = ownerColumnOf(context.table);
  if (column === undefined) return;
  const { user } = context.grant;
  const named = draft.get(column);
  const id = typeof named === 'string' ? parseOwnerId(named) : user.id;
  if (id !== user.id) requireAssign(context);
  setOwner(context.table, draft, getOwner(context, id));
}

/** The row gets another owner, where the request names one: the caller must be able to assign this row. */
export async function settleNextOwner(context: WriteContext, row: Row, changes: Draft): Promise<void> {
  const column = ownerColumnOf(context.table);
  const named = column === undefined ? undefined : changes.get(column);
  if (typeof named !== 'string') return;
  requireAssign(context);
  const { table } = context;
  await getReachable(context, table, row.id, 'assign');
  setOwner(table, changes, getOwner(context, parseOwnerId(named)));
}

function requireAssign({ grant, table }: WriteContext): void {
  requireRight(grant, table, 'assign');
}

/** Owner, and what follows from it: the business unit is the owner's (dataverse-web-api 3.1). */
function setOwner(table: Table, draft: Draft, owner: ApplicationUser | Team): void {
  const values = {
    ownerid: owner.id,
    owningbusinessunit: owner.businessUnitId,
    owninguser: isTeam(owner) ? null : owner.id,
    owningteam: isTeam(owner) ? owner.id : null,
  };
  for (const [name, value] of Object.entries(values)) {
    const column = table.column.get(name);
    if (column !== undefined) draft.set(column, value);
  }
}

/** The user or team, who must be able to own rows of this table: to read it, at whatever depth (2.5). */
function getOwner({ deps, table }: WriteContext, id: Guid): ApplicationUser | Team {
  const snapshot = deps.security.current;
  const owner = findPrincipal(snapshot, id);
  if (owner === undefined) throw refuse.rowNotFound(ownerTable(table), id);
  if (isTeam(owner) && owner.isAccessTeam) {
    throw new Refusal('run', invalidArgument('An access team cannot own rows.'));
  }
  if (!isTeam(owner) && owner.isDisabled) throw new Refusal('run', userDisabled(id));
  requireRead(snapshot, owner, table);
  return owner;
}

/** Refuses to give rows to somebody, or to share rows with them, who could not read them. */
export function requireRead(snapshot: DataverseSnapshot, owner: ApplicationUser | Team, table: Table): void {
  const team = isTeam(owner);
  const principal = team ? snapshot.principalOf(owner) : owner;
  const slot = snapshot.index.slotOf(table, 'read');
  if ((snapshot.depthsOf(principal)[slot] ?? 0) > 0) return;
  const { name, privilegeId } = snapshot.index.at(slot);
  const hasRole = principal.roles.length > 0;
  const data = { principalId: principal.id, privilege: name, table: table.logicalName, right: 'read' };
  const problem = hasRole
    ? principalLacks(principal.id, team, name, privilegeId)
    : team
      ? teamWithoutRoles(principal.id, name)
      : noRole(principal.id, name);
  throw new Refusal('table', problem).because({ condition: hasRole ? 'privilege' : 'roles', data });
}

function ownerTable(table: Table): Table {
  const navigation = table.navigation.get('ownerid');
  if (navigation === undefined) throw new TypeError(`rows of ${table.logicalName} have no owner`);
  return navigation.target;
}

/**
 * Rows go along when their owner moves to another business unit. INVARIANT: called in the transaction that moves a user or
 * team.
 */
export async function moveOwnedRows(
  { rows, deps }: Pick<WriteContext, 'deps'> & { readonly rows: Transaction },
  owner: Guid,
  unit: BusinessUnitId,
): Promise<void> {
  for (const table of deps.model.tables) {
    const column = ownerColumnOf(table);
    if (column === undefined) continue;
    const place = getColumn(table, 'owningbusinessunit');
    const elsewhere = and(equals(column, owner), { kind: 'compare', op: 'ne', column: place, value: unit });
    await forEachRow(rows, table, elsewhere ?? { kind: 'never' }, ({ id }) =>
      rows.update(table, id, new Map([[place, unit]])),
    );
  }
}

/** Values of lookups are canonical when they come out of the parser. */
const parseOwnerId = (value: string): Guid => value as Guid;
