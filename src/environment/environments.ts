import type { EnvironmentId } from '../kernel/ids.ts';
import { createResourceDirectory, dataverseHosts, type ResourceDirectory } from '../token/resources.ts';
import type { Environment } from './environment.ts';
import { aliasesOf, hostsAt, type ServerAddress } from './environment-record.ts';

/**
 * The environments in service. This is the one place where the list changes, so whoever must hear of a change (other
 * processes, later) is told here. A request pays one look-up in a map.
 */
export class Environments {
  readonly #server: ServerAddress;
  readonly #byId = new Map<EnvironmentId, Environment>();
  #byHost: ReadonlyMap<string, Environment> = new Map();
  #resources: ResourceDirectory = createResourceDirectory([]);

  constructor(server: ServerAddress) {
    this.#server = server;
  }

  /** The environment that a request's host names. Nothing but a host of its own leads to one. */
  find(host: string): Environment | undefined {
    return this.#byHost.get(host) ?? this.#byHost.get(host.toLowerCase());
  }

  findById(id: EnvironmentId): Environment | undefined {
    return this.#byId.get(id);
  }

  get count(): number {
    return this.#byId.size;
  }

  /** In order of their unique names. */
  list(): readonly Environment[] {
    return [...this.#byId.values()].sort((a, b) => (a.record.uniqueName < b.record.uniqueName ? -1 : 1));
  }

  /** The one at the server's own URL. */
  get first(): Environment {
    for (const environment of this.#byId.values()) if (environment.record.place.kind === 'server') return environment;
    throw new TypeError('there is no first environment');
  }

  /** What tokens can be asked for: always of the list as it is now. */
  readonly resources: ResourceDirectory = {
    find: (tenantId, identifier) => this.#resources.find(tenantId, identifier),
  };

  /** Puts an environment in service, in the place of the one with its id if there is one. */
  put(environment: Environment): void {
    this.#byId.set(environment.record.id, environment);
    this.#follow();
  }

  /** Takes an environment out of service: its host is unknown from now on, and no token can be had for it. */
  remove(id: EnvironmentId): void {
    this.#byId.delete(id);
    this.#follow();
  }

  /** Does another environment, or the server itself, have one of the hosts that an environment at this URL would have? */
  findConflict(url: string, id?: EnvironmentId): Environment | undefined {
    const hosts = new Set(dataverseHosts(url));
    const isAlias = aliasesOf(this.#server).some((alias) => hosts.has(alias));
    return this.list().find(({ record, publicUrl }) => {
      if (record.id === id) return false;
      return dataverseHosts(publicUrl).some((host) => hosts.has(host)) || (isAlias && record.place.kind === 'server');
    });
  }

  #follow(): void {
    const all = this.list();
    const byHost = new Map<string, Environment>();
    for (const environment of all) {
      for (const host of hostsAt(environment.publicUrl, this.#server)) byHost.set(host, environment);
    }
    this.#byHost = byHost;
    this.#resources = createResourceDirectory(
      all.map(({ publicUrl, record }) => ({ url: publicUrl, tenantId: record.tenantId })),
    );
  }
}
