import type {
  EnvironmentAdministration,
  EnvironmentChange,
  EnvironmentEntry,
  NewEnvironment,
} from '../admin/environment-administration.ts';
import { AdminRefusal } from '../admin/problems.ts';
import type { DirectoryApplication } from '../dataverse/native/native-deps.ts';
import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ClientId, EnvironmentId, TenantId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Model } from '../metadata/table.ts';
import type { Database } from '../storage/database.ts';
import { applicationsOf, type Environment } from './environment.ts';
import {
  type EnvironmentPlace,
  type EnvironmentRecord,
  environmentUrl,
  isLocal,
  type ServerAddress,
} from './environment-record.ts';
import type { Environments } from './environments.ts';
import { createEnvironmentRows, type Installation } from './installation.ts';

export interface EnvironmentKeeperDeps {
  readonly installation: Installation;
  readonly environments: Environments;
  readonly directory: Directory;
  readonly model: Model;
  readonly server: ServerAddress;
  readonly clock: Clock;
  readonly log: Log;
  /** Joins the stages of an environment whose database is open. */
  readonly open: (record: EnvironmentRecord, database: Database) => Promise<Environment>;
  /** Sees to it that the server's certificate holds the hosts of these origins. */
  readonly cover: (urls: readonly string[]) => Promise<void>;
}

/**
 * Makes, changes and removes environments while the server runs, one after the other. What is interrupted in the middle
 * is undone by the next start: a record is marked ready last when an environment is made, and unready first when it goes.
 */
export class EnvironmentKeeper implements EnvironmentAdministration {
  readonly #deps: EnvironmentKeeperDeps;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: EnvironmentKeeperDeps) {
    this.#deps = deps;
  }

  list(): readonly EnvironmentEntry[] {
    return this.#deps.environments.list().map(toEntry);
  }

  create(order: NewEnvironment): Promise<EnvironmentEntry> {
    return this.undisturbed(async () => {
      const place = this.#choosePlace(order);
      const application = await this.#getAdministrator(order.tenantId, order.administratorClientId);
      const { uniqueName } = order;
      this.#refuseConflict(environmentUrl({ place, uniqueName }, this.#deps.server));
      const known = await this.#deps.installation.listEnvironments();
      if (known.some((each) => each.uniqueName === uniqueName) || (await this.#deps.installation.hasDataOf(uniqueName)))
        throw new AdminRefusal('uniqueNameTaken', [uniqueName]);
      const { tenantId, name } = order;
      const record = await this.#deps.installation.addEnvironment({ tenantId, uniqueName, name, place });
      return toEntry(await this.#make(record, application));
    });
  }

  change(id: EnvironmentId, { name, url }: EnvironmentChange): Promise<EnvironmentEntry> {
    return this.undisturbed(async () => {
      const { installation, environments, server } = this.#deps;
      const before = this.#get(id);
      const isMoved = url !== undefined && url !== before.publicUrl;
      if (isMoved && before.record.place.kind === 'server') throw new AdminRefusal('urlIsSetting');
      const place = isMoved ? this.#choosePlace({ uniqueName: before.record.uniqueName, url }) : before.record.place;
      const record: EnvironmentRecord = { ...before.record, name: name ?? before.record.name, place };
      const publicUrl = environmentUrl(record, server);
      this.#refuseConflict(publicUrl, id);
      if (isMoved) await this.#cover(publicUrl);
      await installation.updateEnvironment(record);
      const after = before.renamed(record, publicUrl);
      environments.put(after);
      return toEntry(after);
    });
  }

  remove(id: EnvironmentId, confirmation: string | undefined): Promise<void> {
    return this.undisturbed(async () => {
      const { installation, environments, log } = this.#deps;
      const environment = this.#get(id);
      const { record } = environment;
      if (record.place.kind === 'server') throw new AdminRefusal('environmentIsFirst');
      if (confirmation !== record.uniqueName) throw new AdminRefusal('notConfirmed');
      await installation.markUnready(id);
      environments.remove(id);
      await environment.close();
      await installation.removeEnvironment(record);
      log.info('environment deleted', { environment: record.uniqueName, url: environment.publicUrl });
    });
  }

  /** Runs a job when those before it have ended, whichever way. */
  undisturbed<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(job);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Waits for what is under way, then closes every environment. */
  close(): Promise<void> {
    return this.undisturbed(async () => {
      for (const environment of this.#deps.environments.list()) await environment.close();
    });
  }

  #get(id: EnvironmentId): Environment {
    const environment = this.#deps.environments.findById(id);
    if (environment === undefined) throw new AdminRefusal('environmentUnknown', [id]);
    return environment;
  }

  #choosePlace({ uniqueName, url }: Pick<NewEnvironment, 'uniqueName' | 'url'>): EnvironmentPlace {
    const { server } = this.#deps;
    const { protocol } = new URL(server.url);
    const isLocalName = isLocal(server) && url === environmentUrl({ place: { kind: 'localName' }, uniqueName }, server);
    if (url !== undefined && !isLocalName) {
      if (!url.startsWith(`${protocol}//`)) throw new AdminRefusal('urlScheme', [protocol]);
      return { kind: 'url', url };
    }
    if (!isLocal(server)) throw new AdminRefusal('urlNeeded', [server.url]);
    return { kind: 'localName' };
  }

  #refuseConflict(url: string, id?: EnvironmentId): void {
    const other = this.#deps.environments.findConflict(url, id);
    if (other !== undefined) throw new AdminRefusal('urlTaken', [url, other.record.uniqueName]);
  }

  async #getAdministrator(tenantId: TenantId, clientId: ClientId): Promise<DirectoryApplication> {
    const snapshot = this.#deps.directory.current;
    if (snapshot.findTenant(tenantId) === undefined) throw new AdminRefusal('tenantUnknown', [tenantId]);
    const isEnabled = snapshot.findServicePrincipal(tenantId, clientId)?.accountEnabled === true;
    const application = isEnabled ? await applicationsOf(this.#deps.directory, tenantId).find(clientId) : undefined;
    if (application === undefined) throw new AdminRefusal('administratorUnknown', [clientId]);
    return application;
  }

  /** From an entry in the list to an environment that answers; all of it is undone when a step fails. */
  async #make(record: EnvironmentRecord, administrator: DirectoryApplication): Promise<Environment> {
    const { installation, environments, model, clock, log } = this.#deps;
    let opened: { close(): Promise<void> } | undefined;
    try {
      const database = await installation.openDatabase(record, model);
      opened = database;
      await createEnvironmentRows(database, model, record, administrator, clock());
      await database.analyze();
      const ready: EnvironmentRecord = { ...record, isReady: true };
      const environment = await this.#deps.open(ready, database);
      opened = environment;
      await this.#cover(environment.publicUrl);
      await installation.markReady(record.id);
      environments.put(environment);
      log.info('environment created', { environment: record.uniqueName, url: environment.publicUrl });
      return environment;
    } catch (error) {
      await opened?.close();
      await installation.removeEnvironment(record);
      throw error;
    }
  }

  #cover(url: string): Promise<void> {
    return this.#deps.cover([...this.#deps.environments.list().map(({ publicUrl }) => publicUrl), url]);
  }
}

const toEntry = ({ record, publicUrl }: Environment): EnvironmentEntry => ({
  id: record.id,
  tenantId: record.tenantId,
  uniqueName: record.uniqueName,
  name: record.name,
  url: publicUrl,
  isFirst: record.place.kind === 'server',
});
