import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Guid } from '../../src/kernel/ids.ts';
import { type Probe, silentProbe } from '../../src/kernel/probe.ts';
import { DuplicateKey, type Transaction } from '../../src/odata/row-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { col, id, is, person, query, read, storeModel, team, values, writePlan } from '../conformance/store-model.ts';
import { type TestSchema, testSchema } from '../support/postgres-schema.ts';

/** PostgreSQL's writes: those of one turn of the event loop share a transaction, and nobody can tell. */
describe('writes to PostgreSQL that arrive together', () => {
  let schema: TestSchema;
  let database: Database;
  let beside: pg.Client;

  beforeEach(async () => {
    schema = testSchema();
    const location = { kind: 'postgres', url: schema.url, schema: schema.schema } as const;
    database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    beside = new pg.Client({ connectionString: schema.url });
    await beside.connect();
  });
  afterEach(async () => {
    await beside.end();
    await database.close();
    await schema.drop();
  });

  const write = <T>(job: (rows: Transaction) => Promise<T>): Promise<T> => database.write(writePlan(person), job);
  const insert = (n: number, more = {}): Promise<void> =>
    write((rows) => rows.insert(person, values(person, { pv_personid: id(n), ...more })));
  const ids = async (): Promise<readonly Guid[]> => (await database.readAll(person)).map((row) => row.id).sort();
  /** By how many transactions the rows that are there were written. */
  const transactions = async (): Promise<number> => {
    const { rows } = await beside.query(`select count(distinct xmin::text) from ${schema.schema}.pv_person`);
    return Number(rows[0]?.count);
  };

  test('are committed by one transaction, however many they are', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => insert(n)));
    expect(await ids()).toHaveLength(100);
    // Sixty-four at once, and those that came too late for them.
    expect(await transactions()).toBeLessThanOrEqual(3);
  });

  describe('rows that nobody waits for', () => {
    const insertLater = (n: number, more = {}): Promise<void> =>
      write(async (rows) => {
        const explain = (error: unknown): unknown => new Error(`row ${n}`, { cause: error });
        rows.insertLater(person, values(person, { pv_personid: id(n), ...more }), explain);
      });
    const texts: string[] = [];
    const countInserts = async (job: () => Promise<unknown>): Promise<number> => {
      texts.length = 0;
      const place = { kind: 'postgres', url: schema.url, schema: schema.schema } as const;
      const probe: Probe = { ...silentProbe, statement: (_kind, _began, text) => void texts.push(text) };
      const own = database;
      database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location: place, probe });
      await job().finally(() => database.close());
      database = own;
      return texts.filter((text) => text.startsWith('insert')).length;
    };

    test('are inserted by one statement for each shape, in their order', async () => {
      const odd = `it's "{\\,}"\n null`;
      const jobs = (): Promise<unknown> =>
        Promise.all([
          ...Array.from({ length: 8 }, (_, n) => insertLater(n, { pv_name: n === 3 ? odd : `${n}` })),
          ...[11, 12].map((n) => insertLater(n)),
        ]);
      expect(await countInserts(jobs)).toBe(2);
      const rows = await database.readAll(person);
      const name = col(person, 'pv_name');
      const byVersion = [...rows].sort((one, other) => Number(one.version - other.version));
      expect(byVersion.map((row) => row.id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 11, 12].map(id));
      expect(byVersion.map((row) => row.values.get(name))).toEqual([
        '0',
        '1',
        '2',
        odd,
        '4',
        '5',
        '6',
        '7',
        null,
        null,
      ]);
    });

    test('are there for who looks for them, changes them or deletes them after that', async () => {
      const seen: unknown[] = [];
      const name = col(person, 'pv_name');
      await Promise.all([
        insertLater(1, { pv_name: 'Kari' }),
        write(async (rows) => void seen.push((await rows.get(person, id(1)))?.values.get(name))),
        insertLater(2, { pv_name: 'Ola' }),
        write((rows) => rows.update(person, id(2), new Map([[name, 'Per']]))),
        insertLater(3),
        write((rows) => rows.delete(person, id(3))),
      ]);
      const page = await database.query(read(query(person, { where: is('pv_name', 'eq', 'Per') })));
      expect([seen, await ids(), page.rows.length]).toEqual([['Kari'], [id(1), id(2)], 1]);
    });

    test('one that is a duplicate is told by itself what it is, and the others are kept', async () => {
      await insert(2);
      const all = await Promise.allSettled([1, 2, 3].map((n) => insertLater(n)));
      expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(all[1]).toMatchObject({ reason: { message: 'row 2', cause: expect.any(DuplicateKey) } });
      expect(await ids()).toEqual([id(1), id(2), id(3)]);
    });

    test('leave nothing behind when the statement for them cannot be made', async () => {
      const join = vi.spyOn(Array.prototype, 'join').mockImplementation(function (this: unknown[], between) {
        if (this.includes('"too long"')) throw new RangeError('Invalid string length');
        return this.reduce<string>((text, each, at) => `${text}${at > 0 ? (between ?? ',') : ''}${each ?? ''}`, '');
      });
      const job = (n: number, name: string): Promise<void> =>
        write(async (rows) => {
          rows.insertLater(team, values(team, { pv_teamid: id(n), pv_name: name }), (error) => error);
          rows.insertLater(person, values(person, { pv_personid: id(n), pv_name: name }), (error) => error);
        });
      const all = await Promise.allSettled([job(1, 'short'), job(2, 'too long')]).finally(() => join.mockRestore());
      // Each by itself needs no list.
      expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect([await ids(), (await database.readAll(team)).length]).toEqual([[id(1), id(2)], 2]);
    });

    test('are not there when their job fails after that', async () => {
      const broken = write(async (rows) => {
        rows.insertLater(person, values(person, { pv_personid: id(8) }), (error) => error);
        throw new Error('on second thoughts');
      });
      const all = await Promise.allSettled([insertLater(1), broken, insertLater(2)]);
      expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await ids()).toEqual([id(1), id(2)]);
    });
  });

  test('see what those before them have written and changed', async () => {
    const name = col(person, 'pv_name');
    const seen: unknown[] = [];
    const look = (rows: Transaction): Promise<void> =>
      rows.list(person, is('pv_name', 'eq', 'Kari'), 5).then((found) => void seen.push(found.length));
    await Promise.all([
      write(look),
      write(look),
      insert(1, { pv_name: 'Kari' }),
      write(look),
      write((rows) => rows.update(person, id(1), new Map([[name, 'Ola']]))),
      write(look),
      write(async (rows) => void seen.push((await rows.get(person, id(1)))?.values.get(name))),
      write((rows) => rows.delete(person, id(1))),
      write(async (rows) => void seen.push(await rows.get(person, id(1)))),
    ]);
    expect(seen).toEqual([0, 0, 1, 0, 'Ola', undefined]);
  });

  test('a list that depends on rows of another table is read again', async () => {
    const seen: number[] = [];
    const inTeam = { kind: 'compare', op: 'eq', column: col(team, 'pv_name'), value: 'A' } as const;
    const teams = (rows: Transaction): Promise<void> =>
      rows.list(team, inTeam, 5).then((found) => void seen.push(found.length));
    await Promise.all([
      write(teams),
      write((rows) => rows.insert(team, values(team, { pv_teamid: id(7), pv_name: 'A' }))),
      write(teams),
    ]);
    expect(seen).toEqual([0, 1]);
  });

  test('one that fails in the database fails by itself, and its neighbours are kept', async () => {
    await insert(5);
    const all = await Promise.allSettled([insert(1), insert(5), insert(2), insert(3)]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(all[1]).toMatchObject({ reason: expect.any(DuplicateKey) });
    expect(await ids()).toEqual([id(1), id(2), id(3), id(5)]);
  });

  test('one that throws after it has written leaves nothing behind', async () => {
    const broken = write(async (rows) => {
      await rows.insert(person, values(person, { pv_personid: id(8) }));
      throw new Error('on second thoughts');
    });
    const all = await Promise.allSettled([insert(1), broken, insert(2)]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids()).toEqual([id(1), id(2)]);
  });

  test('one that throws before it has written anything costs its neighbours nothing', async () => {
    let runs = 0;
    const refused = write(async (rows) => {
      runs++;
      await rows.get(person, id(9));
      throw new Error('not found');
    });
    const all = await Promise.allSettled([insert(1), refused, insert(2)]);
    expect(all[1]).toMatchObject({ reason: new Error('not found') });
    expect([runs, await transactions()]).toEqual([1, 1]);
  });

  test('two that want the same key: one gets it, whichever it is', async () => {
    const all = await Promise.allSettled([insert(1), insert(1)]);
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await ids()).toEqual([id(1)]);
  });

  test('belong each to its own request, though one of them begins the transaction', async () => {
    const requests = new AsyncLocalStorage<string>();
    const { drop, ...place } = testSchema();
    const probe: Probe = { ...silentProbe, bind: (job) => AsyncLocalStorage.bind(job) };
    const own = await openDatabase({
      ...{ tables: storeModel.tables, alphabet: 'nb', probe },
      location: { kind: 'postgres', url: place.url, schema: place.schema },
    });
    const seen: (string | undefined)[] = [];
    const note = (request: string): Promise<void> =>
      requests.run(request, () => own.write(writePlan(person), async () => void seen.push(requests.getStore())));
    await Promise.all(['first', 'second', 'third'].map(note));
    await own.close();
    await drop();
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  test('a slow one does not hold up those that come after it', async () => {
    let release: () => void = () => undefined;
    const slow = write(() => new Promise<void>((resolve) => (release = resolve)));
    const neighbour = write(async (rows) => rows.get(person, id(1)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await insert(2);
    expect(await ids()).toEqual([id(2)]);
    release();
    await Promise.all([slow, neighbour]);
  });

  test('that collide with somebody else are done again, all of them', async () => {
    await insert(1, { pv_name: 'before' });
    await beside.query('begin isolation level serializable');
    await beside.query(`select * from ${schema.schema}.pv_person`);
    await beside.query(`update ${schema.schema}.pv_person set pv_name = 'beside' where pv_personid = '${id(1)}'`);
    const name = new Map([[col(person, 'pv_name'), 'ours']]);
    const ours = Promise.all([write((rows) => rows.update(person, id(1), name)), insert(2)]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await beside.query('commit');
    await ours;
    const page = await database.query(read(query(person, { where: is('pv_name', 'eq', 'ours') })));
    expect([page.rows.length, await ids()]).toEqual([1, [id(1), id(2)]]);
  });

  test('whose connection is cut before the commit are told so, each by itself, and nothing was kept', async () => {
    const cut = write(async (rows) => {
      await rows.insert(person, values(person, { pv_personid: id(3) }));
      await beside.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like '%"${schema.schema}"."pv_person"%' and pid <> pg_backend_pid()`,
      );
      await rows.get(person, id(4));
    });
    const all = await Promise.allSettled([insert(1), cut]);
    for (const each of all) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(StorageError);
    expect(all[1]?.status).toBe('rejected');
    expect(await ids()).toEqual(all[0]?.status === 'fulfilled' ? [id(1)] : []);
  });
});
