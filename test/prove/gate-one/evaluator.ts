import type { Level, Organisation, OwnedRow, Role, User, Verb } from './organisation.ts';

/**
 * The first gate once more, slow and plain, written from the description of the real product (dataverse-web-api 2.5 and 3)
 * and not from our own code, which it knows nothing of. What the product decides must be what this says.
 */

/** What somebody asks for. */
export interface Request {
  /** Client id of the token. */
  readonly client: string;
  /** Object id or user id of the user in whose name it is asked. */
  readonly actAs?: { readonly by: 'object' | 'user'; readonly id: string };
  /** Privileges that it needs, as `verb table`. */
  readonly needs: readonly string[];
  /** The row, and what is done to it, where the table's rows have owners or units. */
  readonly row?: { readonly verb: Verb; readonly table: string; readonly facts: OwnedRow; readonly owned: boolean };
}

export type Outcome =
  | 'not a member'
  | 'user disabled'
  | 'may not act for others'
  | 'unknown user'
  | 'no role'
  | 'lacks a privilege'
  | 'does not reach the row'
  | 'allowed';

/** A role that counts for a user, and where it is held. */
interface Held {
  readonly role: Role;
  readonly unit: string;
  readonly team: string | undefined;
}

const rank: Readonly<Record<Level, number>> = { basic: 1, local: 2, deep: 3, global: 4 };

export function predict(organisation: Organisation, request: Request): Outcome {
  const caller = organisation.users.find(({ client }) => client === request.client);
  if (caller === undefined) return 'not a member';
  if (isOff(organisation, caller)) return 'user disabled';
  const target = request.actAs;
  if (target === undefined) return decide(organisation, [caller], request);
  const named = organisation.users.find((user) => user[target.by === 'object' ? 'object' : 'id'] === target.id);
  if (named === caller) return decide(organisation, [caller], request);
  if (!mayAct(organisation, caller)) return 'may not act for others';
  if (named === undefined) return 'unknown user';
  if (isOff(organisation, named)) return 'user disabled';
  // The rights that both have (3.8).
  return decide(organisation, [named, caller], request);
}

/** A user is off when they are disabled, or the unit that they belong to is. */
function isOff({ units }: Organisation, user: User): boolean {
  const unit = units.find(({ id }) => id === user.unit);
  return user.disabled || unit === undefined || unit.disabled;
}

function decide(organisation: Organisation, users: readonly User[], { needs, row }: Request): Outcome {
  for (const user of users) if (heldBy(organisation, user).length === 0) return 'no role';
  for (const need of needs) {
    for (const user of users) if (depthOf(organisation, user, need) === 0) return 'lacks a privilege';
  }
  if (row === undefined) return 'allowed';
  return users.every((user) => reaches(organisation, user, row)) ? 'allowed' : 'does not reach the row';
}

/** Own roles, and those of the teams; access teams have none (3.1). */
function heldBy({ roles, teams }: Organisation, user: User): readonly Held[] {
  const held: Held[] = [];
  for (const role of roles) {
    if (user.roles.includes(role.id)) held.push({ role, unit: user.unit, team: undefined });
    for (const team of teams) {
      if (team.access || !user.teams.includes(team.id) || !team.roles.includes(role.id)) continue;
      held.push({ role, unit: team.unit, team: team.id });
    }
  }
  return held;
}

const isAdministrator = (organisation: Organisation, user: User): boolean =>
  heldBy(organisation, user).some(({ role }) => role.administrator);

const mayAct = (organisation: Organisation, user: User): boolean =>
  isAdministrator(organisation, user) || heldBy(organisation, user).some(({ role }) => role.actsForOthers);

/** The union of all roles: the deepest wins (3.1). 0: not held. */
function depthOf(organisation: Organisation, user: User, need: string): number {
  if (isAdministrator(organisation, user)) return rank.global;
  let deepest = 0;
  for (const { role } of heldBy(organisation, user)) {
    const level = role.grants.get(need);
    if (level !== undefined) deepest = Math.max(deepest, rank[level]);
  }
  return deepest;
}

/** Does one of the roles reach this row? Each counts from the unit in which it is held (3.3). */
function reaches(organisation: Organisation, user: User, row: NonNullable<Request['row']>): boolean {
  if (isAdministrator(organisation, user)) return true;
  const { verb, table, facts, owned } = row;
  for (const { role, unit, team } of heldBy(organisation, user)) {
    const level = role.grants.get(`${verb} ${table}`);
    if (level === undefined) continue;
    if (level === 'global') return true;
    if (level === 'local' && facts.unit === unit) return true;
    if (level === 'deep' && isBelow(organisation, facts.unit, unit)) return true;
    if (!owned) continue;
    // Team privileges only: what a member has of it are the team's own rows.
    const own = role.teamOnly && team !== undefined ? [team] : [user.id, ...user.teams];
    if (own.includes(facts.owner)) return true;
    if (facts.shares.some((share) => own.includes(share.principal) && share.verbs.includes(verb))) return true;
  }
  return false;
}

function isBelow({ units }: Organisation, unit: string, top: string): boolean {
  for (let at: string | undefined = unit; at !== undefined; ) {
    if (at === top) return true;
    const here: string = at;
    at = units.find(({ id }) => id === here)?.parent;
  }
  return false;
}
