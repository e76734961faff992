import type { Cluster } from '../../support/cluster.ts';
import { connect } from '../../support/connection.ts';
import type { DatabaseWorld, FaultSize } from './database-faults.ts';
import { Load, readStored } from './load.ts';
import { type FaultRow, makeRow, sumRows } from './row.ts';

export const failedOver = 'failover to a synchronous standby';

/**
 * The primary loses its power under creates and its synchronous standby takes over, at the same address: connections to
 * the old one hang, new ones lead to the new one. Nothing of the world's cluster is left. Recovery begins with the promotion. Each round has a standby of its own.
 */
export async function failOver(world: DatabaseWorld, size: FaultSize): Promise<FaultRow> {
  const rounds: FaultRow[] = [];
  let primary: Cluster = world.cluster;
  try {
    for (let round = 1; round <= size.rounds; round++) {
      const standby = await primary.follow();
      rounds.push(await failOverTo(standby, primary, { world, round, size }));
      await primary.close();
      primary = standby;
    }
    return sumRows(failedOver, rounds);
  } finally {
    await primary.close();
  }
}

interface Round {
  readonly world: DatabaseWorld;
  readonly round: number;
  readonly size: FaultSize;
}

async function failOverTo(standby: Cluster, primary: Cluster, { world, round, size }: Round): Promise<FaultRow> {
  const { proxy, server, connection } = world;
  const prefix = `Failover ${round}-`;
  const load = new Load(connection, prefix, size.clients);
  await load.acknowledges(size.creates);
  proxy.moveTo(standby.socket);
  await primary.kill();
  await standby.promote();
  const recovery = await load.recoveredFrom(performance.now());
  await load.acknowledges(2 * size.creates);
  const told = await load.end();
  return makeRow('', recovery, told, await readStored(await connect(server.url, server.dataFolder), prefix));
}
