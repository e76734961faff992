import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../support/connection.ts';
import { startServerProcess } from '../../support/process.ts';
import { provedSettings } from '../proved-settings.ts';
import { Load, readStored, sleep } from './load.ts';
import { type FaultRow, makeRow, sumRows } from './row.ts';

export interface KillSize {
  readonly rounds: number;
  readonly clients: number;
  /** Milliseconds of creates before the kill, from and to. */
  readonly killAfter: readonly [from: number, to: number];
}

export const serverKilled = 'server killed and started again';

/**
 * The server is killed with SIGKILL under a stream of creates and started again, round after round; after the last one the
 * candidates of all rounds are looked for. Recovery is the time from the start of the process to `/readyz`.
 */
export async function killServer(databaseUrl: string | undefined, size: KillSize): Promise<FaultRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-kill-'));
  const settings = provedSettings(dataFolder, databaseUrl);
  const rounds: FaultRow[] = [];
  const earlier: string[] = [];
  let server = await startServerProcess({ settings });
  try {
    for (let round = 1; round <= size.rounds; round++) {
      const prefix = `Kill ${round}-`;
      const connection = await connect(server.url, dataFolder);
      await connection.token('ats');
      const load = new Load(connection, prefix, size.clients);
      const [from, to] = size.killAfter;
      await sleep(from + spread(round) * (to - from));
      await server.kill('SIGKILL');
      const told = await load.end();
      server = await startServerProcess({ settings });
      const stored = await readStored(await connect(server.url, dataFolder), prefix);
      rounds.push(makeRow('', server.readyAfter, told, stored));
      earlier.push(...told.acknowledged);
    }
    const { whole } = await readStored(await connect(server.url, dataFolder), 'Kill ');
    // A later kill must not take what an earlier one has left.
    const lost = earlier.filter((name) => !whole.has(name)).length;
    const sum = sumRows(serverKilled, rounds);
    return { ...sum, lost: Math.max(lost, sum.lost) };
  } finally {
    await server.kill('SIGKILL');
    await rm(dataFolder, { recursive: true });
  }
}

/** From 0 to 1, different from round to round and the same in every run (Weyl's sequence of the golden ratio). */
const spread = (round: number): number => (round * 0.618_033_988_75) % 1;
