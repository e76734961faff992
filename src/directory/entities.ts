import type { Brand } from '../kernel/brand.ts';
import type { ClientId, Guid, ServicePrincipalId, TenantId } from '../kernel/ids.ts';

/** Object id of an app registration: the `id` that Microsoft Graph shows, not its client id. */
export type AppRegistrationId = Guid & Brand<string, 'AppRegistrationId'>;
/** Id of one credential of an app registration. It identifies, it opens nothing. */
export type CredentialId = Guid & Brand<string, 'CredentialId'>;

/** A directory that issues tokens. */
export interface Tenant {
  readonly id: TenantId;
  readonly displayName: string;
  /** Verified domains, lower case. The first one is the default. */
  readonly domains: readonly string[];
}

export const signInAudiences = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
] as const;
/** Whose accounts and tenants may use an application (dataverse-web-api 1.10). */
export type SignInAudience = (typeof signInAudiences)[number];

/** The audiences of which other tenants may have a service principal. */
const multiTenantAudiences: ReadonlySet<SignInAudience> = new Set([
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
]);

/** May this tenant use the application: is it the application's own, or are others admitted? `undefined`: some other one. */
export const isUsableIn = (
  { tenantId, signInAudience }: Pick<AppRegistration, 'tenantId' | 'signInAudience'>,
  tenant: TenantId | undefined,
): boolean => tenantId === tenant || multiTenantAudiences.has(signInAudience);

/** A client secret as it is kept: nothing of it but the hint can be shown again. Valid from `start` until `end`. */
export interface ClientSecret {
  readonly keyId: CredentialId;
  readonly displayName: string | null;
  /** The first three characters, so that an administrator recognises it. */
  readonly hint: string;
  readonly start: Date;
  readonly end: Date;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** A client certificate: public part only. Thumbprints are of the DER form, in upper-case hex. */
export interface ClientCertificate {
  readonly keyId: CredentialId;
  readonly displayName: string | null;
  readonly pem: string;
  /** SHA-1 (`x5t`), which older client libraries name certificates by. */
  readonly thumbprint: string;
  /** SHA-256 (`x5t#S256`). */
  readonly thumbprintSha256: string;
  readonly start: Date;
  readonly end: Date;
}

/**
 * Trust in the tokens of an outside issuer (dataverse-web-api 1.8): one of them that says exactly this issuer, subject
 * and audience stands for the application.
 */
export interface FederatedCredential {
  readonly id: CredentialId;
  /** Unique in the application without regard to case; never changes. */
  readonly name: string;
  /** An https URL as it stands in `iss`, compared exactly: `https://a` and `https://a/` differ. */
  readonly issuer: string;
  readonly subject: string;
  /** Exactly one. */
  readonly audiences: readonly string[];
  readonly description: string | null;
}

/** The definition of an application, in its home tenant. */
export interface AppRegistration {
  readonly id: AppRegistrationId;
  readonly clientId: ClientId;
  /** The home tenant. */
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly signInAudience: SignInAudience;
  readonly createdAt: Date;
  readonly secrets: readonly ClientSecret[];
  readonly certificates: readonly ClientCertificate[];
  readonly federatedCredentials: readonly FederatedCredential[];
  /** Names under which tokens for this application as a resource are asked for; unique in the directory. */
  readonly identifierUris: readonly string[];
  /** Where the consent page may lead back to. */
  readonly redirectUris: readonly string[];
  /** A name that scripts chose for it, unique in the tenant; never changes. */
  readonly uniqueName: string | null;
  /** Version of the access tokens that it wants as a resource; null stands for 1. */
  readonly requestedAccessTokenVersion: 1 | 2 | null;
  /** Words of the administrators; they mean nothing here. */
  readonly tags: readonly string[];
  readonly notes: string | null;
}

/** An application permission on the directory API that a service principal was granted. */
export interface AppRoleGrant {
  readonly appRole: string;
  /** Null for grants of before this was noted. */
  readonly grantedAt: Date | null;
}

/** An application inside one tenant. `id` is the `oid` of its tokens. */
export interface ServicePrincipal {
  readonly id: ServicePrincipalId;
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  /** Words of the tenant's administrators; they mean nothing here. */
  readonly tags: readonly string[];
  readonly createdAt: Date;
  /** Application permissions granted to it on the directory API, such as `Application.ReadWrite.All`. */
  readonly appRoles: readonly string[];
  /** The same permissions in the same order, with what else is known of them. */
  readonly appRoleGrants: readonly AppRoleGrant[];
}
