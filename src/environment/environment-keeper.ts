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
import type { Hold } from '../kernel/peers.ts';
import type { Model } from '../metadata/table.ts';
import type { Database } from '../storage/database.ts';
import { applicationsOf, type Environment } from './environment.ts';
import {
  type EnvironmentPlace,
  type EnvironmentRecord,
  environmentTable,
  environmentUrl,
  isLocal,
  type ServerAddress,
} from './environment-record.ts';
import type { Environments } from './environments.ts';
import { createEnvironmentRows, environmentsTurn, type Installation } from './installation.ts';

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
  readonly #holds = new Map<EnvironmentId, Hold>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(deps: EnvironmentKeeperDeps) {
    this.#deps = deps;
    deps.installation.directory.watch({
      tables: new Map([[environmentTable.logicalName, environmentTable.primaryKey.name]]),
      onOwn: () => undefined,
      // Opening one takes its time, which the others' requests must not wait for.
      onOther: async () => void this.follow().catch((error: unknown) => this.#tellOfFailure(error)),
    });
  }

  list(): readonly EnvironmentEntry[] {
    return this.#deps.environments.list().map(toEntry);
  }

  create(order: NewEnvironment): Promise<EnvironmentEntry> {
    return this.#alone(async () => {
      const place = this.#choosePlace(order);
      const application = await this.#getAdministrator(order.tenantId, order.administratorClientId);
      const { uniqueName } = order;
      this.#refuseConflict(environmentUrl({ place, uniqueName }, this.#deps.server));
      const known = await this.#deps.installation.listEnvironments();
      if (known.some((each) => each.uniqueName === uniqueName) || (await this.#deps.installation.hasDataOf(uniqueName)))
        throw new AdminRefusal('uniqueNameTaken', [uniqueName]);
      await this.#refuseLimitedRole(uniqueName);
      const { tenantId, name } = order;
      const record = await this.#deps.installation.addEnvironment({ tenantId, uniqueName, name, place });
      return toEntry(await this.#make(record, application));
    });
  }

  change(id: EnvironmentId, { name, url, isFrozen }: EnvironmentChange): Promise<EnvironmentEntry> {
    return this.#alone(async () => {
      const { installation, environments, server } = this.#deps;
      const before = this.#get(id);
      const isMoved = url !== undefined && url !== before.publicUrl;
      if (isMoved && before.record.place.kind === 'server') throw new AdminRefusal('urlIsSetting');
      const place = isMoved ? this.#choosePlace({ uniqueName: before.record.uniqueName, url }) : before.record.place;
      const { record: old } = before;
      const record: EnvironmentRecord = {
        ...old,
        name: name ?? old.name,
        place,
        isFrozen: isFrozen ?? old.isFrozen,
      };
      const publicUrl = environmentUrl(record, server);
      this.#refuseConflict(publicUrl, id);
      if (isMoved) await this.#cover(publicUrl);
      await installation.updateEnvironment(record);
      const after = before.renamed(record, publicUrl);
      environments.put(after);
      await after.freezer.set(record.isFrozen);
      return toEntry(after);
    });
  }

  remove(id: EnvironmentId, confirmation: string | undefined): Promise<void> {
    return this.#alone(async () => {
      const { installation, log } = this.#deps;
      const environment = this.#get(id);
      const { record } = environment;
      if (record.place.kind === 'server') throw new AdminRefusal('environmentIsFirst');
      if (confirmation !== record.uniqueName) throw new AdminRefusal('notConfirmed');
      await this.#refuseLimitedRole(record.uniqueName);
      await installation.markUnready(id);
      await this.#takeOut(environment);
      await installation.peers.released(holdName(id), 1, longestWaitMs);
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

  /** Brings the environments in service to what the list says, which other processes may have changed. */
  follow(): Promise<void> {
    return this.undisturbed(async () => {
      if (this.#closed) return;
      const { installation, environments, server } = this.#deps;
      const ready = new Map(
        (await installation.listEnvironments()).filter(({ isReady }) => isReady).map((record) => [record.id, record]),
      );
      for (const environment of environments.list()) {
        const record = ready.get(environment.record.id);
        if (record === undefined) await this.#takeOut(environment);
        else if (!isSame(record, environment.record)) await this.#rename(environment, record);
      }
      for (const record of ready.values()) {
        if (environments.findById(record.id) !== undefined) continue;
        await this.#cover(environmentUrl(record, server));
        await this.enter(record, await installation.openDatabase(record, this.#deps.model));
      }
    });
  }

  /** Puts an environment in service whose database is open. */
  async enter(record: EnvironmentRecord, database: Database): Promise<void> {
    this.#putIn(await this.#deps.open(record, database));
  }

  /** Waits for what is under way, then closes every environment. */
  close(): Promise<void> {
    return this.undisturbed(async () => {
      this.#closed = true;
      for (const environment of this.#deps.environments.list()) await environment.close();
    });
  }

  #alone<T>(job: () => Promise<T>): Promise<T> {
    return this.#deps.installation.peers.alone(environmentsTurn, () => this.undisturbed(job));
  }

  #putIn(environment: Environment): void {
    const { id } = environment.record;
    if (!this.#holds.has(id)) this.#holds.set(id, this.#deps.installation.peers.hold(holdName(id), 0));
    this.#deps.environments.put(environment);
  }

  async #takeOut(environment: Environment): Promise<void> {
    const { id } = environment.record;
    this.#deps.environments.remove(id);
    await environment.close();
    this.#holds.get(id)?.release();
    this.#holds.delete(id);
  }

  async #rename(environment: Environment, record: EnvironmentRecord): Promise<void> {
    const publicUrl = environmentUrl(record, this.#deps.server);
    if (publicUrl !== environment.publicUrl) await this.#cover(publicUrl);
    this.#deps.environments.put(environment.renamed(record, publicUrl));
    await environment.freezer.set(record.isFrozen);
  }

  #tellOfFailure(error: unknown): void {
    this.#deps.log.error('environments of another process cannot be followed', { error: String(error) });
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

  async #refuseLimitedRole(uniqueName: string): Promise<void> {
    const role = await this.#deps.installation.findLimitedRole(uniqueName);
    if (role !== undefined) throw new AdminRefusal('databaseRoleLimited', [role]);
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
    const { installation, model, clock, log } = this.#deps;
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
      this.#putIn(environment);
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

const holdName = (id: EnvironmentId): string => `environment ${id}`;

/** Milliseconds that other processes have to close an environment before its data goes. */
const longestWaitMs = 10_000;

const isSame = (a: EnvironmentRecord, b: EnvironmentRecord): boolean => JSON.stringify(a) === JSON.stringify(b);

const toEntry = ({ record, publicUrl }: Environment): EnvironmentEntry => ({
  id: record.id,
  tenantId: record.tenantId,
  uniqueName: record.uniqueName,
  name: record.name,
  url: publicUrl,
  isFirst: record.place.kind === 'server',
  isFrozen: record.isFrozen,
});
