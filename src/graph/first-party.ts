import { type AppRole, graphAppRoles } from '../directory/app-roles.ts';
import { installationAppRoles } from '../directory/installation-roles.ts';
import { type ClientId, getGuid, namedGuid, type ServicePrincipalId, type TenantId } from '../kernel/ids.ts';
import { firstPartyIds } from '../token/resources.ts';
import type { GraphObject } from './entity-type.ts';

/** A resource of the vendor's that every tenant has. Scripts look it up by its `appId` before they name it. */
export interface FirstParty {
  readonly clientId: ClientId;
  readonly displayName: string;
  readonly names: readonly string[];
  readonly appRoles: readonly AppRole[];
  readonly permissionScopes: readonly GraphObject[];
}

/** The vendor's own tenant, owner of these applications. */
export const vendorTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

const userImpersonation: GraphObject = {
  adminConsentDescription: 'Allows the application to access Dataverse acting as users in the organization.',
  adminConsentDisplayName: 'Access Dataverse as organization users',
  id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4',
  isEnabled: true,
  type: 'User',
  userConsentDescription: null,
  userConsentDisplayName: null,
  value: 'user_impersonation',
};

const firstParties: readonly FirstParty[] = [
  {
    clientId: getGuid(firstPartyIds.graph),
    displayName: 'Microsoft Graph',
    names: ['https://graph.microsoft.com'],
    appRoles: graphAppRoles,
    permissionScopes: [],
  },
  {
    clientId: getGuid(firstPartyIds.dataverse),
    displayName: 'Dataverse',
    names: [],
    appRoles: [],
    permissionScopes: [userImpersonation],
  },
  {
    clientId: getGuid(firstPartyIds.finops),
    displayName: 'Microsoft Dynamics ERP',
    names: [],
    appRoles: [],
    permissionScopes: [],
  },
  // Not the vendor's but ours: administration of the installation is granted as everything else is.
  {
    clientId: getGuid('5e1c3c1e-6d0f-4b43-9a5e-0c8f3f6f4b10'),
    displayName: 'Portvakt',
    names: [],
    appRoles: installationAppRoles,
    permissionScopes: [],
  },
];

/** Its service principal in one tenant: it is made up from the two, never stored. */
export interface FirstPartyPrincipal extends FirstParty {
  readonly id: ServicePrincipalId;
  readonly tenantId: TenantId;
}

const inTenant = (tenantId: TenantId, firstParty: FirstParty): FirstPartyPrincipal => ({
  ...firstParty,
  id: namedGuid(`first party:${tenantId}:${firstParty.clientId}`),
  tenantId,
});

export const firstPartyPrincipals = (tenantId: TenantId): readonly FirstPartyPrincipal[] =>
  firstParties.map((each) => inTenant(tenantId, each));

export const isFirstParty = (clientId: ClientId): boolean => firstParties.some((each) => each.clientId === clientId);
