import type { HrUserId, LegalEntityId } from '../kernel/ids.ts';
import type { GrantState, HrLevel } from './level.ts';

/** A row of the form "Azure Active Directory applications": client id -> Human Resources user. */
export interface ApplicationLink {
  /** Lower case. */
  readonly clientId: string;
  readonly name: string | undefined;
  readonly userId: string | undefined;
}

/** What a privilege says about one data entity. */
export interface HrPermission {
  /** Securable name of the table, lower case. */
  readonly entity: string;
  readonly states: Readonly<Record<HrLevel, GrantState>>;
}

/** A privilege as a role comes by it: through a duty, or directly. */
export interface RolePrivilege {
  readonly duty: string | undefined;
  readonly privilege: string;
  readonly permissions: readonly HrPermission[];
}

export interface HrRole {
  readonly identifier: string;
  readonly name: string;
  readonly privileges: readonly RolePrivilege[];
}

/** An enabled role assignment. `companies` are the legal entities it holds in. */
export interface AssignedRole {
  readonly role: HrRole;
  readonly companies: 'all' | ReadonlySet<LegalEntityId>;
}

/** The identity that queries run as. */
export interface HrUser {
  readonly id: HrUserId;
  /** User name, for messages; the id where it is empty. */
  readonly name: string;
  readonly enabled: boolean;
  /** Language of messages, for example `en-us`. */
  readonly language: string;
  /** Start-up company: where rows go when a create names none. */
  readonly company: LegalEntityId | undefined;
  readonly roles: readonly AssignedRole[];
}

export interface LegalEntity {
  readonly id: LegalEntityId;
  readonly name: string;
}
