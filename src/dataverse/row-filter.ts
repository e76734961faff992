import { unreachable } from '../kernel/unreachable.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import { and, type Condition } from '../odata/query.ts';
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
      return conditionOf(table, reach);
    default:
      return unreachable(reach);
  }
}

function conditionOf(table: Table, { principals, units }: Extract<Reach, { kind: 'some' }>): Condition {
  if (table.ownership !== 'user') return { kind: 'in', column: getColumn(table, 'businessunitid'), values: units };
  return {
    kind: 'or',
    of: [
      { kind: 'in', column: getColumn(table, 'ownerid'), values: principals },
      { kind: 'in', column: getColumn(table, 'owningbusinessunit'), values: units },
    ],
  };
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
