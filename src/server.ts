import { beginAudit } from './begin-audit.ts';
import { beginMetrics, type Watched } from './begin-metrics.ts';
import { beginTracing } from './begin-tracing.ts';
import type { Config } from './config.ts';
import { type DataFolder, lockDataFolder, openDataFolder } from './data-folder.ts';
import { environmentUrl } from './environment/environment-record.ts';
import { Installation, type InstallationPlace, refuseDatabase } from './environment/installation.ts';
import { fill, renewFiles, welcomeOf } from './first-fill.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { HttpResponse, Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import type { Family } from './metrics/families.ts';
import { Readiness } from './readiness.ts';
import { createRoutes } from './routes.ts';
import { seeToAdministrator } from './see-to-administrator.ts';
import { seeToOperator } from './see-to-operator.ts';
import { Doorway, openDoor } from './serve.ts';
import { metricsSurface, openMetricsDoor } from './serve-metrics.ts';
import { PostgresPeers } from './storage/sql/postgres/peers.ts';
import { type Opened, openSurfaces, type Parts } from './surfaces.ts';
import { Traffic } from './traffic/traffic.ts';
import { watchHold } from './watch-hold.ts';
import { createCurrentSurface, createHeldSurface } from './workers/current-surface.ts';
import type { Member } from './workers/member.ts';

/** A server that answers. */
export interface RunningServer {
  /** Origin of the first environment. */
  readonly url: string;
  /** The port that was bound; another one than the URL's behind a proxy. */
  readonly port: number;
  /** What the first start prints; `undefined` on later ones. */
  readonly welcome: string | undefined;
  /** Resolves, with what to tell, when the server must not go on: another one has its database. */
  readonly fault: Promise<Error>;
  /** Finishes requests in flight, then lets go of everything. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly clock?: Clock;
  /** Absent where this process serves alone. */
  readonly member?: Member;
  /** Of a member: does its primary hold the database for it? */
  readonly isHeld?: () => boolean;
  /** Where several processes serve: gives the numbers of all of them, told those of this one. */
  readonly share?: (own: () => readonly Family[]) => () => Promise<readonly Family[]>;
}

/**
 * Opens everything, listens, fills a new installation, and answers when `/readyz` does.
 * @throws Error whose message is one line for the administrator when the set-up is at fault
 */
