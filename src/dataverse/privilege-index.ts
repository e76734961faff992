import type { PrivilegeId } from '../kernel/ids.ts';
import {
  type AccessRight,
  miscellaneousPrivileges,
  type PrivilegeDefinition,
  type PrivilegeDepth,
  readableByEveryone,
  type TablePrivilegeDefinition,
  tablePrivileges,
} from '../metadata/privileges.ts';
import type { Model, Table } from '../metadata/table.ts';

/** Any privilege of the environment: on a table, or miscellaneous. */
export type Privilege = PrivilegeDefinition & Partial<Pick<TablePrivilegeDefinition, 'table' | 'accessRight'>>;

/** Depths as numbers that compare: deeper is greater. 0 is "not granted". */
export const depthNumbers = { basic: 1, local: 2, deep: 3, global: 4 } as const satisfies Record<
  PrivilegeDepth,
  number
>;

/** `privilegedepthmask` of the intersect table (dataverse-web-api 3.3). */
export const depthMasks = { basic: 1, local: 2, deep: 4, global: 8 } as const satisfies Record<PrivilegeDepth, number>;

/** The word on the wire, `PrivilegeDepth`. */
export const depthWords = {
  basic: 'Basic',
  local: 'Local',
  deep: 'Deep',
  global: 'Global',
} as const satisfies Record<PrivilegeDepth, string>;

export const depths: readonly PrivilegeDepth[] = ['basic', 'local', 'deep', 'global'];

/** Depth of a number of `depthNumbers`; `undefined` for 0. */
export const depthOfNumber = (number: number): PrivilegeDepth | undefined => depths[number - 1];

/** Depth of a `privilegedepthmask`. Anything else than one known bit is no grant. */
export const depthOfMask = (mask: number | undefined): PrivilegeDepth | undefined =>
  depths.find((depth) => depthMasks[depth] === mask);

/** Every privilege that an environment with this model has. */
export const allPrivileges = (model: Model): readonly Privilege[] => [
  ...tablePrivileges(model),
  ...miscellaneousPrivileges,
];

const rightPlaces = {
  create: 0,
  read: 1,
  write: 2,
  delete: 3,
  append: 4,
  appendTo: 5,
  assign: 6,
  share: 7,
} as const satisfies Record<AccessRight, number>;

/** Slot of a right that no privilege on the table exists for. */
const noSlot = -1;

/** Slot of reading a table that every enabled user may read. */
export const everyoneSlot = -2;

/**
 * Numbers the privileges of a model, so that what a role or a user holds is an array of depths by number and a decision
 * is a look at a few places of it. Built once per model.
 */
export class PrivilegeIndex {
  /** By slot. */
  readonly privileges: readonly Privilege[];
  /** By logical name: a changed model has new tables of the same names. */
  readonly #slotsOf = new Map<string, Int32Array>();
  readonly #byId = new Map<PrivilegeId, number>();
  readonly #byName = new Map<string, number>();

  readonly #tables: ReadonlyMap<string, Table>;

  constructor(model: Model) {
    this.#tables = model.table;
    const ofTables = tablePrivileges(model);
    this.privileges = [...ofTables, ...miscellaneousPrivileges];
    ofTables.forEach(({ table, accessRight }, slot) => {
      this.#slots(table)[rightPlaces[accessRight]] = slot;
    });
    for (const name of readableByEveryone) {
      const table = model.table.get(name);
      if (table !== undefined) this.#slots(table)[rightPlaces.read] = everyoneSlot;
    }
    this.privileges.forEach(({ privilegeId, name }, slot) => {
      this.#byId.set(privilegeId, slot);
      this.#byName.set(name.toLowerCase(), slot);
    });
  }

  get size(): number {
    return this.privileges.length;
  }

  /** Place of a right on a table; `noSlot` or `everyoneSlot` where there is no such privilege. */
  slotOf(table: Table, right: AccessRight): number {
    return this.#slotsOf.get(table.logicalName)?.[rightPlaces[right]] ?? noSlot;
  }

  /** As `slotOf`, for a table that is named; without a right, of the miscellaneous privilege of that name. */
  slotOfNamed(tableOrPrivilege: string, right: AccessRight | undefined): number {
    if (right === undefined) return this.findByName(tableOrPrivilege) ?? noSlot;
    const table = this.#tables.get(tableOrPrivilege);
    return table === undefined ? noSlot : this.slotOf(table, right);
  }

  findById(id: PrivilegeId): number | undefined {
    return this.#byId.get(id);
  }

  /** By name, without regard to case (dataverse-web-api 3.4). */
  findByName(name: string): number | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** The privilege in a slot that this index gave. */
  at(slot: number): Privilege {
    const privilege = this.privileges[slot];
    if (privilege === undefined) throw new RangeError(`no privilege has the number ${slot}`);
    return privilege;
  }

  #slots(table: Table): Int32Array {
    const known = this.#slotsOf.get(table.logicalName);
    if (known !== undefined) return known;
    const slots = new Int32Array(Object.keys(rightPlaces).length).fill(noSlot);
    this.#slotsOf.set(table.logicalName, slots);
    return slots;
  }
}
