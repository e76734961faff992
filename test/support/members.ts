import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config.ts';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { findFreePort } from '../../src/primary.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type Answer, ask } from './client.ts';
import { type AskAs, type Connection, connect } from './connection.ts';
import { databaseSettings } from './database.ts';

/** Processes of one server, here in one process, each at a port of its own: a request is sent to the one that is meant. */
export interface Members {
  /** The first one, where its clients find it. */
  readonly first: Connection;
  /** A request to one of them, by its number, as it would come from the shared port. */
  to(member: 1 | 2, path: string, options?: AskAs): Promise<Answer>;
  close(): Promise<void>;
}

/** Two that share a PostgreSQL database, with the demo organisation. They share the public URL, as workers do. */
export async function startMembers(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
): Promise<Members> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-members-'));
  const config = parseConfig({
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    ...databaseSettings(databaseUrl),
    PORTVAKT_WORKERS: '2',
    ...settings,
  });
  const servers: RunningServer[] = [];
  const start = async (number: number): Promise<RunningServer> => {
    const port = await findFreePort(config.host);
    const member = { number, count: 2, port, isJoined: number > 1, after: undefined, isHeld: true };
    const [first] = servers;
    const server = await startServer({ ...config, port, publicUrl: first?.url }, log, { member });
    servers.push(server);
    return server;
  };
  const [one, two] = [await start(1), await start(2)];
  const first = await connect(one.url, dataFolder);
  const { host } = new URL(one.url);
  const ports = { 1: one.port, 2: two.port } as const;
  return {
    first,
    async to(member, path, { as, headers, ...options } = {}) {
      const token = as === undefined ? {} : { token: await first.token(as) };
      const url = `https://localhost:${ports[member]}${path}`;
      return ask(first.ca, url, { ...token, ...options, headers: { host, ...headers } });
    },
    async close() {
      for (const server of servers.toReversed()) await server.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}
