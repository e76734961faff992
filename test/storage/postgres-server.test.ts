import { createServer } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Database, DatabaseOptions } from '../../src/storage/database.ts';
import { deleteDatabase } from '../../src/storage/delete.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import { col, id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';
import { type TestSchema, testSchema } from '../support/postgres-schema.ts';

const schemas: TestSchema[] = [];
const opened: Database[] = [];

function newSchema(): TestSchema {
  const schema = testSchema();
  schemas.push(schema);
  return schema;
}

async function open({ url, schema }: TestSchema, more: Partial<DatabaseOptions> = {}): Promise<Database> {
  const location = { kind: 'postgres', url, schema } as const;
  const database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location, ...more });
  opened.push(database);
  return database;
}

const failure = async (url: string): Promise<string> => {
  const error = await open({ ...newSchema(), url }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StorageError);
  return error instanceof Error ? error.message : '';
};

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});
afterAll(async () => {
  for (const schema of schemas) await schema.drop();
});

describe('a server that cannot be used is named in one line, without the password', () => {
  test('nobody answers', async () => {
    const message = await failure('postgres://me:s3cret@127.0.0.1:1/db');
    expect(message).toMatch(/^schema `test_\w+` of the PostgreSQL server 127\.0\.0\.1:1\/db: no server answers there/);
    expect(message).not.toContain('s3cret');
  });

  test('another kind of server answers', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await failure(`postgres://me@127.0.0.1:${port}/db`)).toContain(`127.0.0.1:${port}/db`);
    server.close();
  });

  test.each([
    [
      'a wrong password',
      (url: string) => url.replace('portvakt:portvakt', 'portvakt:wrong'),
      'refuses the user or the password',
    ],
    ['a database that is not there', (url: string) => url.replace('/postgres', '/nowhere'), 'no such database'],
    ['a socket that is not there', () => 'postgres://a@localhost/b?host=%2Fnowhere', 'no server listens'],
    ['an address that is not a URL', () => 'nonsense', 'not a URL'],
  ])('%s', async (_name, change, says) => {
    expect(await failure(change(newSchema().url))).toContain(says);
  });
});

