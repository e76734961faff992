import type { BusinessUnitId, Guid } from '../kernel/ids.ts';
import type { AccessRight } from '../metadata/privileges.ts';
import type { Table } from '../metadata/table.ts';
import type { SecurityPrincipal } from './application-user.ts';
import { depthNumbers, everyoneSlot } from './privilege-index.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * Which rows of a table a right reaches. `rowFilter` writes it down as a condition for the database, `reaches` applies it
 * to one row whose facts are known: two readings of one decision.
 */
export type Reach =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'some';
      /** Users and teams whose rows are reached wherever they are, and whose shares count. */
      readonly principals: readonly Guid[];
      /** Business units whose rows are reached, whoever owns them. */
      readonly units: readonly BusinessUnitId[];
    };

/** What decides about one row. */
export interface RowFacts {
  /** Absent where nobody owns rows. */
  readonly ownerId?: Guid | undefined;
  readonly owningBusinessUnitId?: BusinessUnitId | undefined;
  /** Is the right that is asked about shared with this user or team? Create never is. */
  isSharedWith(principal: Guid): boolean;
}

const all: Reach = { kind: 'all' };
const none: Reach = { kind: 'none' };

/**
 * Rows that a principal reaches with a right, by the depths of their roles (dataverse-web-api 3.3). Each role counts from
 * the unit that it is held in. Basic reaches what the principal or one of their teams owns, and what is shared with one of
 * those: a share gives no right that no role gives.
 */
export function reachOf(
  snapshot: DataverseSnapshot,
  principal: SecurityPrincipal,
  table: Table,
  right: AccessRight,
): Reach {
  const slot = snapshot.index.slotOf(table, right);
  if (slot < 0) return slot === everyoneSlot ? all : none;
  const depth = snapshot.depthsOf(principal)[slot] ?? 0;
  if (depth === depthNumbers.global) return all;
  const ownership = table.ownership ?? 'organization';
  // No owner, no unit: anything less than Global is a broken role and reaches nothing (3.3).
  if (depth === 0 || ownership === 'organization') return none;
  const principals = ownership === 'user' ? reachedPrincipals(principal, slot) : [];
  return { kind: 'some', principals, units: reachedUnits(snapshot, principal, slot) };
}

/** A role of a team for "team privileges only" reaches that team's rows; any other the user's own and all their teams'. */
function reachedPrincipals(principal: SecurityPrincipal, slot: number): readonly Guid[] {
  const giving = principal.roles.filter(({ role }) => (role.depths[slot] ?? 0) > 0);
  const ofTeams = giving.flatMap(({ role, teamId }) => (role.isTeamOnly && teamId !== undefined ? [teamId] : []));
  return ofTeams.length < giving.length ? [principal.id, ...principal.teams] : [...new Set(ofTeams)];
}

function reachedUnits(
  snapshot: DataverseSnapshot,
  principal: SecurityPrincipal,
  slot: number,
): readonly BusinessUnitId[] {
  const units = new Set<BusinessUnitId>();
  for (const { role, businessUnitId } of principal.roles) {
    const depth = role.depths[slot] ?? 0;
    if (depth === depthNumbers.local) units.add(businessUnitId);
    if (depth === depthNumbers.deep) for (const unit of snapshot.subtreeOf(businessUnitId)) units.add(unit);
  }
  return [...units];
}

/** Is a row with these facts among those that are reached? */
export function reaches(reach: Reach, { ownerId, owningBusinessUnitId, isSharedWith }: RowFacts): boolean {
  if (reach.kind !== 'some') return reach.kind === 'all';
  const { principals, units } = reach;
  return (
    units.some((unit) => unit === owningBusinessUnitId) ||
    principals.some((each) => each === ownerId || isSharedWith(each))
  );
}
