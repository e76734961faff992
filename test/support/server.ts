import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { type Connection, connect } from './connection.ts';
import { type Engine, makeDatabase } from './database.ts';

/** A server with the demo organisation, over real HTTPS, on a database of its own. */
export interface TestServer extends Connection {
  close(): Promise<void>;
}

/** Starts one. `settings` are environment variables of the server. */
export async function startTestServer(
  engine: Engine,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-test-'));
  const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
  const config = parseConfig({
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    ...(database === undefined ? {} : { PORTVAKT_DATABASE_URL: database.url }),
    ...settings,
  });
  const server = await startServer(config, log);
  const close = async (): Promise<void> => {
    await server.close();
    await database?.drop();
    await rm(dataFolder, { recursive: true });
  };
  return { ...(await connect(server.url, dataFolder)), close };
}
