#!/usr/bin/env node
import { isAdministratorsError } from './administrators-error.ts';
import { type Config, parseConfig } from './config.ts';
import { inTime } from './kernel/in-time.ts';
import type { Log } from './kernel/log.ts';
import { createLog } from './log.ts';
import { startPrimary } from './primary.ts';
import { familiesOfWorkers } from './serve-metrics.ts';
import { type RunningServer, startServer } from './server.ts';
import {
  type Member,
  memberVariable,
  parseMember,
  parsePrimaryMessage,
  stopMessage,
  type WorkerMessage,
} from './workers/member.ts';
import { type PrimaryChannel, shareReports } from './workers/reports.ts';

/** Starts the server and stops it on SIGINT or SIGTERM. What is wrong with the set-up is said in one line. */
async function main(): Promise<void> {
  const config = parseConfig(process.env, process.argv.slice(2));
  const member = process.env[memberVariable];
  if (member !== undefined) return serveAsWorker(config, parseMember(member));
  const log = await createLog(config.logLevel);
  const server = await (config.workers > 1 || config.nodes > 1 ? startPrimary : startServer)(config, log);
  if (server.welcome !== undefined) process.stdout.write(`${server.welcome}\n`);
  log.info('ready', { url: server.url, port: server.port, ms: Math.round(performance.now()), rss: residentMiB() });
  stopOnSignals(server, log);
  void server.fault.then((error) => stopAtOnce(server, error, log));
}

/** Milliseconds that requests under way have to end; what they decided may be old already. */
const longestEnd = 2000;

async function stopAtOnce(server: Pick<RunningServer, 'close'>, error: Error, log: Log): Promise<void> {
  log.error('stopping', { why: error.message });
  await inTime(server.close(), longestEnd).catch(() => undefined);
  fail(error);
}

/** One of several processes: the primary prints, and tells it when to stop. It does not outlive its primary. */
async function serveAsWorker(config: Config, member: Member): Promise<void> {
  process.on('disconnect', () => process.exit(1));
  const log = await createLog(config.logLevel, { worker: member.number });
  let { isHeld } = member;
  channel.onMessage((message) => {
    if (message !== stopMessage && message.kind === 'held') isHeld = message.isHeld;
  });
  const { url, port, welcome, close } = await startServer({ ...config, port: member.port }, log, {
    member,
    isHeld: () => isHeld,
    share: (own) => {
      const all = shareReports(channel, own);
      return async () => familiesOfWorkers(await all(), member.count);
    },
  });
  channel.send({ kind: 'ready', url, port, welcome });
  log.info('worker ready', { port, rss: residentMiB() });
  const stop = stopOnSignals({ close }, log);
  channel.onMessage((message) => {
    if (message === stopMessage) stop(stopMessage);
  });
}

/** To the primary of this process. */
const channel: PrimaryChannel = {
  send: (message) => process.send?.(message),
  onMessage: (listener) => process.on('message', (message) => listener(parsePrimaryMessage(message))),
};

/** Gives how to stop for another reason. */
function stopOnSignals(server: Pick<RunningServer, 'close'>, log: Log): (reason: string) => void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stop;
}

const residentMiB = (): string => `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`;

function fail(error: unknown): void {
  const message = isAdministratorsError(error) ? error.message : describe(error);
  const told: WorkerMessage = { kind: 'failed', message };
  // A worker's primary says it, and ends as well or starts another one.
  if (process.send !== undefined) process.send(told, () => process.exit(1));
  else {
    process.stderr.write(`portvakt: ${message}\n`);
    process.exit(1);
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

main().catch(fail);
