import type { AppRole } from '../directory/app-roles.ts';
import type { Directory } from '../directory/directory.ts';
import type { AppRoleGrant, ServicePrincipal } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { type Guid, namedGuid, type TenantId } from '../kernel/ids.ts';
import { type EntityType, type GraphObject, graphMoment, renderEntity } from './entity-type.ts';
import { type FirstPartyPrincipal, firstPartyPrincipals, vendorTenantId } from './first-party.ts';

/** A service principal in a list: of an application, or of one of the vendor's resources. */
export type Principal =
  | ({ readonly kind: 'application' } & ServicePrincipal)
  | ({ readonly kind: 'first party' } & FirstPartyPrincipal);

export const applicationPrincipal = (source: ServicePrincipal): Principal => ({ ...source, kind: 'application' });

/** Every service principal of a tenant, in order of the object ids. */
export function listPrincipals(directory: Directory, tenantId: TenantId): readonly Principal[] {
  const resources = firstPartyPrincipals(tenantId).map((each): Principal => ({ ...each, kind: 'first party' }));
  const applications = directory.listServicePrincipals(tenantId).map(applicationPrincipal);
  return [...resources, ...applications].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One application permission of one service principal. */
export interface Assignment extends AppRoleGrant {
  readonly id: string;
  readonly role: AppRole;
  readonly principal: ServicePrincipal;
  readonly resource: FirstPartyPrincipal;
}

const bytesOf = (guid: Guid): Buffer => Buffer.from(guid.replaceAll('-', ''), 'hex');

/** Permissions that a service principal was granted, each on the resource that knows it. */
export function assignmentsOf(principal: ServicePrincipal): readonly Assignment[] {
  const resources = firstPartyPrincipals(principal.tenantId);
  return principal.appRoleGrants.flatMap((grant) => {
    const resource = resources.find(({ appRoles }) => appRoles.some(({ value }) => value === grant.appRole));
    const role = resource?.appRoles.find(({ value }) => value === grant.appRole);
    if (role === undefined || resource === undefined) return [];
    // As long as Microsoft Graph's: the principal's id, then one of the assignment's own.
    const own = namedGuid(`approle:${principal.id}:${grant.appRole}`);
    const id = Buffer.concat([bytesOf(principal.id), bytesOf(own)]).toString('base64url');
    return [{ ...grant, id, role, principal, resource }];
  });
}

/** Permissions that others were granted on this one. */
export function assignmentsTo(directory: DirectorySnapshot, resource: Principal): readonly Assignment[] {
  if (resource.kind !== 'first party' || resource.appRoles.length === 0) return [];
  return directory.content.servicePrincipals
    .filter(({ tenantId, appRoles }) => tenantId === resource.tenantId && appRoles.length > 0)
    .flatMap(assignmentsOf)
    .filter((each) => each.resource.id === resource.id);
}

export const assignmentType: EntityType<Assignment> = {
  name: 'appRoleAssignment',
  idOf: ({ id }) => id,
  expandable: {},
  properties: {
    id: { get: ({ id }) => id },
    deletedDateTime: { get: () => null },
    appRoleId: { get: ({ role }) => role.id, kind: 'guid' },
    createdDateTime: { get: ({ grantedAt }) => (grantedAt === null ? null : graphMoment(grantedAt)) },
    principalDisplayName: { get: ({ principal }) => principal.displayName, kind: 'text' },
    principalId: { get: ({ principal }) => principal.id, kind: 'guid' },
    principalType: { get: () => 'ServicePrincipal' },
    resourceDisplayName: { get: ({ resource }) => resource.displayName },
    resourceId: { get: ({ resource }) => resource.id, kind: 'guid' },
  },
};

const shownRole = ({ id, value, displayName, description }: AppRole): GraphObject => ({
  allowedMemberTypes: ['Application'],
  description,
  displayName,
  id,
  isEnabled: true,
  origin: 'Application',
  value,
});

const registrationOf = ({ clientId }: Principal, directory: DirectorySnapshot) => directory.findApplication(clientId);

function namesOf(row: Principal, directory: DirectorySnapshot): readonly string[] {
  const names = row.kind === 'first party' ? row.names : (registrationOf(row, directory)?.identifierUris ?? []);
  return [row.clientId, ...names];
}

export const principalType: EntityType<Principal> = {
  name: 'servicePrincipal',
  idOf: ({ id }) => id,
  expandable: {
    appRoleAssignments: (row, directory) =>
      row.kind === 'first party' ? [] : assignmentsOf(row).map((each) => renderEntity(assignmentType, each, directory)),
    appRoleAssignedTo: (row, directory) =>
      assignmentsTo(directory, row).map((each) => renderEntity(assignmentType, each, directory)),
  },
  properties: {
    id: { get: ({ id }) => id, kind: 'text' },
    deletedDateTime: { get: () => null },
    accountEnabled: { get: (row) => row.kind === 'first party' || row.accountEnabled, kind: 'flag' },
    appDisplayName: {
      get: (row, { directory }) =>
        row.kind === 'first party' ? row.displayName : (registrationOf(row, directory)?.displayName ?? null),
    },
    appId: { get: ({ clientId }) => clientId, kind: 'text' },
    appOwnerOrganizationId: {
      get: (row, { directory }) =>
        row.kind === 'first party' ? vendorTenantId : (registrationOf(row, directory)?.tenantId ?? null),
      kind: 'guid',
    },
    createdDateTime: {
      get: (row) => (row.kind === 'first party' ? null : graphMoment(row.createdAt)),
      kind: 'moment',
      sortable: true,
    },
    displayName: { get: ({ displayName }) => displayName, kind: 'text', sortable: true },
    replyUrls: { get: (row, { directory }) => registrationOf(row, directory)?.redirectUris ?? [] },
    servicePrincipalNames: { get: (row, { directory }) => namesOf(row, directory), kind: 'texts' },
    servicePrincipalType: { get: () => 'Application', kind: 'text' },
    signInAudience: {
      get: (row, { directory }) =>
        row.kind === 'first party' ? 'AzureADMultipleOrgs' : (registrationOf(row, directory)?.signInAudience ?? null),
    },
    tags: { get: (row) => (row.kind === 'first party' ? [] : row.tags), kind: 'texts' },
    appRoles: { get: (row) => (row.kind === 'first party' ? row.appRoles.map(shownRole) : []) },
    oauth2PermissionScopes: { get: (row) => (row.kind === 'first party' ? row.permissionScopes : []) },
  },
};
