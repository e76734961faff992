import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { linkModel } from '../../src/metadata/model.ts';
import type { Column, ColumnDefinition, Table } from '../../src/metadata/table.ts';
import type { Value } from '../../src/odata/query.ts';
import type { Database, Reshaping } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { DuplicateRows } from '../../src/storage/storage-error.ts';
import { type TestSchema, testSchema } from '../support/postgres-schema.ts';

const column = (name: string, type: ColumnDefinition['type']): ColumnDefinition => ({
  ...{ name, label: name, type },
  access: 'read-write',
});

/** One table with an index on each column of `indexed`, and with an alternate key of each of `keys`. */
const tablesWith = (indexed: readonly string[], keys: readonly string[] = []): readonly Table[] =>
  linkModel(
    [
      {
        ...{ logicalName: 'big', schemaName: 'big', entitySetName: 'bigs', label: 'big', purpose: 'big' },
        ...{ kind: 'native', objectTypeCode: 0, primaryKey: 'bigid', primaryName: 'bigid', naturalKey: [], indexed },
        columns: [
          { ...column('bigid', 'Guid'), access: 'read-only' },
          ...['one', 'two', 'three'].map((name) => column(name, 'Integer')),
        ],
        keys: keys.map((name) => ({ name: `key_${name}`, schemaName: `key_${name}`, label: name, columns: [name] })),
      },
    ],
    [],
  ).tables;

/** More than 8 MiB, so that no index is made in a transaction. */
const rowCount = 200_000;
const nothing = async (): Promise<void> => undefined;
const shape = (indexed: readonly string[], keys: readonly string[] = []): Reshaping => ({
  tables: tablesWith(indexed, keys),
  definitions: new Map([['big', JSON.stringify({ indexed, keys })]]),
  retired: [],
});

describe('indexes of a large table on PostgreSQL', { timeout: 60_000 }, () => {
  let place: TestSchema;
  const opened: Database[] = [];
  beforeAll(async () => {
    place = testSchema();
    await (await open([])).close();
    await place.run(`insert into ${place.schema}.big (bigid, one, two, three, row__version)
      select gen_random_uuid(), n, n, n % 7, n from generate_series(1, ${rowCount}) n`);
  }, 60_000);
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    // Each test begins without an index.
    await place.run(`delete from ${place.schema}.portvakt_definition`);
    const plain = await open([]);
    await plain.indexed();
    await plain.close();
  });
  afterAll(() => place.drop());

  async function open(indexed: readonly string[], keys: readonly string[] = []): Promise<Database> {
    const location = { kind: 'postgres', url: place.url, schema: place.schema } as const;
    const tables = (definitions: ReadonlyMap<string, string>): readonly Table[] => {
      const defined = JSON.parse(definitions.get('big') ?? '{}') as Partial<Record<'indexed' | 'keys', string[]>>;
      return tablesWith([...indexed, ...(defined.indexed ?? [])], [...keys, ...(defined.keys ?? [])]);
    };
    const database = await openDatabase({ tables, alphabet: 'nb', location });
    opened.push(database);
    return database;
  }
  const add = (database: Database, at: number): Promise<void> => {
    const [table] = tablesWith([]);
    if (table === undefined) throw new Error('no table');
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
    return database.maintain((rows) =>
      rows.insert(
        table,
        new Map<Column, Value>([
          [table.primaryKey, id],
          [table.column.get('one') ?? table.primaryKey, at],
        ]),
      ),
    );
  };
  /** `undefined`: there is none; false: somebody has begun it and not ended. */
  const validity = async (name: string): Promise<unknown> => {
    const rows = await place.run(`select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relname = '${name}' and c.relnamespace = '${place.schema}'::regnamespace`);
    return rows[0]?.[0];
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const end = performance.now() + 20_000;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error('it never came true');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  /** A transaction that reads, and is not over: an index that is being built waits for it. */
  const lookAround = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    await client.query('begin isolation level repeatable read; select 1');
    return client;
  };

  test('is opened at once, and written to while one is being built', async () => {
    const reader = await lookAround();
    const database = await open(['one']);
    await until(async () => (await validity('ix_big_one')) === false);
    // Each is answered although the index is not ready, and cannot be before the reader has ended.
    for (let at = 1; at <= 20; at++) await add(database, at);
    expect(await validity('ix_big_one')).toBe(false);
    await reader.end();
    await database.indexed();
    expect(await validity('ix_big_one')).toBe(true);
    const [[found] = []] = await place
      .run(`set enable_seqscan = off; select 1`)
      .then(() => place.run(`select count(*) from ${place.schema}.big where one between 1 and 20`));
    expect(Number(found)).toBe(40);
  });

  test('one that was killed on the way is taken away and built again by the next start', async () => {
    const reader = await lookAround();
    const database = await open(['two']);
    await until(async () => (await validity('ix_big_two')) === false);
    await place.run(`select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'create index concurrently%' and pid <> pg_backend_pid()`);
    await database.close();
    await reader.end();
    expect(await validity('ix_big_two')).toBe(false);
    const again = await open(['two']);
    await again.indexed();
    expect(await validity('ix_big_two')).toBe(true);
  });

  test('closing stops what is under way without waiting for it', async () => {
    const reader = await lookAround();
    const database = await open(['two']);
    await until(async () => (await validity('ix_big_two')) === false);
    const began = performance.now();
    await database.close();
    expect(performance.now() - began).toBeLessThan(5000);
    await reader.end();
  });

  test('of several processes one builds, and the others serve meanwhile', async () => {
    const databases = await Promise.all([open(['three']), open(['three'])]);
    for (const [at, database] of databases.entries()) await add(database, 100 + at);
    for (const database of databases) await database.indexed();
    expect(await validity('ix_big_three')).toBe(true);
  });

  test('a key that is added is built before the change, while rows are written', async () => {
    const database = await open([]);
    const reader = await lookAround();
    const changing = database.reshape(shape([], ['two']), nothing);
    await until(async () => (await validity('ux_big_two')) === false);
    await add(database, 200);
    await reader.end();
    await changing;
    expect(await validity('ux_big_two')).toBe(true);
  });

  test('a key that rows contradict is refused, and nothing is left of it', async () => {
    const database = await open([]);
    const changing = database.reshape(shape([], ['three']), nothing);
    await expect(changing).rejects.toBeInstanceOf(DuplicateRows);
    expect(await validity('ux_big_three')).toBeUndefined();
    await add(database, 300);
  });

  test('one that a change of the tables wants is built after it', async () => {
    const database = await open([]);
    await database.reshape(shape(['one']), nothing);
    await database.indexed();
    expect(await validity('ix_big_one')).toBe(true);
  });
});