describe('a schema', () => {
  test('is made once, also when two servers start at the same moment', async () => {
    const schema = newSchema();
    const both = await Promise.all([open(schema), open(schema), open(schema)]);
    expect(both.filter((database) => database.isNew)).toHaveLength(1);
    expect((await open(schema)).isNew).toBe(false);
  });

  test('is removed with all that is in it', async () => {
    const schema = newSchema();
    const database = await open(schema);
    await fill(database, sampleRows(3));
    await database.close();
    const location = { kind: 'postgres', url: schema.url, schema: schema.schema } as const;
    await deleteDatabase(location);
    await deleteDatabase(location);
    expect((await open(schema)).isNew).toBe(true);
  });

  test('does not mix with the next one on the same server', async () => {
    const [a, b] = [await open(newSchema()), await open(newSchema())];
    await fill(a, sampleRows(3));
    expect((await b.query(read(query(person)))).rows).toEqual([]);
  });

  test('serves reads and jobs again after its connections were cut', async () => {
    const schema = newSchema();
    // A name of its own: other tests use the server at the same time.
    const name = schema.schema.slice(0, 40);
    const database = await open({
      ...schema,
      url: `${schema.url}${schema.url.includes('?') ? '&' : '?'}application_name=${name}`,
    });
    await fill(database, sampleRows(3));
    const byId = read(query(person, { where: is('pv_personid', 'eq', id(1)) }));
    await database.query(byId);
    await schema.run(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // The first attempt may meet a connection that is just ending; nobody gets stuck.
    await database.query(byId).catch((error: unknown) => expect(error).toBeInstanceOf(StorageError));
    await database.query(read(query(person))).catch(() => undefined);
    expect((await database.query(byId)).rows).toHaveLength(1);
    await database.maintain((rows) => rows.update(person, id(1), values(person, { pv_level: 9 })));
    expect((await database.query(read(query(person)))).rows).toHaveLength(3);
  });

  test('outlives connections that are cut while they are in use, and tells whoever used them', async () => {
    const schema = newSchema();
    const name = `cut${schema.schema.slice(-30)}`;
    const database = await open({
      ...schema,
      url: `${schema.url}${schema.url.includes('?') ? '&' : '?'}application_name=${name}`,
    });
    await fill(database, sampleRows(3));
    const cut = () =>
      schema.run(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`);
    const job = database.maintain(async (rows) => {
      await rows.get(person, id(1));
      await cut();
      return rows.get(person, id(1));
    });
    await expect(job).rejects.toBeInstanceOf(StorageError);
    const all = read(query(person));
    const many = Array.from({ length: 50 }, () => database.query(all).catch((error: unknown) => error));
    await cut();
    for (const outcome of await Promise.all(many)) {
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StorageError);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await database.query(all).catch(() => undefined);
    expect((await database.query(all)).rows).toHaveLength(3);
  });
});

describe('two servers on one schema', () => {
  test('count up together without losing a step, and draw different numbers', async () => {
    const schema = newSchema();
    const servers = [await open(schema), await open(schema)];
    await servers[0]?.maintain((rows) => rows.insert(person, values(person, { pv_personid: id(1), pv_level: 0 })));
    const step = (database: Database): Promise<bigint> =>
      database.maintain(async (rows) => {
        const level = Number((await rows.get(person, id(1)))?.values.get(col(person, 'pv_level')));
        await rows.update(person, id(1), values(person, { pv_level: level + 1 }));
        return rows.nextNumber('candidate', 1n);
      });
    const numbers = await Promise.all(Array.from({ length: 10 }, (_, at) => step(servers[at % 2] as Database)));
    const [row] = (await servers[1]?.readAll(person)) ?? [];
    expect(row?.values.get(col(person, 'pv_level'))).toBe(10);
    expect(new Set(numbers).size).toBe(10);
  });
});

describe('statements', () => {
  test('a connection that has prepared many shapes is replaced, and reads go on', async () => {
    const schema = newSchema();
    const name = schema.schema.slice(0, 40);
    const database = await open({
      ...schema,
      url: `${schema.url}${schema.url.includes('?') ? '&' : '?'}application_name=${name}`,
    });
    await fill(database, sampleRows(3));
    // How far is counted stands in the statement: each is a shape of its own.
    for (let countUpTo = 1; countUpTo <= 1300; countUpTo++) {
      const page = await database.query(read(query(person, { limit: 0, countUpTo, where: is('pv_level', 'ne', 77) })));
      expect(page.count).toBe(Math.min(countUpTo, 3));
    }
    const connections = await schema.run(`select count(*) from pg_stat_activity where application_name = '${name}'`);
    expect(Number(connections[0]?.[0])).toBeLessThan(12);
  });
});

test('where the server has Citus, the schema of an environment is distributed before its tables are made', async () => {
  const place = newSchema();
  // What Citus brings along, as far as it is called: notes which schema, and how many tables there are by then.
  await place.run(`create function citus_schema_distribute(asked regnamespace) returns void language plpgsql as $$ begin
    execute format('create table if not exists citus_asked as select %L as schema, (select count(*) from pg_class
      where relnamespace = %L::regnamespace) as tables', asked::text, asked::text); end $$`);
  try {
    const at = { kind: 'postgres', url: place.url, schema: place.schema } as const;
    await open(place, { location: { ...at, isDistributed: true } });
    expect(await place.run('select schema, tables from citus_asked')).toEqual([[place.schema, '0']]);
    await open(newSchema());
    await open(place, { location: { ...at, isDistributed: true } });
    expect(await place.run('select count(*) from citus_asked')).toEqual([['1']]);
  } finally {
    await place.run('drop function citus_schema_distribute(regnamespace)');
    await place.run('drop table if exists citus_asked');
  }
});
