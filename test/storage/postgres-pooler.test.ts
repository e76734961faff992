import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Guid } from '../../src/kernel/ids.ts';
import type { Database } from '../../src/storage/database.ts';
import { holdPostgres } from '../../src/storage/hold-server.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import { id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';
import { databaseSettings, makeDatabase, poolerVariable, type TestDatabase } from '../support/database.ts';
import { findPgBouncer, type PoolerOptions, startPgBouncer, type TestPooler } from '../support/pgbouncer.ts';

const found = findPgBouncer();
if (found === undefined) console.warn('skipped: these tests need PgBouncer, the package pgbouncer');

let database: TestDatabase;
let other: TestDatabase;
/** One connection for all: whoever relies on a session's state finds somebody else's. */
let narrow: TestPooler;
let schemas = 0;
const newPerson = (pv_personid: Guid) =>
  values(person, { pv_personid, pv_company: 'usmf', pv_number: pv_personid, pv_name: 'Kari' });
const closing: (() => Promise<void>)[] = [];

describe.skipIf(found === undefined)('PostgreSQL behind PgBouncer in transaction mode', () => {
  beforeAll(async () => {
    database = await makeDatabase(inject('postgresUrl'));
    other = await makeDatabase(inject('postgresUrl'));
    narrow = await startPgBouncer(database.url, { poolSize: 2 });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  afterAll(async () => {
    await narrow?.stop();
    await database.drop();
    await other.drop();
  });

  const throughPooler = (pooler: TestPooler, path = new URL(database.url).pathname): string => {
    const url = new URL(pooler.url);
    url.pathname = path;
    return url.href;
  };

  async function open(url: string, namesStatements: boolean, statementTimeoutMs = 60_000): Promise<Database> {
    const pooler = { url, namesStatements };
    const schema = `pooled_${schemas++}`;
    const location = { kind: 'postgres', url: database.url, schema, statementTimeoutMs, pooler } as const;
    const opened = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    closing.push(() => opened.close());
    return opened;
  }

  const another = async (options: PoolerOptions): Promise<TestPooler> => {
    const pooler = await startPgBouncer(database.url, options);
    closing.push(() => pooler.stop());
    return pooler;
  };

  /** Many writes and reads at once, over more connections than the pooler has; gives how many rows were read. */
  async function work(rows: Database): Promise<number> {
    await fill(rows, sampleRows(5));
    const ids = Array.from({ length: 40 }, (_, at) => id(900 + at));
    await Promise.all(ids.map((key) => rows.maintain((job) => job.insert(person, newPerson(key)))));
    const reads = ids.map((key) =>
      rows.query(read(query(person, { columns: ['pv_name'], where: is('pv_personid', 'eq', key) }))),
    );
    return (await Promise.all(reads)).reduce((total, page) => total + page.rows.length, 0);
  }

  test('unnamed statements read and write over connections that are lent to anybody', async () => {
    const rows = await open(throughPooler(narrow), false);
    expect(await work(rows)).toBe(40);
    expect(await rows.readAll(person)).toHaveLength(45);
  });

  test('named statements work where the pooler keeps them, and else the error says what to set', async () => {
    const rows = await open(throughPooler(narrow), true);
    const outcome = await work(rows).catch((error: unknown) => String(error));
    expect(outcome).toEqual(
      found?.keepsStatements
        ? 40
        : expect.stringMatching(/max_prepared_statements.+PORTVAKT_DATABASE_STATEMENTS=unnamed/),
    );
  });

  test.each([
    { name: 'no limit for statements', options: { statementTimeoutMs: 0 }, has: 'have none' },
    { name: 'a longer limit', options: { statementTimeoutMs: 61_000 }, has: 'have 61000 ms' },
  ])('$name on its connections is refused with the statement to run', async ({ options, has }) => {
    const opening = open(throughPooler(await another(options)), false);
    await expect(opening).rejects.toThrow(has);
    await expect(opening).rejects.toThrow(/alter role "portvakt" set statement_timeout = '60000ms'/);
  });

  test('a statement that takes too long ends by the limit of the pooler, and is told', async () => {
    const rows = await open(throughPooler(await another({ statementTimeoutMs: 300 })), false);
    await database.run(`create function pooled_wait() returns trigger language plpgsql as
      $$ begin perform pg_sleep(5); return new; end $$`);
    await database.run(`create trigger slow before insert on pooled_${schemas - 1}.pv_person for each row
      execute function pooled_wait()`);
    const insert = rows.maintain((job) => job.insert(person, newPerson(id(1))));
    await expect(insert).rejects.toThrow('a statement took too long');
  });

  test('a pooler that leads to another database is refused', async () => {
    const opening = open(throughPooler(narrow, new URL(other.url).pathname), false);
    await expect(opening).rejects.toThrow(/leads to another database \(portvakt_\w+, server of/);
  });

  test('the address of the server itself must be the server: locks do not outlive a pooler', async () => {
    const holding = holdPostgres(throughPooler(narrow), 'portvakt');
    await expect(holding).rejects.toThrow(/a pooler is in between.+PORTVAKT_DATABASE_POOLER_URL/);
  });
});

describe('settings', () => {
  const url = 'postgres://u:hush@h/d';

  test('tests name the pooler in the settings of their servers where one was started', () => {
    const before = process.env[poolerVariable];
    process.env[poolerVariable] = 'postgres://p:6432/postgres';
    expect(parseConfig(databaseSettings('postgres://h/mine')).database.pooler).toEqual({
      url: 'postgres://p:6432/mine',
      namesStatements: false,
    });
    if (before === undefined) delete process.env[poolerVariable];
    else process.env[poolerVariable] = before;
  });

  test.each([
    {
      name: 'a pooler alone',
      settings: { PORTVAKT_DATABASE_POOLER_URL: url },
      says: /POOLER_URL="postgres:\/\/u:\*\*\*@h/,
    },
    {
      name: 'unnamed statements without one',
      settings: { PORTVAKT_DATABASE_STATEMENTS: 'unnamed' },
      says: /only with a/,
    },
    { name: 'another word', settings: { PORTVAKT_DATABASE_STATEMENTS: 'simple' }, says: /one of named, unnamed/ },
  ])('$name is refused', ({ settings, says }) => {
    expect(() => parseConfig(settings)).toThrow(says);
    expect(() => parseConfig(settings)).not.toThrow('hush');
  });
});
