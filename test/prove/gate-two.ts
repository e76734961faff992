import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/open.ts';
import { compareGateTwo } from './hr/run.ts';
import { openWorld } from './hr/world.ts';
import { sizes } from './sizes.ts';

/** Random decisions of gate two on a database, compared with the oracle. */
export async function proveGateTwo(databaseUrl: string | undefined): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'portvakt-gate-two-'));
  const location =
    databaseUrl === undefined
      ? ({ kind: 'sqlite', file: join(folder, 'gate-two.db') } as const)
      : ({ kind: 'postgres', url: databaseUrl, schema: 'gate_two' } as const);
  const world = await openWorld(async ({ tables }) => {
    const store = await openDatabase({ tables, alphabet: 'nb', location });
    return { store, close: () => store.close() };
  });
  try {
    const { decisions, organisations, ends, disagreements } = await compareGateTwo(world, sizes.gateTwo.prove);
    const shares = [...ends].map(([end, count]) => `${end} ${count}`).sort();
    console.log(`${decisions} decisions in ${organisations} organisations: ${shares.join(', ')}`);
    console.log(`${disagreements.length} disagreements`);
    for (const disagreement of disagreements.slice(0, 10)) console.log(disagreement);
    return disagreements.length === 0;
  } finally {
    await world.close();
    await rm(folder, { recursive: true });
  }
}
