import type { ApiClient } from '../../api/api-client.ts';
import { literal, query } from '../../api/odata.ts';

/** A row of `SecurityUserRoleAssociations`: a role that a user has. */
export interface UserRole {
  readonly UserId: string;
  readonly SecurityRoleIdentifier: string;
  readonly SecurityRoleName: string;
  /** `Disabled` gives nothing. */
  readonly AssignmentStatus: string;
}

/** A row of `SecurityUserRoleOrganizations`; a role without any counts in all legal entities. */
interface RoleOrganization {
  readonly SecurityRoleIdentifier: string;
  readonly OrganizationId: string;
}

/** A role with the legal entities that it is restricted to. */
export interface AssignedRole extends UserRole {
  readonly companies: readonly string[];
}

export const assignedRolesKey = (userId: string): readonly string[] => ['hrUsers', userId, 'roles'];

export async function listAssignedRoles(
  api: ApiClient,
  userId: string,
  signal: AbortSignal,
): Promise<readonly AssignedRole[]> {
  const ofUser = query({ $filter: `UserId eq ${literal(userId)}` });
  const [roles, organizations] = await Promise.all([
    api.list<UserRole>(`/data/SecurityUserRoleAssociations${ofUser}`, { signal }),
    api.list<RoleOrganization>(`/data/SecurityUserRoleOrganizations${ofUser}`, { signal }),
  ]);
  return roles.rows.map((role) => ({
    ...role,
    companies: organizations.rows
      .filter((each) => each.SecurityRoleIdentifier === role.SecurityRoleIdentifier)
      .map((each) => each.OrganizationId),
  }));
}

const inAddress = (text: string): string => encodeURIComponent(literal(text));

const keyOf = ({ UserId, SecurityRoleIdentifier }: UserRole): string =>
  `UserId=${inAddress(UserId)},SecurityRoleIdentifier=${inAddress(SecurityRoleIdentifier)}`;

const pathOf = (role: UserRole): string => `/data/SecurityUserRoleAssociations(${keyOf(role)})`;

export const assignRole = (api: ApiClient, UserId: string, SecurityRoleIdentifier: string): Promise<undefined> =>
  api.change('POST', '/data/SecurityUserRoleAssociations', { body: { UserId, SecurityRoleIdentifier } });

export const removeRole = (api: ApiClient, role: UserRole): Promise<undefined> => api.change('DELETE', pathOf(role));

export const setStatus = (api: ApiClient, role: UserRole, AssignmentStatus: string): Promise<undefined> =>
  api.change('PATCH', pathOf(role), { body: { AssignmentStatus } });

/** Restricts a role to the companies given; to none of them means to all. What is added goes first: nothing widens meanwhile. */
export async function setCompanies(api: ApiClient, role: AssignedRole, companies: ReadonlySet<string>): Promise<void> {
  const { UserId, SecurityRoleIdentifier } = role;
  for (const OrganizationId of companies) {
    if (role.companies.includes(OrganizationId)) continue;
    await api.change('POST', '/data/SecurityUserRoleOrganizations', {
      body: { UserId, SecurityRoleIdentifier, OrganizationType: 'LegalEntity', OrganizationId },
    });
  }
  for (const company of role.companies.filter((each) => !companies.has(each))) {
    const key = `${keyOf(role)},OrganizationType='LegalEntity',OrganizationId=${inAddress(company)}`;
    await api.change('DELETE', `/data/SecurityUserRoleOrganizations(${key})`);
  }
}
