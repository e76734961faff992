import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newGuid } from '../../src/kernel/ids.ts';
import type { BusinessEvent } from '../../src/odata/row-store.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';
import { storeModel } from '../conformance/store-model.ts';

/** A statement that SQLite has prepared stays in memory outside of V8's: a soak of half an hour lost 200 MB to this. */
test('events are numbered by the same statements, however many come at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-events-'));
  const location = { kind: 'sqlite', file: join(folder, 'data.db') } as const;
  const database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
  const { prepare } = SqliteFile.prototype;
  let prepared = 0;
  SqliteFile.prototype.prepare = function (this: SqliteFile, sql: string) {
    prepared += 1;
    return prepare.call(this, sql);
  };
  onTestFinished(async () => {
    SqliteFile.prototype.prepare = prepare;
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const subject = newGuid();
  const event = (): BusinessEvent => ({
    id: newGuid(),
    type: 'test',
    subject,
    time: '2026-03-02T08:00:00.000Z',
    data: {},
  });
  const announce = (count: number): Promise<void> =>
    database.maintain(async (rows) => {
      for (let at = 0; at < count; at++) rows.announce(event());
    });
  const number = async (): Promise<number> => database.events.number('2026-03-02T08:00:01.000Z', 500);
  await announce(3);
  expect(await number()).toBe(3);
  const known = prepared;
  for (const count of [1, 2, 5, 8, 13, 600]) {
    await announce(count);
    expect(await number()).toBe(Math.min(count, 500));
  }
  expect(await number()).toBe(100);
  expect(prepared).toBe(known);
  const events = await database.events.events({ after: 0, limit: 1000 });
  expect(events.map(({ position }) => position)).toEqual(Array.from({ length: 632 }, (_, at) => at + 1));
});
