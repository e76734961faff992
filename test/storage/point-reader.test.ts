import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Guid } from '../../src/kernel/ids.ts';
import { type Probe, silentProbe } from '../../src/kernel/probe.ts';
import type { Condition } from '../../src/odata/query.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';
import { type TestSchema, testSchema } from '../support/postgres-schema.ts';

/** PostgreSQL's reads by id: those of one turn of the event loop are one statement, and nobody can tell. */
describe('reads by id that arrive together', () => {
  let schema: TestSchema;
  let database: Database;
  /** Of the statements, in their order: do they ask for several? */
  let isTogether: boolean[];

  const open = (probe: Probe): Promise<Database> => {
    const location = { kind: 'postgres', url: schema.url, schema: schema.schema } as const;
    return openDatabase({ tables: storeModel.tables, alphabet: 'nb', location, probe });
  };
  const counting: Probe = {
    ...silentProbe,
    statement: (kind, _began, text) => void (kind === 'read' && isTogether.push(text.includes('asked.n'))),
  };

  beforeEach(async () => {
    schema = testSchema();
    database = await open(counting);
    await database.maintain(async (rows) => {
      for (let n = 1; n <= 100; n++) {
        const name = n % 2 === 0 ? 'Kari "Ås" \\ {x}, null' : null;
        await rows.insert(person, values(person, { pv_personid: id(n), pv_name: name }));
      }
    });
    isTogether = [];
  });
  afterEach(async () => {
    await database.close();
    await schema.drop();
  });

  const byId = (wanted: Guid): Condition => is('pv_personid', 'eq', wanted);
  const get = async (...where: Condition[]): Promise<readonly string[]> => {
    const condition: Condition = where.length === 1 && where[0] !== undefined ? where[0] : { kind: 'and', of: where };
    const { rows } = await database.query(read(query(person, { where: condition, limit: 1 })));
    return rows.map((row) => JSON.parse(row).pv_personid);
  };

  test('each has its own row, or none, also where two ask for the same', async () => {
    const wanted = [7, 3, 900, 7, 1, 901, 100].map(id);
    const found = await Promise.all(wanted.map((each) => get(byId(each))));
    expect(found).toEqual(wanted.map((each) => (each === id(900) || each === id(901) ? [] : [each])));
    expect(isTogether).toEqual([true]);
  });

  test('each has its own conditions, whatever stands in their values', async () => {
    const named = (name: string): Condition => is('pv_name', 'eq', name);
    const [kari, other] = ['Kari "Ås" \\ {x}, null', 'kari'];
    const found = await Promise.all([
      get(byId(id(2)), named(kari)),
      get(byId(id(2)), named(other)),
      get(byId(id(3)), named(kari)),
      get(byId(id(4)), named(kari)),
      get(byId(id(5))),
    ]);
    expect(found).toEqual([[id(2)], [], [], [id(4)], [id(5)]]);
    // Another condition is another statement.
    expect(isTogether.toSorted()).toEqual([false, true]);
  });

  test('a statement asks for sixty-four at most', async () => {
    const wanted = Array.from({ length: 100 }, (_, n) => id(n + 1));
    expect(await Promise.all(wanted.map((each) => get(byId(each))))).toEqual(wanted.map((each) => [each]));
    expect(isTogether).toEqual([true, true]);
  });

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** One after the other, without waiting for the answers. */
  const inTurns = async (wanted: readonly Guid[]): Promise<Promise<readonly string[]>[]> => {
    const asked: Promise<readonly string[]>[] = [];
    for (const each of wanted) {
      asked.push(get(byId(each)));
      await turn();
    }
    return asked;
  };

  test('those that come while two statements are under way share the next', async () => {
    const wanted = Array.from({ length: 20 }, (_, n) => id(n + 1));
    // The first has the connection made, which takes many turns.
    const found = await Promise.all(await inTurns(wanted));
    expect(found).toEqual(wanted.map((each) => [each]));
    expect(isTogether).toEqual([false, false, true]);
  });

  test('those that wait are answered when the database is closed', async () => {
    const wanted = [1, 2, 3, 4, 5, 6].map(id);
    const asked = await inTurns(wanted);
    await database.close();
    expect(await Promise.all(asked)).toEqual(wanted.map((each) => [each]));
  });

  test('a read by itself is asked by itself', async () => {
    expect(await get(byId(id(1)))).toEqual([id(1)]);
    expect(isTogether).toEqual([false]);
  });

  test('one that fails does not touch the others', async () => {
    const found = await Promise.allSettled(
      [1, 2, 'no GUID', 3].map((n) => get(byId(typeof n === 'number' ? id(n) : (n as Guid)))),
    );
    expect(found.map((each) => (each.status === 'fulfilled' ? each.value : each.status))).toEqual([
      [id(1)],
      [id(2)],
      'rejected',
      [id(3)],
    ]);
  });

  test('when the connection is lost, they are asked again', async () => {
    const client = new pg.Client({ connectionString: schema.url });
    await client.connect();
    await get(byId(id(1)));
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database() and query like '%"${schema.schema}".%pv_personid%'`;
    await client.query(kill);
    await client.end();
    expect(await Promise.all([1, 2, 3].map((n) => get(byId(id(n)))))).toEqual([[id(1)], [id(2)], [id(3)]]);
  });

  test('in a trace, each has a statement of its own', async () => {
    await database.close();
    database = await open({ ...counting, bind: (job) => job });
    isTogether = [];
    await Promise.all([1, 2, 3].map((n) => get(byId(id(n)))));
    expect(isTogether).toEqual([false, false, false]);
  });
});
