import { describe, expect, inject, test } from 'vitest';
import { beHostile } from '../prove/faults/hostile.ts';
import { killServer } from '../prove/faults/kill.ts';
import { Machine, whyNoMachine } from '../prove/faults/machine.ts';
import { strikeMachine } from '../prove/faults/machine-faults.ts';
import { killWhilePruning } from '../prove/faults/pruning.ts';
import { type FaultRow, isSound } from '../prove/faults/row.ts';
import { strikeDatabases } from '../prove/faults/run.ts';
import { sizes } from '../prove/sizes.ts';
import { engines, makeDatabase } from '../support/database.ts';
import { patience } from '../support/way.ts';

const machine = Machine.make();
machine?.close();
if (machine === undefined) console.warn(`skipped: ${whyNoMachine}`);

describe.each(engines)('a server that is killed, on %s', (engine) => {
  test('loses no acknowledged candidate and doubles none', { timeout: patience * 120_000 }, async () => {
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const row = await killServer(database?.url, sizes.faults.test.kill);
    await database?.drop();
    expect(row).toMatchObject({ lost: 0, doubled: 0, wrong: [] });
    expect(isSound(row)).toBe(true);
  });
});

test.each(engines)(
  'a server that is killed while it removes old entries of its audit log loses no other one, on %s',
  { timeout: 120_000 },
  async (engine) => {
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const row = await killWhilePruning(database?.url, sizes.faults.test.pruning);
    await database?.drop();
    expect(row).toMatchObject({ lost: 0, doubled: 0, wrong: [] });
    expect(isSound(row)).toBe(true);
  },
);

test.skipIf(machine === undefined).each(engines)(
  'a disk that is full or slow and a clock that jumps cost %s no acknowledged candidate, and the audit log stays whole',
  { timeout: patience * 240_000 },
  async (engine) => {
    const rows: FaultRow[] = [];
    await strikeMachine(engine, sizes.faults.test.machine, (row) => rows.push(row));
    expect(rows).toHaveLength(3);
    expect(rows.filter((row) => !isSound(row))).toEqual([]);
  },
);

test('a database that fails loses no acknowledged candidate, and clients are told what to do', {
  timeout: patience * 240_000,
}, async () => {
  const rows: FaultRow[] = [];
  await strikeDatabases(sizes.faults.test.database, (row) => rows.push(row));
  expect(rows.filter((row) => !isSound(row))).toEqual([]);
});

test('a client that sends ten times what the server can do is refused, and one beside it is served', {
  timeout: patience * 240_000,
}, async () => {
  const row = await beHostile(undefined, sizes.faults.test.hostile);
  expect(row).toMatchObject({ lost: 0, doubled: 0, wrong: [] });
  expect(isSound(row)).toBe(true);
});
