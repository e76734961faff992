import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { WriteAheadLog } from '../../src/storage/sql/sqlite/write-ahead-log.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { id, person, query, read, storeModel, values } from '../conformance/store-model.ts';

/** SQLite's writes, with a disk that answers when the test says so. */
describe('a write to SQLite', () => {
  const { flush } = WriteAheadLog.prototype;
  let folder: string;
  let database: Database;
  /** Flushes that are asked for and not answered, oldest first. */
  let flushes: { answer(): void; fail(): void }[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portvakt-commit-'));
    const location = { kind: 'sqlite', file: join(folder, 'data.db') } as const;
    database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    flushes = [];
    WriteAheadLog.prototype.flush = () =>
      new Promise((resolve, reject) => flushes.push({ answer: resolve, fail: () => reject(new Error('EIO')) }));
  });
  afterEach(async () => {
    WriteAheadLog.prototype.flush = flush;
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const insert = (n: number): Promise<void> =>
    database.maintain((rows) => rows.insert(person, values(person, { pv_personid: id(n) })));
  /** What has become of a promise once everything that can happen by itself has. */
  const stateOf = async (promise: Promise<unknown>): Promise<string> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    const ended = promise.then(
      () => 'done',
      () => 'failed',
    );
    return Promise.race([ended, Promise.resolve('waits')]);
  };
  const has = async (n: number): Promise<boolean> =>
    (
      await database.query(
        read(query(person, { where: { kind: 'compare', op: 'eq', column: person.primaryKey, value: id(n) } })),
      )
    ).rows.length === 1;

  test('is answered when the disk has kept it, and not before', async () => {
    const writing = insert(1);
    expect([await stateOf(writing), flushes.length]).toEqual(['waits', 1]);
    flushes[0]?.answer();
    await writing;
    expect(await has(1)).toBe(true);
  });

  test('is carried out while the one before is flushed, and flushed after it', async () => {
    const first = insert(1);
    await stateOf(first);
    const second = insert(2);
    expect([await stateOf(second), await has(2), flushes.length]).toEqual(['waits', true, 1]);
    flushes[0]?.answer();
    await first;
    expect([await stateOf(second), flushes.length]).toEqual(['waits', 2]);
    flushes[1]?.answer();
    await second;
  });

  test('asks for no flush when its job threw', async () => {
    await expect(
      database.maintain(async () => {
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(flushes).toEqual([]);
  });

  test('fails when the disk does not keep it, and nothing is written from then on', async () => {
    const writing = insert(1);
    await stateOf(writing);
    flushes[0]?.fail();
    await expect(writing).rejects.toThrow(/data\.db: the disk does not keep what is written \(EIO\)$/);
    await expect(writing).rejects.toBeInstanceOf(StorageError);
    await expect(insert(2)).rejects.toThrow('the disk does not keep what is written');
    expect([await has(2), flushes.length]).toEqual([false, 1]);
  });
});
