import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditSeal, AuditStore } from '../../src/audit/audit-store.ts';
import { beginChain, closeOrphans } from '../../src/audit/common-chain.ts';
import { AuditUnavailable } from '../../src/kernel/audit.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { checkLog, entryOf } from './check-log.ts';
import { type AuditPlace, auditPlaces } from './open-audits.ts';

/** Processes of one PostgreSQL, each with connections of its own, as workers and nodes have them. */
interface Process {
  readonly store: AuditStore;
  readonly log: AuditLog;
}

let place: AuditPlace;
let processes: Process[];

beforeEach(async () => {
  const postgres = auditPlaces.find(({ name }) => name === 'PostgreSQL');
  if (postgres === undefined) throw new Error('there is no PostgreSQL');
  place = await postgres.make();
  processes = await Promise.all(
    [1, 2, 3].map(async () => {
      const store = await place.open();
      await beginChain(store, systemClock);
      return { store, log: new AuditLog({ store, retryDelay: 50 }) };
    }),
  );
});
afterEach(async () => {
  for (const { log } of processes) await log.close().catch(() => undefined);
  await place.remove();
});

const at = (index: number): Process => {
  const found = processes[index];
  if (found === undefined) throw new Error(`there is no process ${index}`);
  return found;
};

test('write and seal at the same time: one chain of seals, a chain of each, nothing lost', async () => {
  const rounds = Array.from({ length: 10 });
  await Promise.all(
    processes.map(async ({ log }) => {
      for (const _round of rounds) {
        await Promise.all([log.write(entryOf()), log.write(entryOf())]);
        await log.seal();
      }
    }),
  );
  const { store, log } = at(0);
  expect(await checkLog(store, undefined, log.head)).toMatchObject({ findings: [], entries: 60, seals: 1 + 3 * 11 });
  const [newest] = await store.chain.readSeals({ order: 'newest', limit: 1 });
  expect(newest?.number).toBe(34);
});

test('a check while others write finds nothing', async () => {
  let isDone = false;
  const writing = Promise.all(
    [at(0), at(1)].map(async ({ log }) => {
      while (!isDone) {
        await log.write(entryOf());
        await log.seal();
      }
    }),
  );
  const { store, log } = at(0);
  for (let round = 0; round < 15; round++) {
    expect((await checkLog(store, undefined, log.head, -1)).findings).toEqual([]);
  }
  isDone = true;
  await writing;
});

test('only the run of a process that is gone is closed, once, whoever notices', async () => {
  for (const { log } of processes) await log.write(entryOf());
  const [lost, others] = [at(0), [at(1), at(2)]];
  for (const { store } of others) expect(await closeOrphans(store, systemClock)).toEqual([]);
  const run = lost.log.head?.run ?? '';
  await place.run(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
    and ((classid::bigint << 32) | objid::bigint) = hashtextextended('portvakt audit run ${run}', 0)`);
  const closed: AuditSeal[] = [];
  for (let round = 0; round < 50 && closed.length === 0; round++) {
    const all = await Promise.all(others.map(({ store }) => closeOrphans(store, systemClock)));
    closed.push(...all.flat());
  }
  expect(closed).toMatchObject([{ kind: 'orphan', run, last: 1 }]);
  expect(await checkLog(at(1).store)).toMatchObject({ findings: [], entries: 3 });

  // The process was not dead, only cut off: it begins another run.
  await expect(lost.log.write(entryOf())).rejects.toThrow(AuditUnavailable);
  while (!lost.log.isWorking) await new Promise((resolve) => setTimeout(resolve, 20));
  await lost.log.write(entryOf());
  expect(lost.log.head?.run).not.toBe(run);
  expect(await checkLog(at(1).store)).toMatchObject({ findings: [], entries: 5 });
});
