import type { BusinessUnitId } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import { type Condition, equals } from '../odata/query.ts';
import type { ApplicationUser } from './application-user.ts';
import { depthNumbers, everyoneSlot } from './privilege-index.ts';
import { getColumn } from './security-rows.ts';
import type { DataverseSnapshot } from './snapshot.ts';

const never: Condition = { kind: 'never' };

/**
 * Rows of a table that a right reaches at the depth at which the user holds it; `undefined` means all rows. Put into the
 * query, never applied to its result. Without the privilege no row is reached.
 */
export function rowFilter(
  snapshot: DataverseSnapshot,
  user: ApplicationUser,
  table: Table,
  right: AccessRight,
): Condition | undefined {
  const slot = snapshot.index.slotOf(table, right);
  if (slot < 0) return slot === everyoneSlot ? undefined : never;
  const depth = snapshot.depthsOf(user)[slot] ?? 0;
  if (depth === depthNumbers.global) return undefined;
  if (depth === 0) return never;
  return filterByOwnership(snapshot, user, table, slot);
}

function filterByOwnership(snapshot: DataverseSnapshot, user: ApplicationUser, table: Table, slot: number): Condition {
  const ownership = table.ownership ?? 'organization';
  switch (ownership) {
    case 'organization':
      // No owner, no unit: anything less than Global is a broken role and reaches nothing (3.3).
      return never;
    case 'businessUnit':
      return { kind: 'in', column: getColumn(table, 'businessunitid'), values: reachedUnits(snapshot, user, slot) };
    case 'user':
      return {
        kind: 'or',
        of: [
          equals(getColumn(table, 'ownerid'), user.id),
          { kind: 'in', column: getColumn(table, 'owningbusinessunit'), values: reachedUnits(snapshot, user, slot) },
        ],
      };
    default:
      return unreachable(ownership);
  }
}

/**
 * Business units that the roles of a user reach with a privilege: each role counts from the unit that it is held in.
 * Basic reaches rows that the user owns, whatever unit they are in. What teams own and what is shared is out of reach.
 */
function reachedUnits(snapshot: DataverseSnapshot, user: ApplicationUser, slot: number): readonly BusinessUnitId[] {
  const units = new Set<BusinessUnitId>();
  for (const { role, businessUnitId } of user.roles) {
    const depth = role.depths[slot] ?? 0;
    if (depth === depthNumbers.local) units.add(businessUnitId);
    if (depth === depthNumbers.deep) for (const unit of snapshot.subtreeOf(businessUnitId)) units.add(unit);
  }
  return [...units];
}
