import { inTime, late } from '../../../src/kernel/in-time.ts';
import { type Engine, makeDatabase } from '../../support/database.ts';
import { killServers } from '../../support/process.ts';
import { databaseFaults, type FaultSize, openDatabaseWorld, strikeUnderLoad } from './database-faults.ts';
import { failedOver, failOver } from './failover.ts';
import { failedOverByHosts, failOverByHosts } from './failover-hosts.ts';
import { beHostile, type HostileSize, hostileClient } from './hostile.ts';
import { type KillSize, killServer, serverKilled } from './kill.ts';
import { killLeader, type LeaderSize, leaderKilled } from './leader.ts';
import { machineFaults, strikeMachine } from './machine-faults.ts';
import { killedWhilePruning, killWhilePruning, type PruningSize } from './pruning.ts';
import { brokenRow, type FaultRow, sumRows } from './row.ts';

export interface FaultSizes {
  readonly kill: KillSize;
  readonly hostile: HostileSize;
  readonly database: FaultSize;
  readonly machine: FaultSize;
  readonly leader: LeaderSize;
  readonly pruning: PruningSize;
  /** Minutes after which a group of rows is given up, so that the table has an end whatever happens. */
  readonly longest: number;
}

type Report = (row: FaultRow) => void;
export type IsWanted = (fault: string) => boolean;

/** Rows that are made together, for they share what is struck. */
interface Group {
  readonly rows: readonly string[];
  readonly on: readonly Engine[];
  strike(databaseUrl: string | undefined, sizes: FaultSizes, report: Report, isWanted: IsWanted): Promise<void>;
}

const both: readonly Engine[] = ['sqlite', 'postgres'];

/** The fault table, in its order. */
const groups: readonly Group[] = [
  {
    rows: [serverKilled],
    on: both,
    strike: (url, { kill }, report) => onDatabase(url, async (own) => report(await killServer(own, kill))),
  },
  {
    rows: [killedWhilePruning],
    on: both,
    strike: (url, { pruning }, report) => onDatabase(url, async (own) => report(await killWhilePruning(own, pruning))),
  },
  {
    rows: [hostileClient],
    on: both,
    strike: (url, { hostile }, report) => onDatabase(url, async (own) => report(await beHostile(own, hostile))),
  },
  {
    rows: Object.keys(machineFaults),
    on: both,
    strike: (url, { machine }, report, isWanted) =>
      strikeMachine(url === undefined ? 'sqlite' : 'postgres', machine, report, isWanted),
  },
  {
    rows: [...Object.keys(databaseFaults), failedOver],
    on: ['postgres'],
    strike: (_url, { database }, report, isWanted) => strikeDatabases(database, report, isWanted),
  },
  {
    rows: [failedOverByHosts],
    on: ['postgres'],
    strike: async (_url, { database }, report) => report(await failOverByHosts(database)),
  },
  {
    rows: [leaderKilled],
    on: ['postgres'],
    strike: (url, { leader }, report) => onDatabase(url, async (own) => report(await killLeader(own ?? '', leader))),
  },
];

/** A database for one group: what another one has left would be in its way. */
async function onDatabase(url: string | undefined, job: (url: string | undefined) => Promise<void>): Promise<void> {
  const own = url === undefined ? undefined : await makeDatabase(url);
  await job(own?.url);
  await own?.drop();
}

/** Names of all rows of the fault table, on any database. */
export const allFaults: readonly string[] = groups.flatMap(({ rows }) => rows);

/** Seconds that rows took together. */
export interface Taken {
  readonly rows: readonly string[];
  readonly seconds: number;
}

/**
 * Does every wanted fault that there is for a database, one after the other, and tells of each when it is over. One that
 * fails, or has no end, is a row of its own that is not sound, and the others are done.
 */
export async function strikeAll(
  databaseUrl: string | undefined,
  sizes: FaultSizes,
  report: Report,
  isWanted: IsWanted = () => true,
): Promise<readonly Taken[]> {
  const engine = databaseUrl === undefined ? 'sqlite' : 'postgres';
  const taken: Taken[] = [];
  for (const { rows, on, strike } of groups) {
    const wanted = rows.filter(isWanted);
    if (wanted.length === 0 || !on.includes(engine)) continue;
    const began = performance.now();
    let isOver = false;
    const told = new Set<string>();
    const tell: Report = (row) => {
      if (isOver) return;
      told.add(row.fault);
      report(row);
    };
    await inMinutes(sizes.longest, strike(databaseUrl, sizes, tell, isWanted)).catch((error: unknown) => {
      killServers();
      const why = error instanceof Error ? error.message : String(error);
      for (const fault of wanted) if (!told.has(fault)) report(brokenRow(fault, why));
    });
    isOver = true;
    taken.push({ rows: wanted, seconds: (performance.now() - began) / 1000 });
  }
  return taken;
}

async function inMinutes(minutes: number, job: Promise<void>): Promise<void> {
  if ((await inTime(job, minutes * 60_000)) === late)
    throw new Error(`not over after ${minutes} minutes, and given up`);
}

/** Faults of PostgreSQL and of the way to it, on a cluster of their own. */
export async function strikeDatabases(size: FaultSize, report: Report, isWanted: IsWanted = () => true): Promise<void> {
  const world = await openDatabaseWorld();
  try {
    for (const [fault, strike] of Object.entries(databaseFaults)) {
      if (!isWanted(fault)) continue;
      const rounds: FaultRow[] = [];
      for (let round = 1; round <= size.rounds; round++)
        rounds.push(await strikeUnderLoad(world.connection, { fault, round, strike: () => strike(world, size) }, size));
      report(sumRows(fault, rounds));
    }
    if (isWanted(failedOver)) report(await failOver(world, size));
  } finally {
    await world.close();
  }
}
