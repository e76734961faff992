import type { Guid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { type AccessRight, accessRightValues } from '../metadata/privileges.ts';
import type { Model, Table } from '../metadata/table.ts';
import { and, type Condition, equals } from '../odata/query.ts';
import type { SecurityPrincipal } from './application-user.ts';
import { type Reach, reachOf } from './reach.ts';
import { getColumn, getTable } from './security-rows.ts';
import type { DataverseSnapshot } from './snapshot.ts';

const never: Condition = { kind: 'never' };

/**
 * Rows of a table that a right reaches at the depth at which the user holds it; `undefined` means all rows. Put into the
 * query, never applied to its result. Without the privilege no row is reached. Who acts in another user's name reaches
 * what both of them do.
 */
export function rowFilter(
  snapshot: DataverseSnapshot,
  user: SecurityPrincipal,
  table: Table,
  right: AccessRight,
): Condition | undefined {
  if (user.impersonation !== undefined) {
    const { actor, target } = user.impersonation;
    return and(rowFilter(snapshot, target, table, right), rowFilter(snapshot, actor, table, right));
  }
  if (table.logicalName === 'owner' && right === 'read') return ownerFilter(snapshot, user, table);
  const reach = reachOf(snapshot, user, table, right);
  switch (reach.kind) {
    case 'all':
      return undefined;
    case 'none':
      return never;
    case 'some':
      return conditionOf(snapshot.model, table, reach, right);
    default:
      return unreachable(reach);
  }
}

function conditionOf(
  model: Model,
  table: Table,
  reach: Extract<Reach, { kind: 'some' }>,
  right: AccessRight,
): Condition {
  const { principals, units } = reach;
  if (table.ownership !== 'user') return { kind: 'in', column: getColumn(table, 'businessunitid'), values: units };
  const owned: Condition = { kind: 'in', column: getColumn(table, 'ownerid'), values: principals };
  const placed: Condition = { kind: 'in', column: getColumn(table, 'owningbusinessunit'), values: units };
  const shared = sharedWith(model, table, principals, right);
  return {
    kind: 'or',
    of: [owned, ...(units.length === 0 ? [] : [placed]), ...(shared === undefined ? [] : [shared])],
  };
}

/** Rows whose share with one of these gives the right. Nobody creates a row by a share. */
function sharedWith(
  model: Model,
  table: Table,
  principals: readonly Guid[],
  right: AccessRight,
): Condition | undefined {
  if (right === 'create') return undefined;
  const shares = getTable(model, 'principalobjectaccess');
  const where = and(
    { kind: 'in', column: getColumn(shares, 'principalid'), values: principals },
    equals(getColumn(shares, 'objecttypecode'), table.logicalName),
    { kind: 'bits', column: getColumn(shares, 'accessrightsmask'), mask: accessRightValues[right] },
  );
  const target = getColumn(shares, 'objectid');
  return where && { kind: 'linked', column: table.primaryKey, target, where, isGathered: true };
}

/** Owners are users and teams under another name: who may see those may see these. */
function ownerFilter(snapshot: DataverseSnapshot, user: SecurityPrincipal, table: Table): Condition | undefined {
  const parts = ['systemuser', 'team'].map((name) => {
    const behind = getTable(snapshot.model, name);
    return { behind, filter: rowFilter(snapshot, user, behind, 'read') };
  });
  if (parts.every(({ filter }) => filter === undefined)) return undefined;
  const of = parts.map(
    ({ behind, filter }): Condition =>
      filter?.kind === 'never'
        ? never
        : { kind: 'linked', column: table.primaryKey, target: behind.primaryKey, where: filter ?? { kind: 'always' } },
  );
  return { kind: 'or', of };
}
