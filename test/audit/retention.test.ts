import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuditKeeper } from '../../src/audit/audit-keeper.ts';
import { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditStore } from '../../src/audit/audit-store.ts';
import { makeSeal } from '../../src/audit/chain.ts';
import { beginChain, closeOrphans } from '../../src/audit/common-chain.ts';
import { readAudit } from '../../src/audit/read-audit.ts';
import { keepForDays } from '../../src/audit/retention.ts';
import { checkLog, entryOf } from './check-log.ts';
import { type AuditPlace, auditPlaces } from './open-audits.ts';
import { beginTampering } from './tampering.ts';

describe.each(auditPlaces)('what is old, on $name', ({ name: engine, make }) => {
  let place: AuditPlace;
  let store: AuditStore;
  let log: AuditLog;
  let now: Date;
  const clock = (): Date => now;
  const hour = (number: number): Date => new Date(Date.UTC(2026, 2, 1, number));
  /** Two entries of each hour, in one segment. */
  const fill = async (from: number, to: number): Promise<void> => {
    for (let number = from; number < to; number++) {
      now = hour(number);
      const entries = [`${number}`, `${number}'`].map((code) => entryOf({ code, kind: 'token' }));
      await Promise.all(entries.map((entry) => log.write(entry)));
    }
  };
  const codes = async (): Promise<readonly (string | undefined)[]> =>
    (await readAudit(store, { limit: 1000 })).entries.map(({ code }) => code);

  beforeEach(async () => {
    now = hour(0);
    place = await make();
    store = await place.open();
    await beginChain(store, clock);
    log = new AuditLog({ store, clock });
    await fill(0, 4);
    await log.close();
    store = await place.open();
    log = new AuditLog({ store, clock });
    await fill(4, 8);
  });
  afterEach(async () => {
    await log.close();
    await place.remove();
  });

  test('goes, and what is left is a chain that goes on', async () => {
    const keeper = createAuditKeeper(store, log, clock);
    const expected = { runs: 2, segments: 6, entries: 12, before: hour(6).toISOString() };
    expect(await keeper.findPrunable(hour(6))).toEqual(expected);
    expect(await keeper.prune(() => hour(6))).toEqual(expected);
    expect(await codes()).toEqual(["7'", '7', "6'", '6']);
    expect(await checkLog(store)).toMatchObject({ findings: [], entries: 4, segments: 2, pruned: 12 });
    await fill(8, 9);
    await log.seal();
    expect(await checkLog(store, undefined, log.head)).toMatchObject({ findings: [], entries: 6, pruned: 12 });
    expect(await keeper.prune(() => hour(6))).toMatchObject({ runs: 0, entries: 0 });
    expect(await keeper.prune(() => hour(20))).toMatchObject({ runs: 1, entries: 6 });
    expect(await codes()).toEqual([]);
    await fill(20, 21);
    expect(await checkLog(store)).toMatchObject({ findings: [], entries: 2, pruned: 18 });
    expect(await closeOrphans(store, clock, log.head?.run)).toEqual([]);
  });

  test('a run that ended and is gone is not an orphan, and one that is killed then is closed where it was', async () => {
    await createAuditKeeper(store, log, clock).prune(() => hour(20));
    await store.close();
    store = await place.open();
    expect(await closeOrphans(store, clock)).toMatchObject([{ kind: 'orphan', last: 8 }]);
    expect(await checkLog(store)).toMatchObject({ findings: [], entries: 0, pruned: 16 });
    log = new AuditLog({ store, clock });
  });

  test('goes at the next call when the first was interrupted behind its seal', async () => {
    const run = log.head?.run ?? '';
    const [segment] = await store.chain.readRun(run, 1, 1);
    const draft = { kind: 'prune', run, last: 2, link: `${segment?.place}:${segment?.hash}`, time: now } as const;
    await store.addSeal((before) => makeSeal(before, draft));
    expect(await checkLog(store)).toMatchObject({ findings: [], pruned: 2, entries: 14 });
    await createAuditKeeper(store, log, clock).prune(() => hour(5));
    expect(await checkLog(store)).toMatchObject({ findings: [], pruned: 10, entries: 6 });
  });

  test('the database deletes nothing that no seal says is pruned', async () => {
    await createAuditKeeper(store, log, clock).prune(() => hour(2));
    const table = place.table('portvakt_audit');
    await expect(place.run(`delete from ${table} where first = 5`)).rejects.toThrow('the audit log is append-only');
    await expect(place.run(`delete from ${place.table('portvakt_audit_id')}`)).rejects.toThrow('append-only');
    await expect(place.run(`delete from ${place.table('portvakt_audit_seal')}`)).rejects.toThrow('append-only');
    await expect(place.run(`update ${place.table('portvakt_audit_seal')} set last = 9`)).rejects.toThrow('append-only');
    expect(await checkLog(store)).toMatchObject({ findings: [], pruned: 4, entries: 12 });
  });

  test('what is removed behind a seal is still named', async () => {
    await createAuditKeeper(store, log, clock).prune(() => hour(2));
    const tampering = await beginTampering(place, engine);
    await tampering.sql(`delete from @portvakt_audit where first = 5 and run = '${log.head?.run}'`);
    expect((await checkLog(store)).findings).toMatchObject([{ kind: 'removed', from: 5, to: 6 }]);
    await tampering.reset();
    await tampering.sql(
      'delete from @portvakt_audit_seal where number in (select max(number) from @portvakt_audit_seal)',
    );
    expect((await checkLog(store)).findings).toMatchObject([{ kind: 'removed', from: 1, to: 4 }]);
  });

  test('goes by the setting, and the log says so', async () => {
    now = new Date(Date.UTC(2026, 2, 2, 6));
    await keepForDays({ keeper: createAuditKeeper(store, log, clock), audit: log, days: 1 })();
    const { entries } = await readAudit(store, { limit: 1000 });
    expect(entries.map(({ code, message }) => code ?? message)).toEqual(['pruneAudit', "7'", '7', "6'", '6']);
    expect(entries[0]).toMatchObject({
      ...{ kind: 'change', surface: 'server' },
      reason: 'PORTVAKT_AUDIT_RETENTION: 12 entries of before 2026-03-01T06:00:00.000Z were removed',
    });
  });
});
