import type { BusinessUnitId, ClientId, Guid, SystemUserId } from '../kernel/ids.ts';
import type { Model } from '../metadata/table.ts';
import {
  type ApplicationUser,
  assignedRoles,
  type BusinessUnit,
  givesFullPower,
  type SecurityPrincipal,
  type Team,
} from './application-user.ts';
import type { ColumnProfile } from './column-profile.ts';
import { depthNumbers, type PrivilegeIndex } from './privilege-index.ts';
import type { SecurityRoles } from './security-roles.ts';

/** What a snapshot is made of; `build-snapshot.ts` makes it from rows. */
export interface SnapshotParts {
  readonly model: Model;
  readonly index: PrivilegeIndex;
  readonly businessUnits: ReadonlyMap<BusinessUnitId, BusinessUnit>;
  readonly roles: SecurityRoles;
  readonly teams: ReadonlyMap<Guid, Team>;
  readonly users: ReadonlyMap<SystemUserId, ApplicationUser>;
  readonly usersByClientId: ReadonlyMap<ClientId, ApplicationUser>;
  /** What profiles of column security allow; absent: none does anything. */
  readonly profiles?: ReadonlyMap<Guid, ColumnProfile>;
  /** The snapshot before it: what was derived from parts that are still the same is taken over. */
  readonly before?: DataverseSnapshot;
}

/** Pairs of actor and target that are kept; there may be as many as users squared. */
const mostActing = 10_000;

/**
 * The security data of one environment at one moment. Every decision of the first gate comes from it alone. It never
 * changes; what is derived from it (union of a user's roles, subtree of a unit) is worked out once, when first asked for.
 */
export class DataverseSnapshot implements SnapshotParts {
  readonly model: Model;
  readonly index: PrivilegeIndex;
  readonly businessUnits: ReadonlyMap<BusinessUnitId, BusinessUnit>;
  readonly roles: SecurityRoles;
  readonly teams: ReadonlyMap<Guid, Team>;
  readonly users: ReadonlyMap<SystemUserId, ApplicationUser>;
  readonly usersByClientId: ReadonlyMap<ClientId, ApplicationUser>;
  readonly profiles: ReadonlyMap<Guid, ColumnProfile>;
  /** Depths of full power: every privilege of the environment at Global. */
  readonly fullPower: Uint8Array;
  /** By the user or team as a value: another one when any of the roles that count is. */
  readonly #depths: WeakMap<SecurityPrincipal, Uint8Array>;
  readonly #acting = new Map<string, ApplicationUser>();
  readonly #principals = new Map<Team, SecurityPrincipal>();
  readonly #subtrees: Map<BusinessUnitId, readonly BusinessUnitId[]>;
  #byObjectId: ReadonlyMap<Guid, ApplicationUser> | undefined;
  #children: ReadonlyMap<BusinessUnitId, readonly BusinessUnitId[]> | undefined;

  constructor(parts: SnapshotParts) {
    this.model = parts.model;
    this.index = parts.index;
    this.businessUnits = parts.businessUnits;
    this.roles = parts.roles;
    this.teams = parts.teams;
    this.users = parts.users;
    this.usersByClientId = parts.usersByClientId;
    this.profiles = parts.profiles ?? new Map();
    const { before } = parts;
    const isSameModel = before?.index === parts.index;
    this.fullPower = isSameModel ? before.fullPower : new Uint8Array(parts.index.size).fill(depthNumbers.global);
    this.#depths = isSameModel ? before.#depths : new WeakMap();
    this.#subtrees = before?.businessUnits === parts.businessUnits ? before.#subtrees : new Map();
  }

  /** By object id in the directory; worked out when somebody first acts in another's name. */
  get usersByObjectId(): ReadonlyMap<Guid, ApplicationUser> {
    this.#byObjectId ??= new Map(
      [...this.users.values()].flatMap((user) => (user.objectId === undefined ? [] : [[user.objectId, user] as const])),
    );
    return this.#byObjectId;
  }

  /** A team as one who holds roles and owns rows. */
  principalOf(team: Team): SecurityPrincipal {
    const known = this.#principals.get(team);
    if (known !== undefined) return known;
    const roles = assignedRoles(this.roles, team);
    const { id, businessUnitId } = team;
    const principal = { id, businessUnitId, roles, teams: [], isSystemAdministrator: givesFullPower(roles) };
    this.#principals.set(team, principal);
    return principal;
  }

  /** Depth that a principal holds each privilege at, by number: the union of all roles, the deepest wins (3.1). */
  depthsOf(user: SecurityPrincipal): Uint8Array {
    const known = this.#depths.get(user);
    if (known !== undefined) return known;
    const depths = this.#workOutDepths(user);
    this.#depths.set(user, depths);
    return depths;
  }

  #workOutDepths(user: SecurityPrincipal): Uint8Array {
    if (user.isSystemAdministrator) return this.fullPower;
    if (user.impersonation === undefined) return uniteDepths(this.index.size, user);
    const [actor, target] = [this.depthsOf(user.impersonation.actor), this.depthsOf(user.impersonation.target)];
    return target.map((depth, slot) => Math.min(depth, actor[slot] ?? 0));
  }

  /**
   * The target as whom the actor asks: the target's identity, with the rights that both have (3.8). Whether the actor may
   * is `impersonate`'s affair. The same value for the same two users, so that what is derived of it is worked out once.
   */
  actingAs(actor: ApplicationUser, target: ApplicationUser): ApplicationUser {
    const key = `${actor.id} ${target.id}`;
    const known = this.#acting.get(key);
    if (known !== undefined) return known;
    const isSystemAdministrator = actor.isSystemAdministrator && target.isSystemAdministrator;
    const acting = { ...target, isSystemAdministrator, impersonation: { actor, target } };
    if (this.#acting.size >= mostActing) this.#acting.clear();
    this.#acting.set(key, acting);
    return acting;
  }

  /** A business unit and all units below it. */
  subtreeOf(unit: BusinessUnitId): readonly BusinessUnitId[] {
    const known = this.#subtrees.get(unit);
    if (known !== undefined) return known;
    this.#children ??= childrenOf(this.businessUnits.values());
    const found = new Set([unit]);
    // A set keeps its order of insertion and yields what is added on the way; a unit in a circle is met once.
    for (const each of found) for (const child of this.#children.get(each) ?? []) found.add(child);
    const subtree = [...found];
    this.#subtrees.set(unit, subtree);
    return subtree;
  }
}

function uniteDepths(size: number, user: SecurityPrincipal): Uint8Array {
  const union = new Uint8Array(size);
  for (const role of new Set(user.roles.map((assigned) => assigned.role))) {
    const { depths } = role;
    for (let slot = 0; slot < size; slot++) {
      const depth = depths[slot] ?? 0;
      if (depth > (union[slot] ?? 0)) union[slot] = depth;
    }
  }
  return union;
}

function childrenOf(units: Iterable<BusinessUnit>): ReadonlyMap<BusinessUnitId, readonly BusinessUnitId[]> {
  const children = new Map<BusinessUnitId, BusinessUnitId[]>();
  for (const { id, parentId } of units) {
    if (parentId === undefined) continue;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [id]);
    else siblings.push(id);
  }
  return children;
}
