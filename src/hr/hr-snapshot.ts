import { type EffectiveAccess, effectiveAccessOf } from './effective-access.ts';
import type { HrPolicy } from './hr-policy.ts';
import type { ApplicationLink, HrRole, HrUser, LegalEntity } from './hr-user.ts';

/** Everything that the second gate decides by. Maps are keyed by lower-case text. */
export interface HrSnapshotContent {
  readonly links: ReadonlyMap<string, ApplicationLink>;
  readonly users: ReadonlyMap<string, HrUser>;
  readonly roles: ReadonlyMap<string, HrRole>;
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  /** Those that are enabled. */
  readonly policies: readonly HrPolicy[];
}

/**
 * Human Resources' security at one moment. Immutable: a change in the administration tables makes a new one. Decisions
 * are pure functions over it; what a user may do is worked out once, when first asked.
 */
export class HrSnapshot implements HrSnapshotContent {
  readonly links: ReadonlyMap<string, ApplicationLink>;
  readonly users: ReadonlyMap<string, HrUser>;
  readonly roles: ReadonlyMap<string, HrRole>;
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  readonly policies: readonly HrPolicy[];
  readonly #access = new Map<HrUser, EffectiveAccess>();
  #platformFault: { readonly found: string | undefined } | undefined;

  constructor(content: HrSnapshotContent) {
    this.links = content.links;
    this.users = content.users;
    this.roles = content.roles;
    this.legalEntities = content.legalEntities;
    this.policies = content.policies;
  }

  /** `undefined` when no user has that id. Case does not matter. */
  findUser(userId: string): HrUser | undefined {
    return this.users.get(userId.toLowerCase());
  }

  /** What `find` finds wrong with the platform's own link in this snapshot; looked for once. */
  platformFault(find: (snapshot: HrSnapshot) => string | undefined): string | undefined {
    this.#platformFault ??= { found: find(this) };
    return this.#platformFault.found;
  }

  accessOf(user: HrUser): EffectiveAccess {
    const known = this.#access.get(user);
    if (known !== undefined) return known;
    const access = effectiveAccessOf(user, this.policies);
    this.#access.set(user, access);
    return access;
  }
}
