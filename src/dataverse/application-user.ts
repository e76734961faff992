import type { BusinessUnitId, ClientId, Guid, SecurityRoleId, SystemUserId } from '../kernel/ids.ts';

/** Templates of the predefined roles (dataverse-web-api 3.6). Basic User's is ours: none is published. */
export const roleTemplates = {
  systemAdministrator: { id: '627090ff-40a3-4053-8790-584edc5be201', name: 'System Administrator' },
  systemCustomizer: { id: '119f245c-3cc8-4b62-b31c-d1a046ced15d', name: 'System Customizer' },
  basicUser: { id: '0bf9b8a4-7f2e-4e0c-9b8f-7d1f0a5c1e37', name: 'Basic User' },
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
  readonly templateId: Guid | undefined;
  /** Depth by number of the privilege (`PrivilegeIndex`). */
  readonly depths: Uint8Array;
}

/** A role that counts for a user: their own, or one of a team they are in. */
export interface AssignedSecurityRole {
  readonly role: SecurityRole;
  /** Where depths below Global start: the user's own business unit, or the team's. */
  readonly businessUnitId: BusinessUnitId;
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
}

/** A team of users, which may have roles. */
export interface Team {
  readonly id: Guid;
  readonly businessUnitId: BusinessUnitId;
  /** Its own roles; none for access teams. */
  readonly roleIds: readonly SecurityRoleId[];
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
}

/** A row of `systemuser` as the first gate knows it, with the roles that count. */
export interface ApplicationUser extends UserRecord, SecurityPrincipal {
  readonly id: SystemUserId;
}

/** A user's or team's own roles. Ids of roles that are not there give nothing. */
export const assignedRoles = (
  roles: ReadonlyMap<SecurityRoleId, SecurityRole>,
  { roleIds, businessUnitId }: Pick<Team, 'roleIds' | 'businessUnitId'>,
): readonly AssignedSecurityRole[] =>
  roleIds.flatMap((id) => {
    const role = roles.get(id);
    return role === undefined ? [] : [{ role, businessUnitId }];
  });

export const givesFullPower = (roles: readonly AssignedSecurityRole[]): boolean =>
  roles.some(({ role }) => role.templateId === roleTemplates.systemAdministrator.id);
