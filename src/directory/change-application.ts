import { type ClientId, newGuid, type TenantId } from '../kernel/ids.ts';
import type { Transaction } from '../odata/row-store.ts';
import { checkIdentifierUris, checkRedirectUris, checkTags } from './application-uris.ts';
import type { PlannedChange } from './change.ts';
import { deleteServicePrincipal } from './change-service-principal.ts';
import { checkDisplayName, checkLines, checkText } from './check-text.ts';
import type {
  AppRegistration,
  AppRegistrationId,
  ClientCertificate,
  ServicePrincipal,
  SignInAudience,
} from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { applicationValues, certificateValues, servicePrincipalValues, wholeSeconds } from './rows.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable, notesLength, uniqueNameLength } from './tables.ts';

export interface NewApplication {
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly signInAudience?: SignInAudience;
  /** Chosen by the caller only where an id must be the same everywhere, as in the demo organisation. */
  readonly clientId?: ClientId;
  readonly certificates?: readonly ClientCertificate[];
  readonly identifierUris?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly tags?: readonly string[];
  readonly notes?: string | null;
  readonly uniqueName?: string;
  readonly requestedAccessTokenVersion?: 1 | 2 | null;
}

/** Changes of an app registration; what is absent stays. A list is the whole new list. */
export interface ApplicationUpdate {
  readonly displayName?: string;
  readonly signInAudience?: SignInAudience;
  readonly certificates?: readonly ClientCertificate[];
  readonly identifierUris?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly tags?: readonly string[];
  readonly notes?: string | null;
  readonly requestedAccessTokenVersion?: 1 | 2 | null;
}

/** An update, or how to make one out of what is there when its turn comes. */
export type ApplicationChange = ApplicationUpdate | ((before: AppRegistration) => ApplicationUpdate);

/** The real product limits the whole manifest; here the count, since every secret costs time on each token request. */
export const credentialLimit = 50;

export function planApplication(
  snapshot: DirectorySnapshot,
  input: NewApplication,
  now: Date,
): PlannedChange<AppRegistration> {
  if (snapshot.findTenant(input.tenantId) === undefined) throw directoryRefusal('notFound', input.tenantId);
  const application = checked(snapshot, {
    id: newGuid<AppRegistrationId>(),
    clientId: input.clientId ?? newGuid(),
    tenantId: input.tenantId,
    displayName: input.displayName,
    signInAudience: input.signInAudience ?? 'AzureADMyOrg',
    createdAt: wholeSeconds(now),
    secrets: [],
    certificates: input.certificates ?? [],
    federatedCredentials: [],
    identifierUris: input.identifierUris ?? [],
    redirectUris: input.redirectUris ?? [],
    tags: input.tags ?? [],
    notes: input.notes ?? null,
    uniqueName: input.uniqueName ?? null,
    requestedAccessTokenVersion: input.requestedAccessTokenVersion ?? null,
  });
  if (snapshot.findApplication(application.clientId) !== undefined) {
    throw directoryRefusal('clientIdTaken', application.clientId);
  }
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: application,
    async write(rows) {
      await rows.insert(directoryTable.appRegistration, applicationValues(application));
      for (const certificate of application.certificates) {
        await rows.insert(directoryTable.clientCertificate, certificateValues(application, certificate));
      }
    },
  };
}

export function planApplicationUpdate(
  snapshot: DirectorySnapshot,
  id: AppRegistrationId,
  change: ApplicationChange,
): PlannedChange<AppRegistration> {
  const before = getApplication(snapshot, id);
  const update = typeof change === 'function' ? change(before) : change;
  const application = checked(snapshot, { ...before, ...update });
  const principal = withNameOf(snapshot, before, application);
  const changed = snapshot.withApplication(application);
  return {
    next: principal === undefined ? changed : changed.withServicePrincipal(principal),
    change: { kind: 'application', clientId: application.clientId },
    result: application,
    async write(rows) {
      await rows.update(directoryTable.appRegistration, id, applicationValues(application));
      await writeCertificates(rows, before, application);
      if (principal === undefined) return;
      await rows.update(directoryTable.servicePrincipal, principal.id, servicePrincipalValues(principal));
    },
  };
}

