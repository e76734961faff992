import type { HrUserId, LegalEntityId } from '../kernel/ids.ts';
import type { Language } from '../kernel/language.ts';
import type { GrantState, HrRight } from './level.ts';

/** A row of the form "Azure Active Directory applications": client id -> Human Resources user. */
export interface ApplicationLink {
  /** Lower case. */
  readonly clientId: string;
  readonly name: string | undefined;
  readonly userId: string | undefined;
}

/** What a privilege says about one securable object. */
export interface HrPermission {
  /** `securableKey` of the object. */
  readonly securable: string;
  readonly states: Readonly<Record<HrRight, GrantState>>;
}

/** A privilege as a role comes by it: through a duty, or directly; perhaps from a role inside it. */
export interface RolePrivilege {
  /** Identifier of the child role that brings it. */
  readonly childRole: string | undefined;
  readonly duty: string | undefined;
  readonly privilege: string;
  readonly permissions: readonly HrPermission[];
}

export interface HrRole {
  readonly identifier: string;
  readonly name: string;
  /** What policies of the context type RoleProperty look at; empty for most roles. */
  readonly contextString: string;
  /** Its own and those of all roles inside it. */
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
  /** Language of messages. */
  readonly language: Language;
  /** Start-up company: where rows go when a create names none. */
  readonly company: LegalEntityId | undefined;
  readonly roles: readonly AssignedRole[];
}

export interface LegalEntity {
  readonly id: LegalEntityId;
  readonly name: string;
}
