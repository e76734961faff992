import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { type Connection, connect } from './connection.ts';
import { databaseSettings } from './database.ts';
import { serve } from './serve.ts';
import { connectEmpty, type EmptyServer } from './server.ts';

/** A server with the demo organisation, over real HTTPS, on a database of its own. */
export interface TestServer extends Connection {
  close(): Promise<void>;
}

/** Starts one on a PostgreSQL database, or on the embedded one. `settings` are environment variables of the server. */
export async function startServerOn(
  databaseUrl: string | undefined,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
): Promise<TestServer> {
  const { url, dataFolder, close } = await start(databaseUrl, settings, log);
  return { ...(await connect(url, dataFolder)), close };
}

/** The same with an environment that is empty but for its administrator. */
export async function startEmptyServerOn(databaseUrl: string | undefined): Promise<EmptyServer> {
  return connectEmpty({ databaseUrl, ...(await start(databaseUrl, { PORTVAKT_SEED: 'empty' }, silentLog)) });
}

async function start(databaseUrl: string | undefined, settings: Readonly<Record<string, string>>, log: Log) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-test-'));
  const place = { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0' };
  const server = await serve({ ...place, ...databaseSettings(databaseUrl), ...settings }, log);
  const close = async (): Promise<void> => {
    await server.close();
    await rm(dataFolder, { recursive: true });
  };
  return { url: server.url, dataFolder, close };
}
