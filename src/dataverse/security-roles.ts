import type { SecurityRoleId } from '../kernel/ids.ts';
import type { SecurityRole } from './application-user.ts';

/** What the row of a role says, without what the role gives. */
export type RoleRecord = Omit<SecurityRole, 'depths'>;

const noDepths = new Uint8Array();

/**
 * The roles of an environment at one moment. There may be as many copies of each as there are business units, and one
 * list of privileges for all of them: kept apart, so that a change of what a role gives touches none of its copies.
 */
export class SecurityRoles {
  readonly #records: ReadonlyMap<SecurityRoleId, RoleRecord>;
  /** By the id of the root. */
  readonly #depths: ReadonlyMap<SecurityRoleId, Uint8Array>;
  /** Those that were asked for: the ones that somebody holds. */
  readonly #joined = new Map<SecurityRoleId, SecurityRole>();

  constructor(records: ReadonlyMap<SecurityRoleId, RoleRecord>, depths: ReadonlyMap<SecurityRoleId, Uint8Array>) {
    this.#records = records;
    this.#depths = depths;
  }

  /** Of roles that are put together already; those with one root must give the same. */
  static of(roles: Iterable<SecurityRole>): SecurityRoles {
    const all = [...roles];
    return new SecurityRoles(
      new Map(all.map((role) => [role.id, role])),
      new Map(all.map(({ rootId, depths }) => [rootId, depths])),
    );
  }

  get(id: SecurityRoleId): SecurityRole | undefined {
    const known = this.#joined.get(id);
    const record = this.#records.get(id);
    if (known !== undefined || record === undefined) return known;
    const role = { ...record, depths: this.#depths.get(record.rootId) ?? noDepths };
    this.#joined.set(id, role);
    return role;
  }

  /** The role that a role is a copy of; itself where it is none, or where it is not there. */
  rootOf(id: SecurityRoleId): SecurityRoleId {
    return this.#records.get(id)?.rootId ?? id;
  }

  *values(): Generator<SecurityRole> {
    for (const id of this.#records.keys()) {
      const role = this.get(id);
      if (role !== undefined) yield role;
    }
  }

  /** With other rows in the place of those that are stale, and with other privileges of the roots among them. */
  replace(
    stale: ReadonlySet<string>,
    records: ReadonlyMap<SecurityRoleId, RoleRecord>,
    depths: ReadonlyMap<SecurityRoleId, Uint8Array>,
  ): SecurityRoles {
    if (stale.size === 0) return this;
    const given = new Map([...this.#depths].filter(([id]) => !stale.has(id)));
    for (const [id, each] of depths) if (stale.has(id)) given.set(id, each);
    return new SecurityRoles(this.#replaceRecords(stale, records), given);
  }

  /** The same map where no row has changed: there may be very many, and mostly it is privileges that change. */
  #replaceRecords(
    stale: ReadonlySet<string>,
    made: ReadonlyMap<SecurityRoleId, RoleRecord>,
  ): ReadonlyMap<SecurityRoleId, RoleRecord> {
    const ids = [...stale].map(parseRoleId);
    if (ids.every((id) => isSame(this.#records.get(id), made.get(id)))) return this.#records;
    const records = new Map(this.#records);
    for (const id of ids) records.delete(id);
    for (const [id, record] of made) records.set(id, record);
    return records;
  }
}

/** Ids of changed rows of `role` and `roleprivileges`. */
const parseRoleId = (id: string): SecurityRoleId => id as SecurityRoleId;

const isSame = (one: RoleRecord | undefined, other: RoleRecord | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.name === other.name &&
    one.businessUnitId === other.businessUnitId &&
    one.rootId === other.rootId &&
    one.templateId === other.templateId &&
    one.isTeamOnly === other.isTeamOnly);
