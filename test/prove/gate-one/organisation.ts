/** Numbers that look random and are the same for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new RangeError('there is nothing to pick');
    return picked;
  }

  /** Some of them, each with this chance. */
  some<T>(from: readonly T[], percent: number): T[] {
    return from.filter(() => this.chance(percent));
  }
}

export const verbs = ['create', 'read', 'write', 'delete', 'append', 'appendTo', 'assign', 'share'] as const;
export type Verb = (typeof verbs)[number];
export type Level = 'basic' | 'local' | 'deep' | 'global';

/** A table as the security model sees it (dataverse-web-api 3.2, 3.3). */
export interface SecuredTable {
  readonly name: string;
  readonly owner: 'organization' | 'businessUnit' | 'user';
}

export interface Unit {
  readonly id: string;
  readonly parent: string | undefined;
  readonly disabled: boolean;
}

export interface Role {
  readonly id: string;
  /** The role that it is a copy of; its own id otherwise. */
  readonly root: string;
  readonly unit: string;
  readonly administrator: boolean;
  readonly actsForOthers: boolean;
  readonly teamOnly: boolean;
  /** `verb table` to the depth. Of a copy: those of its root. */
  readonly grants: ReadonlyMap<string, Level>;
}

export interface TeamOfUsers {
  readonly id: string;
  readonly unit: string;
  readonly access: boolean;
  readonly roles: readonly string[];
}

export interface User {
  readonly id: string;
  readonly client: string;
  readonly object: string;
  readonly unit: string;
  readonly disabled: boolean;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

export interface Share {
  readonly principal: string;
  readonly verbs: readonly Verb[];
}

export interface OwnedRow {
  readonly id: string;
  readonly owner: string;
  readonly unit: string;
  readonly shares: readonly Share[];
}

export interface Organisation {
  readonly units: readonly Unit[];
  readonly roles: readonly Role[];
  readonly teams: readonly TeamOfUsers[];
  readonly users: readonly User[];
  readonly rows: readonly OwnedRow[];
}

export type NewId = () => string;

const levelsOf: Readonly<Record<SecuredTable['owner'], readonly Level[]>> = {
  organization: ['global'],
  businessUnit: ['local', 'deep', 'global'],
  // Twice, since the depth at which ownership and shares count is the one with most to go wrong.
  user: ['basic', 'basic', 'local', 'deep', 'global'],
};

const verbsOf = ({ owner }: SecuredTable): readonly Verb[] =>
  owner === 'user' ? verbs : verbs.filter((verb) => verb !== 'assign' && verb !== 'share');

/** An organisation in which everything that decides comes up often. */
export function makeOrganisation(dice: Dice, tables: readonly SecuredTable[], newId: NewId): Organisation {
  const units = makeUnits(dice, newId);
  const roles = makeRoles(dice, tables, units, newId);
  const teams = Array.from({ length: dice.below(5) }, (): TeamOfUsers => {
    const access = dice.chance(25);
    return { id: newId(), unit: dice.pick(units).id, access, roles: idsOf(dice.some(roles, access ? 20 : 25)) };
  });
  const users = Array.from(
    { length: 3 + dice.below(6) },
    (): User => ({
      id: newId(),
      client: newId(),
      object: newId(),
      unit: dice.pick(units).id,
      disabled: dice.chance(8),
      roles: idsOf(dice.some(roles, 20)),
      teams: idsOf(dice.some(teams, 35)),
    }),
  );
  const principals = [...users.map(({ id }) => id), ...idsOf(teams)];
  const owners = [...users, ...teams.filter(({ access }) => !access)];
  const rows = Array.from({ length: 12 }, (): OwnedRow => {
    const owner = dice.pick(owners);
    const shares = dice.some(principals, 12).map((principal) => ({ principal, verbs: dice.some(verbs, 50) }));
    return { id: newId(), owner: owner.id, unit: dice.chance(80) ? owner.unit : dice.pick(units).id, shares };
  });
  return { units, roles, teams, users, rows };
}

const idsOf = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

function makeUnits(dice: Dice, newId: NewId): readonly Unit[] {
  const units: Unit[] = [{ id: newId(), parent: undefined, disabled: false }];
  for (let more = dice.below(8); more > 0; more--) {
    units.push({ id: newId(), parent: dice.pick(units).id, disabled: dice.chance(6) });
  }
  return units;
}

function makeRoles(dice: Dice, tables: readonly SecuredTable[], units: readonly Unit[], newId: NewId): readonly Role[] {
  const roles: Role[] = [];
  for (let more = 2 + dice.below(5); more > 0; more--) {
    const id = newId();
    const breadth = dice.pick([15, 40, 80]);
    const role: Role = {
      id,
      root: id,
      unit: dice.pick(units).id,
      administrator: dice.chance(5),
      actsForOthers: dice.chance(35),
      teamOnly: dice.chance(40),
      grants: makeGrants(dice, tables, breadth),
    };
    roles.push(role);
    if (dice.chance(30)) roles.push({ ...role, id: newId(), unit: dice.pick(units).id });
  }
  return roles;
}

function makeGrants(dice: Dice, tables: readonly SecuredTable[], percent: number): ReadonlyMap<string, Level> {
  const grants = new Map<string, Level>();
  for (const table of tables) {
    for (const verb of dice.some(verbsOf(table), percent)) {
      grants.set(`${verb} ${table.name}`, dice.pick(levelsOf[table.owner]));
    }
  }
  return grants;
}
