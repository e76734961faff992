import { makeDatabase } from '../../support/database.ts';
import { databaseFaults, type FaultSize, openDatabaseWorld, strikeUnderLoad } from './database-faults.ts';
import { failOver } from './failover.ts';
import { failOverByHosts } from './failover-hosts.ts';
import { beHostile, type HostileSize } from './hostile.ts';
import { type KillSize, killServer } from './kill.ts';
import { strikeMachine } from './machine-faults.ts';
import { type FaultRow, sumRows } from './row.ts';

export interface FaultSizes {
  readonly kill: KillSize;
  readonly hostile: HostileSize;
  readonly database: FaultSize;
  readonly machine: FaultSize;
}

/** Does every fault that there is for a database, one after the other, and tells of each when it is over. */
export async function strikeAll(
  databaseUrl: string | undefined,
  sizes: FaultSizes,
  report: (row: FaultRow) => void,
): Promise<void> {
  report(await killServer(databaseUrl, sizes.kill));
  // The one that was killed has filled the database, and its credentials are gone.
  const another = databaseUrl === undefined ? undefined : await makeDatabase(databaseUrl);
  report(await beHostile(another?.url, sizes.hostile));
  await another?.drop();
  await strikeMachine(databaseUrl === undefined ? 'sqlite' : 'postgres', sizes.machine, report);
  if (databaseUrl === undefined) return;
  await strikeDatabases(sizes.database, report);
  report(await failOverByHosts(sizes.database));
}

/** Faults of PostgreSQL and of the way to it, on a cluster of their own. */
export async function strikeDatabases(size: FaultSize, report: (row: FaultRow) => void): Promise<void> {
  const world = await openDatabaseWorld();
  try {
    for (const [fault, strike] of Object.entries(databaseFaults)) {
      const rounds: FaultRow[] = [];
      for (let round = 1; round <= size.rounds; round++)
        rounds.push(await strikeUnderLoad(world.connection, { fault, round, strike: () => strike(world, size) }, size));
      report(sumRows(fault, rounds));
    }
    report(await failOver(world, size));
  } finally {
    await world.close();
  }
}
