import type { AppRegistration, ClientCertificate, ClientSecret, ServicePrincipal } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';

/** An object as Microsoft Graph shows it. */
export type GraphObject = Readonly<Record<string, unknown>>;

const moment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** `passwordCredential`; the text is in it only in the answer to `addPassword`. */
export const passwordCredential = (secret: ClientSecret, secretText: string | null = null): GraphObject => ({
  customKeyIdentifier: null,
  displayName: secret.displayName,
  endDateTime: moment(secret.end),
  hint: secret.hint,
  keyId: secret.keyId,
  secretText,
  startDateTime: moment(secret.start),
});

const keyCredential = (certificate: ClientCertificate): GraphObject => ({
  customKeyIdentifier: Buffer.from(certificate.thumbprint, 'hex').toString('base64'),
  displayName: certificate.displayName,
  endDateTime: moment(certificate.end),
  key: null,
  keyId: certificate.keyId,
  startDateTime: moment(certificate.start),
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
});

export const application = (directory: DirectorySnapshot, source: AppRegistration): GraphObject => ({
  id: source.id,
  deletedDateTime: null,
  appId: source.clientId,
  createdDateTime: moment(source.createdAt),
  displayName: source.displayName,
  identifierUris: source.identifierUris,
  publisherDomain: directory.findTenant(source.tenantId)?.domains[0] ?? null,
  signInAudience: source.signInAudience,
  keyCredentials: source.certificates.map(keyCredential),
  passwordCredentials: source.secrets.map((secret) => passwordCredential(secret)),
});

export function servicePrincipal(directory: DirectorySnapshot, source: ServicePrincipal): GraphObject {
  const registration = directory.findApplication(source.clientId);
  return {
    id: source.id,
    deletedDateTime: null,
    accountEnabled: source.accountEnabled,
    appDisplayName: registration?.displayName ?? null,
    appId: source.clientId,
    appOwnerOrganizationId: registration?.tenantId ?? null,
    createdDateTime: moment(source.createdAt),
    displayName: source.displayName,
    servicePrincipalNames: [source.clientId],
    servicePrincipalType: 'Application',
    signInAudience: registration?.signInAudience ?? null,
  };
}
