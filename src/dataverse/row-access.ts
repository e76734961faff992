import type { BusinessUnitId, Guid } from '../kernel/ids.ts';
import { type AccessRight, accessRightValues } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import { accessRights, rightsOf } from './access-mask.ts';
import type { SecurityPrincipal } from './application-user.ts';
import { reaches, reachOf } from './reach.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** One row as far as access to it goes. */
export interface StoredFacts {
  readonly ownerId: Guid | undefined;
  readonly owningBusinessUnitId: BusinessUnitId | undefined;
  readonly shares: readonly { readonly principalId: Guid; readonly mask: number }[];
}

/** Which rights a principal has on a row, and what they come from. */
export interface RowAccess {
  readonly granted: readonly AccessRight[];
  /** By owning it, or by the unit that it lies in. */
  readonly byRole: readonly AccessRight[];
  /** Shared, whether or not a role lets them be used. */
  readonly byShare: readonly AccessRight[];
}

/** Pure: the snapshot and the row's own facts decide, as `rowFilter` does for many rows at once. */
export function rowAccess(
  snapshot: DataverseSnapshot,
  principal: SecurityPrincipal,
  table: Table,
  { ownerId, owningBusinessUnitId, shares }: StoredFacts,
): RowAccess {
  const own = [principal.id, ...principal.teams];
  const maskOf = (principalId: Guid): number =>
    shares.reduce((all, each) => (each.principalId === principalId ? all | each.mask : all), 0);
  const reachedBy = (sharedMask: (principalId: Guid) => number): readonly AccessRight[] =>
    accessRights.filter((right) => {
      const isSharedWith = (id: Guid): boolean =>
        right !== 'create' && (sharedMask(id) & accessRightValues[right]) !== 0;
      return reaches(reachOf(snapshot, principal, table, right), { ownerId, owningBusinessUnitId, isSharedWith });
    });
  const byShare = rightsOf(own.reduce((all, id) => all | maskOf(id), 0));
  return { granted: reachedBy(maskOf), byRole: reachedBy(() => 0), byShare };
}
