import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';
import { id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';

/** SQLite's reads: those that follow each other share a transaction, and see what is committed meanwhile. */
describe('reads that follow each other', () => {
  const { begin, end } = SqliteFile.prototype;
  let folder: string;
  let database: Database;
  let began: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portvakt-read-'));
    const location = { kind: 'sqlite', file: join(folder, 'data.db') } as const;
    database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    began = 0;
    SqliteFile.prototype.begin = function (this: SqliteFile) {
      began++;
      begin.call(this);
    };
  });
  afterEach(async () => {
    SqliteFile.prototype.begin = begin;
    SqliteFile.prototype.end = end;
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const count = async (): Promise<number> => (await database.query(read(query(person)))).rows.length;
  const insert = (n: number): Promise<void> =>
    database.maintain((rows) => rows.insert(person, values(person, { pv_personid: id(n) })));
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  test('share one transaction, and later ones another', async () => {
    await Promise.all([count(), count(), database.readAll(person)]);
    await nextTurn();
    await count();
    expect(began).toBe(1);
    await later();
    await count();
    expect(began).toBe(2);
  });

  test('do not keep the log from being begun anew, however many they are', async () => {
    let isReading = true;
    const reading = (async () => {
      while (isReading) {
        await count();
        await nextTurn();
      }
    })();
    const sizes: number[] = [];
    const long = 'x'.repeat(90);
    for (let n = 0; n < 400; n++) {
      const names = Array.from({ length: 20 }, (_, at) =>
        values(person, { pv_personid: id(n * 20 + at), pv_name: long }),
      );
      await database.maintain(async (rows) => {
        for (const each of names) await rows.insert(person, each);
      });
      sizes.push(statSync(join(folder, 'data.db-wal')).size);
    }
    isReading = false;
    await reading;
    // It stops growing when SQLite has carried it over once or twice.
    expect(sizes.at(-1)).toBeLessThan(1.2 * (sizes[200] ?? 0));
  });

  test('a read after a commit sees it, also where the turn has read before', async () => {
    const seen: number[] = [];
    // Keeps a read transaction open in every turn, also in that of the commit.
    let isReading = true;
    const reading = (async () => {
      while (isReading) {
        seen.push(await count());
        await nextTurn();
      }
    })();
    for (let n = 0; n < 20; n++) {
      await insert(n);
      expect(await count()).toBe(n + 1);
    }
    isReading = false;
    await reading;
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
  });

  test('a commit in the middle of a turn ends the transaction that reads', async () => {
    // In this order in one phase of the event loop: the commit, another read, and the end that the first read has asked for.
    const writing = insert(1);
    const between = new Promise<number>((resolve) => setImmediate(() => resolve(count())));
    const before = count();
    expect([await before, await between]).toEqual([0, 1]);
    await writing;
  });

  test('an end that fails is rolled back, and reading goes on', async () => {
    SqliteFile.prototype.end = function (this: SqliteFile) {
      SqliteFile.prototype.end = end;
      throw new Error('disk I/O error');
    };
    await count();
    await later();
    await insert(1);
    const page = await database.query(read(query(person, { where: is('pv_personid', 'eq', id(1)) })));
    expect(page.rows).toHaveLength(1);
  });

  test('closing ends it', async () => {
    const reading = count();
    await database.close();
    await expect(reading).resolves.toBe(0);
  });
});
