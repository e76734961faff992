import { type Clock, systemClock } from '../kernel/clock.ts';
import type { ServicePrincipalId, TenantId } from '../kernel/ids.ts';
import { noPeers, type Peers } from '../kernel/peers.ts';
import { DuplicateKey, type MaintenanceStore } from '../odata/row-store.ts';
import { parseCertificate } from './certificate.ts';
import type { DirectoryChange, PlannedChange } from './change.ts';
import {
  type ApplicationChange,
  getApplication,
  type NewApplication,
  planApplication,
  planApplicationDeletion,
  planApplicationUpdate,
} from './change-application.ts';
import {
  type AddedSecret,
  type NewSecret,
  planCertificateRemoval,
  planSecret,
  planSecretRemoval,
} from './change-credential.ts';
import {
  type FederatedCredentialUpdate,
  type NewFederatedCredential,
  planFederatedCredential,
  planFederatedCredentialRemoval,
  planFederatedCredentialUpdate,
} from './change-federated.ts';
import {
  getServicePrincipal,
  type NewServicePrincipal,
  planAppRole,
  planAppRoleRemoval,
  planServicePrincipal,
  planServicePrincipalDeletion,
  planServicePrincipalUpdate,
  type ServicePrincipalUpdate,
} from './change-service-principal.ts';
import {
  type NewTenant,
  planTenant,
  planTenantDeletion,
  planTenantUpdate,
  type TenantUpdate,
} from './change-tenant.ts';
import type {
  AppRegistration,
  AppRegistrationId,
  ClientCertificate,
  CredentialId,
  FederatedCredential,
  ServicePrincipal,
  Tenant,
} from './entities.ts';
import { keepAdministrator } from './installation-roles.ts';
import { directoryRefusal } from './problems.ts';
import { readSnapshot } from './rows.ts';
import { DirectorySnapshot } from './snapshot.ts';
import { directoryModel } from './tables.ts';

export type DirectoryListener = (change: DirectoryChange) => void;

/**
 * Tenants, app registrations, their credentials and service principals. Reads ask the immutable `current` snapshot;
 * operations write through the store, then replace the snapshot, then tell the listeners, so that what an operation
 * has answered is on disk and in force. Operations run one after the other. They throw a `Refusal` with Microsoft
 * Graph's codes when something is wrong or not there.
 */
export class Directory {
  readonly #store: MaintenanceStore;
  readonly #clock: Clock;
  readonly #listeners = new Set<DirectoryListener>();
  readonly #peers: Peers;
  #current = new DirectorySnapshot({ tenants: [], applications: [], servicePrincipals: [] });
  #last: Promise<unknown> = Promise.resolve();

  private constructor(store: MaintenanceStore, clock: Clock, peers: Peers) {
    this.#store = store;
    this.#clock = clock;
    this.#peers = peers;
    store.watch({
      tables: new Map(directoryModel.tables.map(({ logicalName, primaryKey }) => [logicalName, primaryKey.name])),
      onOwn: () => undefined,
      onOther: () => this.reload(),
    });
  }

  /** `store` holds the tables of `directoryModel`. Throws `DamagedDirectory` when a row makes no sense. */
  static async open(store: MaintenanceStore, clock: Clock = systemClock, peers: Peers = noPeers()): Promise<Directory> {
    const directory = new Directory(store, clock, peers);
    await directory.reload();
    return directory;
  }

  get current(): DirectorySnapshot {
    return this.#current;
  }

