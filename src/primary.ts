import { createServer } from 'node:net';
import type { Config } from './config.ts';
import { lockDataFolder, openDataFolder } from './data-folder.ts';
import { directoryNames } from './environment/database-names.ts';
import { refuseDatabase } from './environment/installation.ts';
import type { Log } from './kernel/log.ts';
import { familiesOfWorkers, openMetricsDoor } from './serve-metrics.ts';
import type { RunningServer } from './server.ts';
import { StartError } from './start-error.ts';
import { type HoldWatcher, holdPostgres, joinNodes, type NodeHold } from './storage/hold-server.ts';
import { watchHold } from './watch-hold.ts';
import { forkWorker } from './workers/fork.ts';
import type { Reports } from './workers/reports.ts';
import { type StartWorker, WorkerSlot } from './workers/worker-slot.ts';

/**
 * Starts the workers of one server and keeps them running: one that ends is started again. It answers nothing itself; it
 * holds the data folder and the database for all of them, so that no other server takes either while a worker lives.
 * @throws Error whose message is one line for the administrator when the set-up is at fault
 */
export async function startPrimary(config: Config, log: Log, start: StartWorker = forkWorker): Promise<RunningServer> {
  const folder = await openDataFolder(config.dataFolder);
  // Nodes have the keys and certificates of one folder.
  const unlock = config.nodes > 1 ? async () => undefined : lockDataFolder(folder);
  const { watcher, fault } = watchHold(log, () => {
    for (const slot of slots) slot.tellHeld();
  });
  const hold = await holdFor(config, watcher).catch(refuseDatabase);
  // Shares of what is counted by each process for itself.
  const count = config.workers * config.nodes;
  const port = config.port === 0 ? await findFreePort(config.host) : config.port;
  const slots: readonly WorkerSlot[] = Array.from(
    { length: config.workers },
    (_, at) =>
      new WorkerSlot({
        ...{ number: at + 1, count, port, start, onEnd: endTeller(log) },
        ...{ isHeld: () => hold.isHeld, reports: () => reportsOf(slots) },
      }),
  );
  let closeMetrics = async (): Promise<void> => undefined;
  const close = async (): Promise<void> => {
    await closeMetrics();
    await Promise.all(slots.map((slot) => slot.stop()));
    await hold.release();
    await unlock();
  };
  try {
    // The first one brings the databases to their shape and fills a new installation; the others find it done.
    const [first, ...others] = slots;
    if (first === undefined) throw new TypeError('there is no worker to start');
    const ready = await first.begin(hold.isJoined);
    await hold.share();
    await Promise.all(others.map((slot) => slot.begin(true)));
    closeMetrics = await openMetricsDoor(
      config,
      async () => familiesOfWorkers(await reportsOf(slots), config.workers),
      log,
    );
    log.info('workers', { count: slots.length, pids: slots.map(({ pid }) => pid).join(' ') });
    return { url: ready.url, port: ready.port, welcome: ready.welcome, fault, close };
  } catch (error) {
    await close();
    throw error instanceof Error ? new StartError(error.message) : error;
  }
}

/** A server by itself is a node without others that lets none in. */
async function holdFor({ databaseUrl = '', nodes }: Config, watcher: HoldWatcher): Promise<NodeHold> {
  if (nodes > 1) return joinNodes(databaseUrl, directoryNames.schema, watcher);
  const hold = await holdPostgres(databaseUrl, directoryNames.schema, watcher);
  return {
    isJoined: false,
    get isHeld() {
      return hold.isHeld;
    },
    share: () => Promise.resolve(),
    release: () => hold.release(),
  };
}

async function reportsOf(slots: readonly WorkerSlot[]): Promise<Reports> {
  const reports = await Promise.all(slots.map(async (slot) => [slot.number, await slot.report()] as const));
  return new Map(reports.filter(([, report]) => report !== undefined));
}

/** One for all workers, and for those that take their places later; 0, for a worker to tell why, where there is none. */
export function findFreePort(host: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const endTeller =
  (log: Log) =>
  (worker: number, how: string, waitMs: number): void =>
    log.error('a worker ended; another one takes its place', { worker, how, waitMs });
