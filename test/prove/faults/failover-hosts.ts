import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../support/cluster.ts';
import { connect } from '../../support/connection.ts';
import { startServerProcess } from '../../support/process.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import type { FaultSize } from './database-faults.ts';
import { Load, readStored } from './load.ts';
import { type FaultRow, makeRow } from './row.ts';

export const failedOverByHosts = 'failover to another host of the URL';

/**
 * The primary loses its power under creates, and its synchronous standby takes over at an address of its own: the server
 * was told both, and nothing stands in between. Recovery begins with the promotion.
 */
export async function failOverByHosts(size: FaultSize): Promise<FaultRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-faults-'));
  const primary = await Cluster.start();
  // A way to each that leads nowhere else: the primary's end is one without a word, the standby comes later.
  const ways = [await TcpProxy.start(primary.socket), await TcpProxy.start('/nowhere')] as const;
  const server = await startServerProcess({
    settings: {
      PORTVAKT_DATA: dataFolder,
      PORTVAKT_PORT: '0',
      PORTVAKT_DATABASE_URL: `postgres://portvakt:portvakt@${ways.map(({ port }) => `127.0.0.1:${port}`).join(',')}/postgres`,
    },
  });
  let standby: Cluster | undefined;
  try {
    const connection = await connect(server.url, dataFolder);
    await connection.token('ats');
    await primary.keepWord();
    standby = await primary.follow();
    ways[1].moveTo(standby.socket);
    const prefix = 'FailoverHosts-';
    const load = new Load(connection, prefix, size.clients);
    await load.acknowledges(size.creates);
    ways[0].become('stall');
    await primary.kill();
    await standby.promote();
    const recovery = await load.recoveredFrom(performance.now());
    await load.acknowledges(2 * size.creates);
    const told = await load.end();
    const stored = await readStored(connection, prefix);
    return makeRow(failedOverByHosts, recovery, told, stored);
  } finally {
    await server.kill('SIGKILL');
    for (const way of ways) await way.close();
    await primary.close();
    await standby?.close();
    await rm(dataFolder, { recursive: true });
  }
}
