import type { ApplicationUser, SecurityRole } from '../dataverse/application-user.ts';
import { depthNumbers } from '../dataverse/privilege-index.ts';
import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import { withRoles } from '../dataverse/with-roles.ts';
import { conditionsOf } from '../explain/chains.ts';
import { countRows } from '../explain/count-rows.ts';
import { decide } from '../explain/decide.ts';
import { type EnvironmentView, type Subject, viewWith } from '../explain/environment-view.ts';
import { Facts } from '../explain/facts.ts';
import { wantedBy } from '../explain/fixes/wanted-privileges.ts';
import type { RefusalCause } from '../kernel/cause.ts';
import { type Guid, newGuid, type SecurityRoleId } from '../kernel/ids.ts';
import { and, equals } from '../odata/query.ts';
import { giveTurn } from './give-turn.ts';
import type { Use } from './recorded-use.ts';
import { coveredOf, proofOf, type UncoveredUse, type UseProof, uncoveredOf } from './tried-uses.ts';

/** One privilege of the smallest role. */
export interface LeastPrivilege {
  readonly slot: number;
  /** By `depthNumbers`. */
  readonly depth: number;
  /** No shallower one would do for the recorded use; `as held`: that could not be told, and it is as deep as today. */
  readonly depthIs: 'least' | 'as held';
  /** Which use is refused without it, and for what. */
  readonly proof: UseProof;
}

export interface LeastRole {
  readonly privileges: readonly LeastPrivilege[];
  readonly uncovered: readonly UncoveredUse[];
  /** The environment if the user held this role. */
  readonly view: EnvironmentView;
  /** Names of roles of the product's own that alone give what is needed, such as Delegate. */
  readonly keeps: readonly string[];
}

/** No role is given it by hand: the product's own role has it (dataverse-web-api 3.8). */
const actOnBehalf = 'prvActOnBehalfOfAnotherUser';

/** Conditions before the second gate. */
const ofFirstGate = new Set(
  conditionsOf('request').flatMap(({ id, gate }) => (gate === 'human-resources' ? [] : [id])),
);

/** Tries roles on an application user, decided by the functions that decide requests. */
class RoleTrial {
  readonly view: EnvironmentView;
  readonly #subject: Subject;
  readonly #user: ApplicationUser;
  readonly #kept: readonly SecurityRole[];

  constructor(view: EnvironmentView, subject: Subject, user: ApplicationUser, kept: readonly SecurityRole[]) {
    this.view = view;
    this.#subject = subject;
    this.#user = user;
    this.#kept = kept;
  }