export async function startServer(config: Config, plainLog: Log, options: ServerOptions = {}): Promise<RunningServer> {
  const { clock = systemClock, member } = options;
  const folder = await openDataFolder(config.dataFolder);
  const databases = new Closing();
  const listeners = new Closing();
  const close = async (): Promise<void> => {
    await listeners.close();
    await databases.close();
  };
  const metrics = beginMetrics(clock);
  databases.add(metrics.close);
  const { watched } = metrics;
  try {
    const tracing = await beginTracing(config);
    if (tracing !== undefined) databases.add(() => tracing.close());
    const traffic = new Traffic({ workers: member?.count ?? 1 });
    const probe = traffic.probe(tracing?.probe(metrics.probe) ?? metrics.probe);
    const log = tracing?.log(plainLog) ?? plainLog;
    if (config.databaseUrl !== undefined && member === undefined) databases.add(lockDataFolder(folder));
    const peers = member && (await joinPeers(config, member, log));
    if (peers !== undefined) databases.add(() => peers.close());
    const { watcher: holdWatcher, fault } = watchHold(log);
    const place = { ...placeOf(config, folder, options, peers), probe, holdWatcher };
    const installation = await Installation.open(place, clock);
    databases.add(() => installation.close());
    const logging = await beginAudit(installation.auditLocation, {
      ...{ clock, log, member, days: config.auditRetention, probe, onClose: databases.add },
    });
    watched.audit = logging.audit;
    const current: { surface: Surface } = { surface: starting };
    const answering: Surface = (request) => current.surface(request);
    const surface = guarded(tracing?.around(answering) ?? answering, { member, peers, installation });
    const doorway = new Doorway(async () =>
      openDoor(config, folder, { surface, hosts: await hostsOf(config, installation), clock, log, probe }),
    );
    listeners.add(() => doorway.close());
    listeners.add(async () => traffic.close());
    watched.listener = () => doorway.load();
    // Beside others that answer already, none has to come to one that does not yet.
    const port = member?.isJoined === true ? config.port : await doorway.open();
    const url = config.publicUrl ?? `${config.tls.enabled ? 'https' : 'http'}://localhost:${port}`;
    const cover = (hosts: readonly string[]): Promise<void> => doorway.cover(hosts);
    const parts = { config, folder, installation, url, port, cover, clock, log, probe, traffic, ...logging };
    const opened = await openSurfaces({ ...parts, onClose: databases.add });
    watch(watched, installation, opened);
    if (opened.first !== undefined) await fill(parts, opened, opened.first);
    else if (member?.isJoined !== true) await renewFiles(parts, opened);
    if (member?.isJoined !== true) {
      await seeToAdministrator(parts, opened);
      await seeToOperator(parts, opened);
    }
    const readiness = readinessOf(installation, opened, parts);
    watched.readiness = readiness;
    listeners.add(async () => readiness.stop());
    const collect = options.share?.(metrics.collect) ?? (async () => metrics.collect());
    if (member === undefined) listeners.add(await openMetricsDoor(config, collect, log));
    current.surface = createRoutes({
      ...opened.surfaces,
      metrics: metricsSurface(config, collect),
      isReady: () => true,
      troubles: () => readiness.troubles(),
    });
    await doorway.open();
    return { url, port, welcome: opened.first && welcomeOf(parts, opened.first), fault, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function watch(watched: Watched, installation: Installation, { environments, keys }: Opened): void {
  watched.databases = () => [installation.directory, ...environments.list()].map((each) => each.load());
  watched.keys = keys;
}

const readinessOf = (
  installation: Installation,
  { keys }: Opened,
  { audit, log }: Pick<Parts, 'audit' | 'log'>,
): Readiness =>
  new Readiness({
    checkDatabase: () => installation.directory.check(),
    isHeld: () => installation.isHeld,
    audit,
    keys,
    log,
  });

const joinPeers = ({ databaseUrl = '' }: Config, member: Member, log: Log): Promise<PostgresPeers> =>
  PostgresPeers.join(databaseUrl, member.count, log).catch(refuseDatabase);

interface Guard {
  readonly member: Member | undefined;
  readonly peers: PostgresPeers | undefined;
  readonly installation: Installation;
}

/** Only what may be decided is answered: what no other server changes, and of several processes what all know. */
function guarded(surface: Surface, { member, peers, installation }: Guard): Surface {
  const held = createHeldSurface(surface, () => installation.isHeld);
  return member === undefined || peers === undefined
    ? held
    : createCurrentSurface({ surface: held, isCurrent: () => peers.isCurrent(), number: member.number });
}

/** Things to close, in the reverse order of opening. */
class Closing {
  readonly #all: (() => Promise<void>)[] = [];
  readonly add = (close: () => Promise<void>): void => {
    this.#all.push(close);
  };

  async close(): Promise<void> {
    for (let next = this.#all.pop(); next !== undefined; next = this.#all.pop()) await next();
  }
}

const placeOf = (
  config: Config,
  folder: DataFolder,
  { member, isHeld = () => true }: ServerOptions,
  peers: PostgresPeers | undefined,
): InstallationPlace => ({
  dataFolder: folder.path,
  environmentsFolder: folder.environments,
  databaseUrl: config.databaseUrl,
  database: config.database,
  ...(member && peers && { shared: { peers, feed: peers.feed, isJoined: member.isJoined, isHeld } }),
});

/** The names of all environments: they are known before the port is. */
async function hostsOf(config: Config, installation: Installation): Promise<readonly string[]> {
  const server = { url: config.publicUrl ?? 'https://localhost', port: config.port };
  const records = await installation.listEnvironments();
  return [server.url, ...records.map((record) => environmentUrl(record, server))].map((url) => new URL(url).hostname);
}

/** Until everything is open: healthy, not ready, and 503 for the rest. */
const starting: Surface = createRoutes({
  webApi: unavailable,
  finops: unavailable,
  graph: unavailable,
  admin: unavailable,
  consent: unavailable,
  token: unavailable,
  webApp: unavailable,
  metrics: unavailable,
  isReady: () => false,
});

async function unavailable(): Promise<HttpResponse> {
  return { status: 503, headers: {}, body: '' };
}
