import { type ClientId, newGuid, type TenantId } from '../kernel/ids.ts';
import { checkIdentifierUris, checkRedirectUris, checkTags } from './application-uris.ts';
import type { PlannedChange } from './change.ts';
import { deleteServicePrincipal } from './change-service-principal.ts';
import { checkDisplayName, checkLines } from './check-text.ts';
import type { AppRegistration, AppRegistrationId, ClientCertificate, SignInAudience } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { applicationValues, certificateValues, wholeSeconds } from './rows.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable, notesLength } from './tables.ts';

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
  const isIn = (list: readonly ClientCertificate[], one: ClientCertificate): boolean =>
    list.some((each) => each.keyId === one.keyId);
  return {
    next: snapshot.withApplication(application),
    change: { kind: 'application', clientId: application.clientId },
    result: application,
    async write(rows) {
      await rows.update(directoryTable.appRegistration, id, applicationValues(application));
      for (const gone of before.certificates.filter((each) => !isIn(application.certificates, each))) {
        await rows.delete(directoryTable.clientCertificate, gone.keyId);
      }
      for (const added of application.certificates.filter((each) => !isIn(before.certificates, each))) {
        await rows.insert(directoryTable.clientCertificate, certificateValues(application, added));
      }
    },
  };
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
  return {
    ...application,
    displayName: checkDisplayName(application.displayName),
    notes: checkLines('notes', application.notes, notesLength),
  };
}

/** Not too many credentials, no certificate twice. */
export function checkCredentials(application: AppRegistration): void {
  if (application.secrets.length + application.certificates.length > credentialLimit) {
    throw directoryRefusal('tooManyCredentials', credentialLimit);
  }
  const seen = new Set<string>();
  for (const { thumbprint, thumbprintSha256 } of application.certificates) {
    if (seen.has(thumbprintSha256)) throw directoryRefusal('certificateExists', thumbprint);
    seen.add(thumbprintSha256);
  }
}
