import type { AppRegistration, ClientCertificate, ClientSecret, FederatedCredential } from '../directory/entities.ts';
import { type EntityType, type GraphObject, graphMoment, renderEntity } from './entity-type.ts';

/** `passwordCredential`; the text is in it only in the answer to `addPassword`. */
export const passwordCredential = (secret: ClientSecret, secretText: string | null = null): GraphObject => ({
  customKeyIdentifier: null,
  displayName: secret.displayName,
  endDateTime: graphMoment(secret.end),
  hint: secret.hint,
  keyId: secret.keyId,
  secretText,
  startDateTime: graphMoment(secret.start),
});

/** `keyCredential`; the certificate itself is in it only where it was asked for. */
export const keyCredential = (certificate: ClientCertificate, withKey: boolean): GraphObject => ({
  customKeyIdentifier: certificate.thumbprint,
  displayName: certificate.displayName,
  endDateTime: graphMoment(certificate.end),
  // The DER form in base64 is what stands between the lines of the PEM text.
  key: withKey ? certificate.pem.replace(/-----[^-]+-----|\s/g, '') : null,
  keyId: certificate.keyId,
  startDateTime: graphMoment(certificate.start),
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
});

export const federatedType: EntityType<FederatedCredential> = {
  name: 'federatedIdentityCredential',
  idOf: ({ id }) => id,
  expandable: {},
  properties: {
    id: { get: ({ id }) => id, kind: 'text' },
    name: { get: ({ name }) => name, kind: 'text' },
    issuer: { get: ({ issuer }) => issuer, kind: 'text' },
    subject: { get: ({ subject }) => subject, kind: 'text' },
    description: { get: ({ description }) => description },
    audiences: { get: ({ audiences }) => audiences },
  },
};

export const applicationType: EntityType<AppRegistration> = {
  name: 'application',
  idOf: ({ id }) => id,
  expandable: {
    federatedIdentityCredentials: ({ federatedCredentials }, directory) =>
      federatedCredentials.map((each) => renderEntity(federatedType, each, directory)),
  },
  properties: {
    id: { get: ({ id }) => id, kind: 'text' },
    deletedDateTime: { get: () => null },
    appId: { get: ({ clientId }) => clientId, kind: 'text' },
    createdDateTime: { get: ({ createdAt }) => graphMoment(createdAt), kind: 'moment', sortable: true },
    displayName: { get: ({ displayName }) => displayName, kind: 'text', sortable: true },
    identifierUris: { get: ({ identifierUris }) => identifierUris, kind: 'texts' },
    notes: { get: ({ notes }) => notes },
    publisherDomain: {
      get: ({ tenantId }, { directory }) => directory.findTenant(tenantId)?.domains[0] ?? null,
      kind: 'text',
    },
    signInAudience: { get: ({ signInAudience }) => signInAudience, kind: 'text' },
    tags: { get: ({ tags }) => tags, kind: 'texts' },
    uniqueName: { get: ({ uniqueName }) => uniqueName, kind: 'text' },
    api: { get: ({ requestedAccessTokenVersion }) => ({ requestedAccessTokenVersion }) },
    keyCredentials: {
      get: ({ certificates }, { selected }) => certificates.map((each) => keyCredential(each, selected)),
    },
    passwordCredentials: { get: ({ secrets }) => secrets.map((each) => passwordCredential(each)) },
    web: { get: ({ redirectUris }) => ({ redirectUris }) },
  },
};
