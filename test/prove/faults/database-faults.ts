import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../support/cluster.ts';
import { type Connection, connect } from '../../support/connection.ts';
import { type Ready, startServerProcess } from '../../support/process.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { provedSettings } from '../proved-settings.ts';
import { Load, readStored, sleep } from './load.ts';
import { type FaultRow, makeRow } from './row.ts';

export interface FaultSize {
  readonly clients: number;
  /** Candidates that are acknowledged before the fault, and again after it. */
  readonly creates: number;
  /** Milliseconds that a fault lasts. */
  readonly lasts: number;
  /** How often each is done. */
  readonly rounds: number;
}

/** A server process whose PostgreSQL keeps its word and is reached through a network that can be cut. */
export interface DatabaseWorld {
  readonly cluster: Cluster;
  readonly proxy: TcpProxy;
  readonly server: Ready;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Starts all of it, with the demo organisation. */
export async function openDatabaseWorld(settings: Readonly<Record<string, string>> = {}): Promise<DatabaseWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-faults-'));
  const cluster = await Cluster.start();
  const proxy = await TcpProxy.start(cluster.socket);
  const close = async (): Promise<void> => {
    await proxy.close();
    await cluster.close();
    await rm(dataFolder, { recursive: true });
  };
  try {
    const server = await startServerProcess({
      settings: {
        ...provedSettings(dataFolder, `postgres://portvakt:portvakt@127.0.0.1:${proxy.port}/postgres`),
        ...settings,
      },
    });
    const connection = await connect(server.url, dataFolder);
    await connection.token('ats');
    await cluster.keepWord();
    return { cluster, proxy, server, connection, close: () => server.kill('SIGKILL').then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is done to the database, and undone: resolves when the fault is over. */
export type Strike = (world: DatabaseWorld, size: FaultSize) => Promise<void>;

/** By what the fault table calls them. */
export const databaseFaults: Readonly<Record<string, Strike>> = {
  'PostgreSQL killed and started again': async ({ cluster }, { lasts }) => {
    await cluster.kill();
    await sleep(lasts);
    await cluster.start();
  },
  'network cut': async ({ proxy }, { lasts }) => {
    proxy.become('cut');
    await sleep(lasts);
    proxy.become('passes');
  },
  'network swallows everything': async ({ proxy }, { lasts }) => {
    proxy.become('stall');
    // Long enough for the server to find out: it is silent for three seconds, and does not answer for three more.
    await sleep(lasts + 8000);
    proxy.become('passes');
  },
  'network slow, 40 ms each way': async ({ proxy }, { lasts }) => {
    proxy.become('slow');
    await sleep(lasts + 1000);
    proxy.become('passes');
  },
  'answer to a commit lost': async ({ proxy }) => {
    for (let lost = 0; lost < 3; lost++) {
      proxy.loseAnswerTo('commit\0');
      while (!proxy.hasLost) await sleep(5);
    }
  },
};

interface Round {
  readonly fault: string;
  readonly round: number;
  /** Resolves when the fault is over. */
  readonly strike: (load: Load) => Promise<void>;
  readonly mayTokensEnd?: boolean;
}

/** What ids of rows begin with that were made under a fault, in any round. */
export const wordOf = (fault: string): string => `${fault.replace(/\W/g, '')} `;

/** One round of one fault under creates, and what came of it. */
export async function strikeUnderLoad(
  connection: Connection,
  { fault, round, strike, mayTokensEnd = false }: Round,
  size: FaultSize,
): Promise<FaultRow> {
  const prefix = `${wordOf(fault)}${round}-`;
  const load = new Load(connection, prefix, size.clients, mayTokensEnd);
  await load.acknowledges(size.creates);
  await strike(load);
  const recovery = await load.recoveredFrom(performance.now());
  const before = performance.now();
  await load.acknowledges(2 * size.creates);
  await sleep(Math.max(0, 200 - (performance.now() - before)));
  const told = await load.end();
  return makeRow(fault, recovery, told, await readStored(connection, prefix));
}