  /** `listener` is called after each change, in the same turn in which it takes effect. Returns the unsubscription. */
  onChange(listener: DirectoryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads everything again: another process may have changed it. */
  reload(): Promise<void> {
    return this.#inTurn(async () => this.#adopt(await readSnapshot(this.#store), { kind: 'everything' }));
  }

  createTenant(input: NewTenant): Promise<Tenant> {
    return this.#change((snapshot) => planTenant(snapshot, input));
  }

  /** `change` sees the tenant as it is when its turn comes. */
  updateTenant(id: TenantId, change: (before: Tenant) => TenantUpdate): Promise<Tenant> {
    return this.#change((snapshot) => planTenantUpdate(snapshot, id, change));
  }

  /** Refuses (400) while it has app registrations or service principals. */
  deleteTenant(id: TenantId): Promise<void> {
    return this.#change((snapshot) => planTenantDeletion(snapshot, id));
  }

  createApplication(input: NewApplication): Promise<AppRegistration> {
    return this.#change((snapshot) => planApplication(snapshot, input, this.#clock()));
  }

  /** App registrations whose home is this tenant, in order of their object ids. */
  listApplications(tenantId: TenantId): readonly AppRegistration[] {
    return listOf(this.#current.content.applications, tenantId);
  }

  /** Throws a Refusal (404) when there is none. */
  getApplication(id: AppRegistrationId): AppRegistration {
    return getApplication(this.#current, id);
  }

  updateApplication(id: AppRegistrationId, change: ApplicationChange): Promise<AppRegistration> {
    return this.#change((snapshot) => planApplicationUpdate(snapshot, id, change));
  }

  /** With its credentials and its service principals in all tenants. */
  deleteApplication(id: AppRegistrationId): Promise<void> {
    return this.#change((snapshot) => planApplicationDeletion(snapshot, id));
  }

  /** The answer holds the secret's text: the only time that it can be had. */
  addPassword(id: AppRegistrationId, input: NewSecret = {}): Promise<AddedSecret> {
    return this.#change((snapshot) => planSecret(snapshot, id, input, this.#clock()));
  }

  removePassword(id: AppRegistrationId, keyId: CredentialId): Promise<void> {
    return this.#change((snapshot) => planSecretRemoval(snapshot, id, keyId));
  }

  /** Registers the public certificate in `source` (PEM text or DER bytes). */
  async addCertificate(
    id: AppRegistrationId,
    source: string | Buffer,
    displayName: string | null = null,
  ): Promise<ClientCertificate> {
    const certificate = parseCertificate(source, { displayName });
    return this.#change((snapshot) => {
      const certificates = [...getApplication(snapshot, id).certificates, certificate];
      return { ...planApplicationUpdate(snapshot, id, { certificates }), result: certificate };
    });
  }

  removeCertificate(id: AppRegistrationId, keyId: CredentialId): Promise<void> {
    return this.#change((snapshot) => planCertificateRemoval(snapshot, id, keyId));
  }

  addFederatedCredential(id: AppRegistrationId, input: NewFederatedCredential): Promise<FederatedCredential> {
    return this.#change((snapshot) => planFederatedCredential(snapshot, id, input));
  }

  updateFederatedCredential(
    id: AppRegistrationId,
    credentialId: CredentialId,
    update: FederatedCredentialUpdate,
  ): Promise<FederatedCredential> {
    return this.#change((snapshot) => planFederatedCredentialUpdate(snapshot, id, credentialId, update));
  }

  removeFederatedCredential(id: AppRegistrationId, credentialId: CredentialId): Promise<void> {
    return this.#change((snapshot) => planFederatedCredentialRemoval(snapshot, id, credentialId));
  }

  createServicePrincipal(input: NewServicePrincipal): Promise<ServicePrincipal> {
    return this.#change((snapshot) => planServicePrincipal(snapshot, input, this.#clock()));
  }

  /** Service principals of this tenant, in order of their object ids. */
  listServicePrincipals(tenantId: TenantId): readonly ServicePrincipal[] {
    return listOf(this.#current.content.servicePrincipals, tenantId);
  }

  /** Throws a Refusal (404) when there is none. */
  getServicePrincipal(id: ServicePrincipalId): ServicePrincipal {
    return getServicePrincipal(this.#current, id);
  }

  /** A disabled one gets no tokens, and those that it has are refused. */
  setServicePrincipalEnabled(id: ServicePrincipalId, enabled: boolean): Promise<ServicePrincipal> {
    return this.updateServicePrincipal(id, { accountEnabled: enabled });
  }

  updateServicePrincipal(id: ServicePrincipalId, update: ServicePrincipalUpdate): Promise<ServicePrincipal> {
    return this.#change((snapshot) => planServicePrincipalUpdate(snapshot, id, update));
  }

  deleteServicePrincipal(id: ServicePrincipalId): Promise<void> {
    return this.#change((snapshot) => planServicePrincipalDeletion(snapshot, id));
  }

  grantAppRole(id: ServicePrincipalId, appRole: string): Promise<ServicePrincipal> {
    return this.#change((snapshot) => planAppRole(snapshot, id, appRole, this.#clock()));
  }

  revokeAppRole(id: ServicePrincipalId, appRole: string): Promise<ServicePrincipal> {
    return this.#change((snapshot) => planAppRoleRemoval(snapshot, id, appRole));
  }

  #change<T>(plan: (snapshot: DirectorySnapshot) => PlannedChange<T>): Promise<T> {
    const run = async (): Promise<T> => {
      const planned = plan(this.#current);
      keepAdministrator(this.#current, planned.next);
      await this.#store.maintain((rows) => planned.write(rows)).catch(refuseDuplicate);
      this.#adopt(planned.next, planned.change);
      return planned.result;
    };
    return this.#peers.alone('directory', () => this.#inTurn(run));
  }

  /** Each change is planned on the outcome of the one before; a failed one stops nobody. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(job);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #adopt(next: DirectorySnapshot, change: DirectoryChange): void {
    this.#current = next;
    for (const listener of this.#listeners) listener(change);
  }
}

function listOf<T extends { readonly id: string; readonly tenantId: TenantId }>(all: readonly T[], tenantId: TenantId) {
  return all.filter((each) => each.tenantId === tenantId).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The snapshot was checked before; a key that is taken all the same was taken by another process. */
function refuseDuplicate(error: unknown): never {
  if (error instanceof DuplicateKey) {
    const columns = error.columns.map((column) => column.name).join(', ');
    throw directoryRefusal('invalidValue', columns, 'another object already has this value');
  }
  throw error;
}