  /** The environment if the user held these privileges and no others; by slot, depths by number. */
  viewOf(depths: ReadonlyMap<number, number>): EnvironmentView {
    const { dataverse } = this.view;
    const roles = [roleOf(dataverse, this.#user, depths), ...this.#kept];
    return viewWith(this.view, { dataverse: withRoles(dataverse, this.#user.id, roles) });
  }

  /** Why the first gate refuses a use; `undefined`: it does not. */
  unmet(view: EnvironmentView, use: Use): RefusalCause | undefined {
    const { cause } = decide('request', this.facts(view, use));
    return cause !== undefined && ofFirstGate.has(cause.condition) ? cause : undefined;
  }

  facts(view: EnvironmentView, use: Use): Facts {
    const subject = use.asUserId === undefined ? this.#subject : { ...this.#subject, asUserId: use.asUserId };
    return new Facts(view, subject, use.shapes);
  }

  /** How many rows a use reaches, for each of those that it was about, or all together; `undefined`: it does not say. */
  async reached(view: EnvironmentView, use: Use): Promise<readonly number[] | undefined> {
    const decision = decide('request', this.facts(view, use));
    const [first] = decision.grants;
    if (decision.cause !== undefined) return ofFirstGate.has(decision.cause.condition) ? [] : undefined;
    if (first === undefined) return undefined;
    const table = view.model.table.get(first.shape.table ?? '');
    if (table === undefined) return undefined;
    if (first.shape.kind === 'create') {
      const filter = first.grant.filterOf(table, 'create');
      const counts = use.rows.map((id) => view.count(table, and(equals(table.primaryKey, id), filter)));
      return defined(await Promise.all(counts));
    }
    const ids: readonly (Guid | undefined)[] = use.rows.length === 0 ? [undefined] : use.rows;
    const found = await Promise.all(ids.map((id) => countRows(view, decision, id)));
    return defined(found.map((count) => count && (count.losses.at(-1)?.remaining ?? count.all)));
  }
}

const defined = <T>(list: readonly (T | undefined)[]): readonly T[] | undefined => {
  const found = list.filter((each) => each !== undefined);
  return found.length === list.length ? found : undefined;
};

function roleOf(
  { index }: DataverseSnapshot,
  { businessUnitId }: ApplicationUser,
  depths: ReadonlyMap<number, number>,
): SecurityRole {
  const id = newGuid<SecurityRoleId>();
  const given = new Uint8Array(index.size);
  for (const [slot, depth] of depths) given[slot] = depth;
  return { id, rootId: id, name: '', businessUnitId, templateId: undefined, isTeamOnly: false, depths: given };
}

/** The smallest security role with which every one of these uses is allowed, and why nothing of it can be left out. */
export async function leastRole(
  view: EnvironmentView,
  subject: Subject,
  user: ApplicationUser,
  uses: readonly Use[],
): Promise<LeastRole> {
  const { dataverse } = view;
  const kept = uses.some(({ asUserId }) => asUserId !== undefined) ? rolesGiving(dataverse, user, actOnBehalf) : [];
  const trial = new RoleTrial(view, subject, user, kept);
  const held = dataverse.depthsOf(user);
  const depths = new Map<number, number>();
  for (const use of uses) {
    for (const { slot, depth } of wantedBy(trial.facts(view, use))) {
      if (dataverse.index.at(slot).name !== actOnBehalf) depths.set(slot, Math.max(depths.get(slot) ?? 0, depth));
    }
  }
  const told = new Map<number, LeastPrivilege['depthIs']>();
  for (const slot of depths.keys()) told.set(slot, await settleDepth(trial, slot, depths, held[slot] ?? 0, uses));
  const whole = trial.viewOf(depths);
  const uncovered = uncoveredOf(uses, (use) => trial.unmet(whole, use));
  const covered = coveredOf(uses, uncovered);
  const privileges: LeastPrivilege[] = [];
  for (const [slot, depth] of depths) {
    const fewer = trial.viewOf(without(depths, slot));
    const proof = proofOf(covered, (use) => trial.unmet(fewer, use));
    await giveTurn();
    if (proof !== undefined) privileges.push({ slot, depth, depthIs: told.get(slot) ?? 'as held', proof });
  }
  const nameOf = ({ slot }: LeastPrivilege): string => dataverse.index.at(slot).name;
  privileges.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  return { privileges, uncovered, view: whole, keeps: kept.map(({ name }) => name) };
}

const rolesGiving = ({ index }: DataverseSnapshot, user: ApplicationUser, name: string): readonly SecurityRole[] => {
  const slot = index.findByName(name) ?? -1;
  return user.roles.map(({ role }) => role).filter(({ depths }) => (depths[slot] ?? 0) > 0);
};

/**
 * Rows that nobody owns need the whole depth. Others need the least at which the recorded use reaches the same rows as
 * with today's depth; where rows cannot tell, it stays as it is. Changes `depths`.
 */
async function settleDepth(
  trial: RoleTrial,
  slot: number,
  depths: Map<number, number>,
  held: number,
  uses: readonly Use[],
): Promise<LeastPrivilege['depthIs']> {
  const { view } = trial;
  const { table, accessRight } = view.dataverse.index.at(slot);
  const least = depths.get(slot) ?? depthNumbers.global;
  if (table === undefined || least >= held) return 'least';
  const right = kindsOfRights[accessRight ?? ''];
  const deciding = uses.filter(({ shapes }) => shapes[0]?.table === table.logicalName && shapes[0].kind === right);
  const today = await reachedBy(trial, new Map(depths).set(slot, held), deciding);
  // Wherever else the table is looked at, such as in an expand, its rows are not counted.
  const isLookedAtBeside = uses.some(({ shapes }) =>
    shapes.slice(1).some((shape) => shape.table === table.logicalName),
  );
  if (deciding.length > 0 && today !== undefined && !isLookedAtBeside) {
    for (let depth = least; depth < held; depth++) {
      depths.set(slot, depth);
      const reached = await reachedBy(trial, depths, deciding);
      if (JSON.stringify(reached) === JSON.stringify(today)) return 'least';
    }
    depths.set(slot, held);
    return 'least';
  }
  depths.set(slot, held);
  return 'as held';
}

/** The rights whose rows a request's own shape tells. */
const kindsOfRights: Readonly<Record<string, string>> = {
  read: 'read',
  write: 'update',
  delete: 'delete',
  create: 'create',
};

async function reachedBy(
  trial: RoleTrial,
  depths: ReadonlyMap<number, number>,
  uses: readonly Use[],
): Promise<readonly (readonly number[])[] | undefined> {
  const view = trial.viewOf(depths);
  return defined(await Promise.all(uses.map((use) => trial.reached(view, use))));
}

function without(depths: ReadonlyMap<number, number>, slot: number): ReadonlyMap<number, number> {
  const fewer = new Map(depths);
  fewer.delete(slot);
  return fewer;
}
