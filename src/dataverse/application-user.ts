import type { BusinessUnitId, ClientId, Guid, SecurityRoleId, SystemUserId } from '../kernel/ids.ts';

/** Templates of the predefined roles (dataverse-web-api 3.6). Only the ids of the first two are published. */
export const roleTemplates = {
  systemAdministrator: { id: '627090ff-40a3-4053-8790-584edc5be201', name: 'System Administrator' },
  systemCustomizer: { id: '119f245c-3cc8-4b62-b31c-d1a046ced15d', name: 'System Customizer' },
  basicUser: { id: '0bf9b8a4-7f2e-4e0c-9b8f-7d1f0a5c1e37', name: 'Basic User' },
  delegate: { id: '3c2f4f43-6b0e-4c1c-a3d5-8e0f6f9f2b61', name: 'Delegate' },
  /** Ours: what the source document's role gives, ready to be copied or given. */
  atsIntegration: { id: '5d8a1e70-94c3-4f1d-8a52-1b7e3c0d9f28', name: 'ATS integration' },
} as const;

export interface BusinessUnit {
  readonly id: BusinessUnitId;
  readonly name: string;
  readonly parentId: BusinessUnitId | undefined;
  readonly isDisabled: boolean;
}

export interface SecurityRole {
  readonly id: SecurityRoleId;
  readonly name: string;
  readonly businessUnitId: BusinessUnitId;
  /** The role that this one is a copy of; its own id where it is none. Privileges are the root's (3.1). */
  readonly rootId: SecurityRoleId;
  readonly templateId: Guid | undefined;
  /** "Team privileges only": what a team's members get of depth Basic reaches the team's rows, not their own. */
  readonly isTeamOnly: boolean;
  /** Depth by number of the privilege (`PrivilegeIndex`). One array for a role and all its copies. */
  readonly depths: Uint8Array;
}

/** A role that counts for a user: their own, or one of a team they are in. */
export interface AssignedSecurityRole {
  readonly role: SecurityRole;
  /** Where depths below Global start: the user's own business unit, or the team's. */
  readonly businessUnitId: BusinessUnitId;
  /** The team that holds it; absent for the user's own. */
  readonly teamId?: Guid;
}

/** Somebody who acts in another user's name (dataverse-web-api 3.8). */
export interface Impersonation {
  /** Who really asks. */
  readonly actor: ApplicationUser;
  /** In whose name. */
  readonly target: ApplicationUser;
}

/** Who holds roles, owns rows, and has rows shared with them: a user, or a team (`DataverseSnapshot.principalOf`). */
export interface SecurityPrincipal {
  readonly id: Guid;
  readonly businessUnitId: BusinessUnitId;
  /** Direct ones first, then those of teams. The same role may come several times. */
  readonly roles: readonly AssignedSecurityRole[];
  /** Teams that a user is in. None for a team. */
  readonly teams: readonly Guid[];
  /** Holds the role System Administrator: full power, every privilege at depth Global, whatever rows say. */
  readonly isSystemAdministrator: boolean;
  /** Set on the target of an impersonation while it lasts: its rights are then those that both have. */
  readonly impersonation?: Impersonation;
}

/** A team of users, which may have roles. */
export interface Team {
  readonly id: Guid;
  readonly businessUnitId: BusinessUnitId;
  /** Its own roles; none for access teams. */
  readonly roleIds: readonly SecurityRoleId[];
  /** Its profiles of column security. */
  readonly profileIds: readonly Guid[];
  /** Access teams have no roles and own nothing; rows may be shared with them (dataverse-web-api 3.1). */
  readonly isAccessTeam: boolean;
}

/** What rows say about a user. */
export interface UserRecord {
  readonly id: SystemUserId;
  /** Absent for people. */
  readonly clientId: ClientId | undefined;
  /** Object id in the directory: of the service principal, for an application. */
  readonly objectId: Guid | undefined;
  readonly name: string;
  /** Value of `systemuser_accessmode`. */
  readonly accessMode: number;
  readonly businessUnitId: BusinessUnitId;
  readonly isDisabled: boolean;
  /** Roles of their own. */
  readonly roleIds: readonly SecurityRoleId[];
  /** Teams that the user is in. */
  readonly teams: readonly Guid[];
  /** Profiles of column security, beside those of teams. */
  readonly profileIds: readonly Guid[];
}

/** A row of `systemuser` as the first gate knows it, with the roles that count. */
export interface ApplicationUser extends UserRecord, SecurityPrincipal {
  readonly id: SystemUserId;
}

/** A user's or team's own roles; `teamId` where it is a team's. Ids of roles that are not there give nothing. */
export const assignedRoles = (
  roles: Pick<ReadonlyMap<SecurityRoleId, SecurityRole>, 'get'>,
  { roleIds, businessUnitId }: Pick<Team, 'roleIds' | 'businessUnitId'>,
  teamId?: Guid,
): readonly AssignedSecurityRole[] =>
  roleIds.flatMap((id) => {
    const role = roles.get(id);
    return role === undefined ? [] : [{ role, businessUnitId, ...(teamId !== undefined && { teamId }) }];
  });

export const givesFullPower = (roles: readonly AssignedSecurityRole[]): boolean =>
  roles.some(({ role }) => role.templateId === roleTemplates.systemAdministrator.id);
