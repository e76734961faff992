import { type ClientId, parseGuid, type ServicePrincipalId, type TenantId } from '../kernel/ids.ts';
import type { AppRegistration, AppRegistrationId, ServicePrincipal, Tenant } from './entities.ts';

export interface DirectoryContent {
  readonly tenants: readonly Tenant[];
  readonly applications: readonly AppRegistration[];
  readonly servicePrincipals: readonly ServicePrincipal[];
}

/** The whole directory at one moment. Never changes: a change makes another one. Every look-up is one of a map. */
export class DirectorySnapshot {
  readonly content: DirectoryContent;
  readonly #tenantByName = new Map<string, Tenant>();
  readonly #applicationById = new Map<AppRegistrationId, AppRegistration>();
  readonly #applicationByClientId = new Map<ClientId, AppRegistration>();
  readonly #applicationByUri = new Map<string, AppRegistration>();
  readonly #applicationByUniqueName = new Map<string, AppRegistration>();
  readonly #principalById = new Map<ServicePrincipalId, ServicePrincipal>();
  readonly #principalByClientId = new Map<TenantId, Map<ClientId, ServicePrincipal>>();

  constructor(content: DirectoryContent) {
    this.content = content;
    for (const tenant of content.tenants) {
      for (const name of [tenant.id, ...tenant.domains]) this.#tenantByName.set(name, tenant);
      this.#principalByClientId.set(tenant.id, new Map());
    }
    for (const application of content.applications) {
      this.#applicationById.set(application.id, application);
      this.#applicationByClientId.set(application.clientId, application);
      const { tenantId, uniqueName } = application;
      if (uniqueName !== null) this.#applicationByUniqueName.set(uniqueNameKey(tenantId, uniqueName), application);
      for (const uri of application.identifierUris) this.#applicationByUri.set(uri.toLowerCase(), application);
    }
    for (const principal of content.servicePrincipals) {
      this.#principalById.set(principal.id, principal);
      this.#principalByClientId.get(principal.tenantId)?.set(principal.clientId, principal);
    }
  }

  /** By GUID or verified domain, without regard to case. */
  findTenant(name: string): Tenant | undefined {
    return this.#tenantByName.get(parseGuid(name) ?? name.toLowerCase());
  }

  findApplication(clientId: ClientId): AppRegistration | undefined {
    return this.#applicationByClientId.get(clientId);
  }

  findApplicationById(id: AppRegistrationId): AppRegistration | undefined {
    return this.#applicationById.get(id);
  }

  /** The application whose application ID URI this is, without regard to case. */
  findApplicationByUri(identifierUri: string): AppRegistration | undefined {
    return this.#applicationByUri.get(identifierUri.toLowerCase());
  }

  /** The application of this tenant that has this unique name, without regard to case. */
  findApplicationByUniqueName(tenantId: TenantId, uniqueName: string): AppRegistration | undefined {
    return this.#applicationByUniqueName.get(uniqueNameKey(tenantId, uniqueName));
  }

  /** The application inside one tenant. */
  findServicePrincipal(tenantId: TenantId, clientId: ClientId): ServicePrincipal | undefined {
    return this.#principalByClientId.get(tenantId)?.get(clientId);
  }

  findServicePrincipalById(id: ServicePrincipalId): ServicePrincipal | undefined {
    return this.#principalById.get(id);
  }

  /** With this tenant, in the place of the one that has its id if there is one. */
  withTenant(tenant: Tenant): DirectorySnapshot {
    return this.#with({ tenants: replace(this.content.tenants, tenant) });
  }

  withoutTenant(tenant: Tenant): DirectorySnapshot {
    return this.#with({ tenants: this.content.tenants.filter((each) => each.id !== tenant.id) });
  }

  /** With this app registration, in the place of the one that has its id if there is one. */
  withApplication(application: AppRegistration): DirectorySnapshot {
    return this.#with({ applications: replace(this.content.applications, application) });
  }

  withoutApplication(application: AppRegistration): DirectorySnapshot {
    return this.#with({
      applications: this.content.applications.filter((each) => each.id !== application.id),
      servicePrincipals: this.content.servicePrincipals.filter((each) => each.clientId !== application.clientId),
    });
  }

  withServicePrincipal(principal: ServicePrincipal): DirectorySnapshot {
    return this.#with({ servicePrincipals: replace(this.content.servicePrincipals, principal) });
  }

  withoutServicePrincipal(principal: ServicePrincipal): DirectorySnapshot {
    return this.#with({
      servicePrincipals: this.content.servicePrincipals.filter((each) => each.id !== principal.id),
    });
  }

  #with(content: Partial<DirectoryContent>): DirectorySnapshot {
    return new DirectorySnapshot({ ...this.content, ...content });
  }
}

const uniqueNameKey = (tenantId: TenantId, uniqueName: string): string => `${tenantId}:${uniqueName.toLowerCase()}`;

function replace<T extends { readonly id: string }>(all: readonly T[], one: T): readonly T[] {
  const index = all.findIndex((each) => each.id === one.id);
  return index < 0 ? [...all, one] : all.with(index, one);
}
