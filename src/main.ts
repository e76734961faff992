#!/usr/bin/env node
import { isAdministratorsError } from './administrators-error.ts';
import { parseConfig } from './config.ts';
import { createLog } from './log.ts';
import { startServer } from './server.ts';

/** Starts the server and stops it on SIGINT or SIGTERM. What is wrong with the set-up is said in one line. */
async function main(): Promise<void> {
  const config = parseConfig(process.env, process.argv.slice(2));
  const log = await createLog(config.logLevel);
  const server = await startServer(config, log);
  if (server.welcome !== undefined) process.stdout.write(`${server.welcome}\n`);
  log.info('ready', { url: server.url, port: server.port, ms: Math.round(performance.now()), rss: residentMiB() });

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
}

const residentMiB = (): string => `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`;

function fail(error: unknown): never {
  process.stderr.write(`portvakt: ${isAdministratorsError(error) ? error.message : describe(error)}\n`);
  process.exit(1);
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

main().catch(fail);
