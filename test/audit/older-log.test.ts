import { afterEach, describe, expect, test } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { beginChain } from '../../src/audit/common-chain.ts';
import { readAudit } from '../../src/audit/read-audit.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { checkLog, entryOf } from './check-log.ts';
import { type AuditPlace, auditPlaces } from './open-audits.ts';

/** The shape of before there was a chain. */
const oldTables: Readonly<Record<string, (name: (table: string) => string) => string>> = {
  SQLite: (name) => `create table ${name('portvakt_audit')} (place integer primary key autoincrement, run text not null,
      first integer not null, count integer not null, since text not null, until text not null,
      lowest_id text not null, highest_id text not null, lines text not null, unique (run, first)) strict;
    create table ${name('portvakt_audit_id')} (id text not null, place integer not null, primary key (id, place)) strict, without rowid;
    pragma data.journal_mode = wal;`,
  PostgreSQL: (name) => `create table ${name('portvakt_audit')} (place bigint generated always as identity primary key,
      run text collate "C" not null, first bigint not null, count integer not null, since text collate "C" not null,
      until text collate "C" not null, lowest_id text collate "C" not null, highest_id text collate "C" not null,
      lines text not null, unique (run, first));
    create table ${name('portvakt_audit_id')} (id text collate "C" not null, place bigint not null, primary key (id, place));`,
};

describe.each(auditPlaces)('a log of before there was a chain, on $name', ({ name: engine, make }) => {
  let place: AuditPlace;
  afterEach(() => place.remove());

  const old = (run: string, first: number): string => {
    const moment = '2026-01-01T00:00:00.000Z';
    const line = `{"time":"${moment}","kind":"token","outcome":"allowed","surface":"token","requestId":"${newGuid()}"}`;
    return `insert into ${place.table('portvakt_audit')} (run, first, count, since, until, lowest_id, highest_id, lines)
      values ('${run}', ${first}, 2, '${moment}', '${moment}', '', '', '${line}\n${line}');`;
  };

  test('is read on, its entries are unchained and not broken, and none can be added to it', async () => {
    place = await make();
    await place.run(oldTables[engine]?.(place.table) ?? '');
    await place.run([old('a', 1), old('a', 3), old('b', 1)].join('\n'));
    let store = await place.open();
    await beginChain(store, systemClock);
    const log = new AuditLog({ store });
    await log.write(entryOf());
    expect((await readAudit(store, { limit: 10 })).entries).toHaveLength(7);
    expect(await checkLog(store)).toMatchObject({ findings: [], unchained: 6, entries: 1 });
    await log.close();

    store = await place.open();
    await beginChain(store, systemClock);
    expect(await checkLog(store)).toMatchObject({ findings: [], unchained: 6, entries: 1, seals: 3 });
    await place.run(old('c', 1));
    expect((await checkLog(store)).findings).toMatchObject([{ kind: 'inserted', run: 'c', from: 1, to: 2 }]);
    const left = new AuditLog({ store });
    await left.close();
  });

  test('of a newer program is refused', async () => {
    place = await make();
    await (await place.open()).close();
    await place.run(`insert into ${place.table('portvakt_audit_migration')} values (99, 'later')`);
    await expect(place.open()).rejects.toThrow('was written by a newer version of Portvakt (its step 99');
  });
});