/** The service principal in the home tenant, if it bears the application's name and that has changed. */
function withNameOf(
  snapshot: DirectorySnapshot,
  before: AppRegistration,
  { tenantId, clientId, displayName }: AppRegistration,
): ServicePrincipal | undefined {
  const principal = snapshot.findServicePrincipal(tenantId, clientId);
  const follows = principal?.displayName === before.displayName && before.displayName !== displayName;
  return follows ? { ...principal, displayName } : undefined;
}

async function writeCertificates(rows: Transaction, before: AppRegistration, after: AppRegistration): Promise<void> {
  const old = new Map(before.certificates.map((each) => [each.keyId, each]));
  const kept = new Set(after.certificates.map(({ keyId }) => keyId));
  for (const keyId of old.keys()) {
    if (!kept.has(keyId)) await rows.delete(directoryTable.clientCertificate, keyId);
  }
  for (const certificate of after.certificates) {
    const was = old.get(certificate.keyId);
    const values = certificateValues(after, certificate);
    if (was === undefined) await rows.insert(directoryTable.clientCertificate, values);
    else if (was !== certificate) await rows.update(directoryTable.clientCertificate, certificate.keyId, values);
  }
}

/** Deletes it with its credentials and its service principals in all tenants. */
export function planApplicationDeletion(snapshot: DirectorySnapshot, id: AppRegistrationId): PlannedChange<void> {
  const application = getApplication(snapshot, id);
  const principals = snapshot.content.servicePrincipals.filter((each) => each.clientId === application.clientId);
  return {
    next: snapshot.withoutApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: undefined,
    async write(rows) {
      for (const { keyId } of application.secrets) await rows.delete(directoryTable.clientSecret, keyId);
      for (const each of application.federatedCredentials)
        await rows.delete(directoryTable.federatedCredential, each.id);
      for (const { keyId } of application.certificates) await rows.delete(directoryTable.clientCertificate, keyId);
      for (const principal of principals) await deleteServicePrincipal(rows, principal);
      await rows.delete(directoryTable.appRegistration, id);
    },
  };
}

/** @throws Refusal 404 */
export function getApplication(snapshot: DirectorySnapshot, id: AppRegistrationId): AppRegistration {
  const application = snapshot.findApplicationById(id);
  if (application === undefined) throw directoryRefusal('notFound', id);
  return application;
}

/** The application as it may be kept, with a trimmed name. Throws a Refusal when something in it is wrong or taken. */
function checked(snapshot: DirectorySnapshot, application: AppRegistration): AppRegistration {
  checkCredentials(application);
  checkIdentifierUris(snapshot, application);
  checkRedirectUris(application.redirectUris);
  checkTags(application.tags);
  checkUniqueName(snapshot, application);
  return {
    ...application,
    displayName: checkDisplayName(application.displayName),
    notes: checkLines('notes', application.notes, notesLength),
  };
}

function checkUniqueName(snapshot: DirectorySnapshot, { id, tenantId, uniqueName }: AppRegistration): void {
  if (uniqueName === null) return;
  checkText('uniqueName', uniqueName, uniqueNameLength);
  const holder = snapshot.findApplicationByUniqueName(tenantId, uniqueName);
  if (holder !== undefined && holder.id !== id) throw directoryRefusal('uniqueNameTaken', uniqueName);
}

/** Not too many credentials, no certificate twice. */
export function checkCredentials(application: AppRegistration): void {
  if (application.secrets.length + application.certificates.length > credentialLimit) {
    throw directoryRefusal('tooManyCredentials', credentialLimit);
  }
  const seen = new Set<string>();
  for (const { thumbprint, thumbprintSha256, keyId } of application.certificates) {
    if (seen.has(thumbprintSha256)) throw directoryRefusal('certificateExists', thumbprint);
    if (seen.has(keyId)) throw directoryRefusal('invalidValue', 'keyId', 'it is there twice');
    seen.add(thumbprintSha256).add(keyId);
  }
}
