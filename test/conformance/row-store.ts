import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Column } from '../../src/metadata/table.ts';
import type { Query, Value } from '../../src/odata/query.ts';
import { DuplicateKey, type Page, type Row, type Transaction } from '../../src/odata/row-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { condition, orderBy } from './arbitrary.ts';
import { heldValue, Oracle } from './oracle.ts';
import { fill, oddTexts, type SampleRow, sampleRows } from './sample-rows.ts';
import {
  all,
  any,
  col,
  id,
  is,
  nav,
  not,
  person,
  query,
  read,
  skill,
  team,
  teamSkill,
  through,
  values,
  writePlan,
} from './store-model.ts';

/** Makes an empty database with the tables of `store-model.ts`. */
export type OpenEmpty = () => Promise<Database>;

const visible = person.columns.filter((column) => column.hidden !== true).map((column) => column.name);

/** What every row store must do, whatever it is made of. */
export function rowStoreSuite(name: string, openEmpty: OpenEmpty): void {
  describe(`${name}: reading`, () => describeReading(openEmpty));
  describe(`${name}: paging`, () => describePaging(openEmpty));
  describe(`${name}: expand`, () => describeExpand(openEmpty));
  describe(`${name}: writing`, () => describeWriting(openEmpty));
}

/** A database for a whole group of tests. */
function shared(openEmpty: OpenEmpty, rows: readonly SampleRow[]): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await openEmpty();
    await fill(database, rows);
    await database.analyze();
  });
  afterAll(async () => database?.close());
  return () => {
    if (database === undefined) throw new Error('not open yet');
    return database;
  };
}

const idsOf = (page: Page): string[] => page.rows.map((text) => String(JSON.parse(text)['pv_personid']));

async function readPages(database: Database, of: Query): Promise<{ ids: string[]; sizes: number[] }> {
  const ids: string[] = [];
  const sizes: number[] = [];
  let after: readonly Value[] | undefined;
  do {
    const page: Page = await database.query(read({ ...of, after }));
    ids.push(...idsOf(page));
    sizes.push(page.rows.length);
    after = page.next;
  } while (after !== undefined);
  return { ids, sizes };
}

function describeReading(openEmpty: OpenEmpty): void {
  const rows = sampleRows();
  const oracle = new Oracle(rows);
  const database = shared(openEmpty, rows);

  test('gives the rows that meet a condition, of every kind on every type, in order', async () => {
    await fc.assert(
      fc.asyncProperty(condition, orderBy, async (where, order) => {
        const page = await database().query(read({ ...query(person, { where }), orderBy: order }));
        expect(idsOf(page)).toEqual(oracle.select(person, where, order).map((row) => row.id));
      }),
      { numRuns: 600 },
    );
  });

  test('gives a single row by its id, and none where a condition besides excludes it', async () => {
    const byId = is('pv_personid', 'eq', id(3));
    const [row] = (await database().query(read(query(person, { where: byId, columns: ['pv_number'], limit: 1 })))).rows;
    expect(row).toBe(`{"pv_personid":"${id(3)}","pv_number":"N3"}`);
    const excluded = query(person, { where: all(byId, is('pv_company', 'eq', 'usmf')), limit: 1 });
    expect((await database().query(read(excluded))).rows).toEqual([]);
    expect((await database().query(read(query(person, { where: is('pv_personid', 'eq', id(9998)) })))).rows).toEqual(
      [],
    );
  });

  test('writes each type as JSON without loss', async () => {
    const page = await database().query(read(query(person, { columns: visible })));
    const expected = oracle.select(person, undefined).map((row) => expectedJson(row));
    expect(page.rows).toEqual(expected);
  });

  test('gives "" for text that was never set where that is asked for', async () => {
    const where = is('pv_personid', 'eq', id(44));
    const columns = ['pv_name', 'pv_notes', 'pv_level'];
    const page = await database().query(read(query(person, { where, columns, unsetTextAsEmpty: true })));
    expect(page.rows).toEqual([`{"pv_personid":"${id(44)}","pv_name":"","pv_notes":"","pv_level":-1}`]);
  });

  test('gives the ETag first, then the primary key once, then the columns in the order asked for', async () => {
    const where = is('pv_personid', 'eq', id(1));
    const columns = ['pv_number', 'pv_personid', 'pv_company'];
    const [row = ''] = (await database().query(read(query(person, { where, columns, etag: true })))).rows;
    expect(Object.keys(JSON.parse(row))).toEqual(['@odata.etag', 'pv_personid', 'pv_number', 'pv_company']);
    expect(JSON.parse(row)['@odata.etag']).toMatch(/^W\/"[1-9]\d*"$/);
  });

  test.each([
    { name: 'all rows on the page', limit: 100, countUpTo: 5000, count: 60, rows: 60 },
    { name: 'more rows than the page', limit: 10, countUpTo: 5000, count: 60, rows: 10 },
    { name: 'more rows than are counted', limit: 10, countUpTo: 25, count: 25, rows: 10 },
    { name: 'the count alone', limit: 0, countUpTo: 5000, count: 60, rows: 0 },
    { name: 'a full page that is the last', limit: 60, countUpTo: 5000, count: 60, rows: 60 },
    { name: 'no count', limit: 10, countUpTo: undefined, count: undefined, rows: 10 },
  ])('counts: $name', async ({ limit, countUpTo, count, rows: size }) => {
    const parts = countUpTo === undefined ? { limit } : { limit, countUpTo };
    const page = await database().query(read(query(person, parts)));
    expect([page.count, page.rows.length]).toEqual([count, size]);
  });

  test('counts what meets the condition, also on a later page', async () => {
    const where = is('pv_company', 'eq', 'USMF');
    const first = await database().query(read(query(person, { where, limit: 10, countUpTo: 5000 })));
    const second = await database().query(
      read(query(person, { where, limit: 50, countUpTo: 5000, after: first.next })),
    );
    expect([first.count, second.count, second.rows.length, second.next]).toEqual([30, 30, 20, undefined]);
  });

  test.each([
    ['a value of another type', is('pv_level', 'eq', 'three')],
    ['a text where an id is needed', is('pv_team', 'eq', "x' or 1=1")],
    ['a malformed time', is('pv_started', 'gt', '2024-01-01')],
    [
      'columns that cannot be compared',
      all({ kind: 'compareColumns', op: 'eq', left: col(person, 'pv_name'), right: col(person, 'pv_level') }),
    ],
  ])('refuses %s', async (_name, where) => {
    await expect(database().query(read(query(person, { where })))).rejects.toThrow(TypeError);
  });

  test('gives all stored rows to housekeeping, hidden columns too', async () => {
    const stored = await database().readAll(person);
    const expected = rows.filter((row) => row.table === person).map((row) => withNulls(row));
    expect(stored.map((row) => row.values)).toEqual(expected);
    expect(new Set(stored.map((row) => row.version)).size).toBe(stored.length);
  });
}

function withNulls(row: SampleRow): Map<unknown, Value> {
  return new Map(row.table.columns.map((column) => [column, heldValue(row, column)]));
}

function expectedJson(row: SampleRow): string {
  const members = visible.map((name) => {
    const column = col(person, name);
    const value = heldValue(row, column);
    // The table is a native one: dates have no time.
    const shown = column.type === 'Date' && typeof value === 'string' ? value.slice(0, 10) : value;
    return `${JSON.stringify(column.property)}:${jsonValue(shown, column.type === 'Decimal' ? column.scale : undefined)}`;
  });
  return `{${members.join()}}`;
}

function jsonValue(value: Value, scale: number | undefined): string {
  if (typeof value === 'bigint') return String(value);
  if (scale === undefined || value === null) return JSON.stringify(value);
  const [whole, fraction = ''] = String(value).split('.');
  return `${whole}.${fraction.padEnd(scale, '0')}`;
}

function describePaging(openEmpty: OpenEmpty): void {
  const rows = sampleRows();
  const oracle = new Oracle(rows);
  const database = shared(openEmpty, rows);

  test('gives each row once, in order, whatever the order and the page size', async () => {
    await fc.assert(
      fc.asyncProperty(condition, orderBy, fc.integer({ min: 7, max: 30 }), async (where, order, limit) => {
        const { ids, sizes } = await readPages(database(), { ...query(person, { where, limit }), orderBy: order });
        expect(ids).toEqual(oracle.select(person, where, order).map((row) => row.id));
        expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
      }),
      { numRuns: 120 },
    );
  });

  test('sorts text by the Norwegian alphabet without regard to case', async () => {
    const where = any(
      ...['Zahl', 'berg', 'Ås', 'Øst', 'Müller', 'Ærlig Østby', 'Aase Aas', 'Élodie'].map((name) =>
        is('pv_name', 'eq', name),
      ),
    );
    const page = await database().query(read(query(person, { where, columns: ['pv_name'], orderBy: ['pv_name'] })));
    const names = page.rows.map((row) => String(JSON.parse(row)['pv_name']).toLowerCase());
    expect([...new Set(names)]).toEqual(['berg', 'élodie', 'müller', 'zahl', 'ærlig østby', 'øst', 'ås', 'aase aas']);
  });

  test('there is no next page behind a page that is just full', async () => {
    const page = await database().query(read(query(person, { limit: 60 })));
    expect([page.rows.length, page.next]).toEqual([60, undefined]);
  });
}

function describeExpand(openEmpty: OpenEmpty): void {
  const rows = sampleRows(12);
  const database = shared(openEmpty, rows);
  const one = async (of: Query): Promise<string | undefined> => (await database().query(read(of))).rows[0];
  const person1 = is('pv_personid', 'eq', id(1));
  const team1 = is('pv_teamid', 'eq', id(1), team);

  test('single-valued: the row, with its own columns and ETag', async () => {
    const expand = [{ navigation: nav(person, 'pv_team'), query: query(team, { columns: ['pv_name'], etag: true }) }];
    const row = await one(query(person, { where: person1, expand }));
    expect(row).toMatch(
      new RegExp(
        `^{"pv_personid":"${id(1)}","pv_team":{"@odata.etag":"W/\\\\"\\d+\\\\"","pv_teamid":"${id(2)}","pv_name":"Bergen"}}$`,
      ),
    );
  });

  test.each([
    { name: 'the lookup is empty', where: is('pv_personid', 'eq', id(5)), target: query(team) },
    {
      name: 'the row is not visible',
      where: person1,
      target: query(team, { where: is('pv_name', 'eq', 'Oslo', team) }),
    },
  ])('single-valued: null when $name', async ({ where, target }) => {
    const row = await one(query(person, { where, expand: [{ navigation: nav(person, 'pv_team'), query: target }] }));
    expect(JSON.parse(row ?? '').pv_team).toBe(null);
  });

  test('single-valued: null when the lookup points to nobody', async () => {
    const expand = [{ navigation: nav(person, 'pv_manager'), query: query(person) }];
    const row = await one(query(person, { where: is('pv_personid', 'eq', id(7)), expand }));
    expect(JSON.parse(row ?? '').pv_manager).toBe(null);
  });

  test('collection: filtered, sorted, limited, with its link before it', async () => {
    const target = query(person, {
      columns: ['pv_number'],
      orderBy: ['-pv_number'],
      limit: 2,
      where: is('pv_level', 'ne', 99),
    });
    const link = { before: 'https://host/x("', after: '")/y?a=\\b' };
    const row = await one(
      query(team, { where: team1, expand: [{ navigation: nav(team, 'pv_members'), query: target, link }] }),
    );
    expect(row).toBe(
      `{"pv_teamid":"${id(1)}","pv_members@odata.nextLink":"https://host/x(\\"${id(1)}\\")/y?a=\\\\b",` +
        `"pv_members":[{"pv_personid":"${id(10)}","pv_number":"N10"}]}`,
    );
  });

  test('collection: all rows without a limit, an empty list where there are none', async () => {
    const target = query(person, { limit: undefined, orderBy: ['-pv_level', 'pv_number'], columns: ['pv_level'] });
    const expand = [{ navigation: nav(person, 'pv_reports'), query: target }];
    const reports = JSON.parse((await one(query(person, { where: person1, expand }))) ?? '').pv_reports;
    expect(reports.map((each: { pv_personid: string }) => each.pv_personid)).toEqual([id(11), id(1)]);
    const nobody = await one(query(person, { where: is('pv_personid', 'eq', id(12)), expand }));
    expect(nobody).toBe(`{"pv_personid":"${id(12)}","pv_reports":[]}`);
  });

  test('many-to-many, from both ends and nested', async () => {
    const names = { columns: ['pv_name'], orderBy: ['pv_name'] };
    const inner = { navigation: nav(skill, 'pv_teamskills'), query: query(team, { ...names, limit: undefined }) };
    const expand = [{ navigation: nav(team, 'pv_teamskills'), query: query(skill, { ...names, expand: [inner] }) }];
    const row = JSON.parse((await one(query(team, { where: team1, expand }))) ?? '');
    expect(row.pv_teamskills).toEqual([
      {
        pv_skillid: id(1),
        pv_name: 'Java',
        pv_teamskills: [
          { pv_teamid: id(4), pv_name: 'zürich' },
          { pv_teamid: id(1), pv_name: 'Ås' },
        ],
      },
      {
        pv_skillid: id(4),
        pv_name: 'ÆØÅ',
        pv_teamskills: [
          { pv_teamid: id(4), pv_name: 'zürich' },
          { pv_teamid: id(1), pv_name: 'Ås' },
        ],
      },
    ]);
  });

  test('several levels with conditions of the same shape and different values', async () => {
    const named = (name: string): Query =>
      query(team, { columns: ['pv_name'], where: is('pv_name', 'eq', name, team) });
    const manager = (inner: string): Query =>
      query(person, { columns: ['pv_number'], expand: [{ navigation: nav(person, 'pv_team'), query: named(inner) }] });
    const whole = (outer: string, inner: string): Query =>
      query(person, {
        where: is('pv_personid', 'eq', id(11)),
        expand: [
          { navigation: nav(person, 'pv_team'), query: named(outer) },
          { navigation: nav(person, 'pv_manager'), query: manager(inner) },
        ],
      });
    const answer = async (outer: string, inner: string): Promise<unknown[]> => {
      const row = JSON.parse((await one(whole(outer, inner))) ?? '');
      return [row.pv_team?.pv_name, row.pv_manager?.pv_team?.pv_name];
    };
    // Person 11 has no team; person 1, the manager, is in Bergen.
    expect(await answer('Bergen', 'bergen')).toEqual([undefined, 'Bergen']);
    expect(await answer('bergen', 'Ås')).toEqual([undefined, undefined]);
  });
}

function describeWriting(openEmpty: OpenEmpty): void {
  const rows = sampleRows(12);
  const database = shared(openEmpty, rows);
  const newPerson = (n: number, more: Record<string, Value> = {}): Map<never, Value> =>
    values(person, { pv_personid: id(n), ...more }) as Map<never, Value>;
  const get = (n: number): Promise<Row | undefined> =>
    database().maintain((transaction) => transaction.get(person, id(n)));
  const valueAt = async (n: number, name: string): Promise<Value | undefined> =>
    (await get(n))?.values.get(col(person, name));

  test('inserts, reads, changes and deletes a row, with a new version each time', async () => {
    const versions: (bigint | undefined)[] = [];
    await database().write(writePlan(person), async (transaction, scope) => {
      expect(scope.operation.table).toBe(person);
      await transaction.insert(person, newPerson(100, { pv_name: 'Ny', pv_salary: '1.005' }));
      const row = await transaction.get(person, id(100));
      versions.push(row?.version);
      expect(row?.values.get(col(person, 'pv_salary'))).toBe('1.01');
      expect(row?.values.get(col(person, 'pv_level'))).toBe(null);
      await transaction.update(person, id(100), values(person, { pv_name: null, pv_level: 4 }));
    });
    const changed = await get(100);
    versions.push(changed?.version);
    expect([changed?.values.get(col(person, 'pv_name')), changed?.values.get(col(person, 'pv_level'))]).toEqual([
      null,
      4,
    ]);
    expect(Number(versions[1])).toBeGreaterThan(Number(versions[0]));
    await database().maintain((transaction) => transaction.delete(person, id(100)));
    expect(await get(100)).toBeUndefined();
  });

  test('several writes together are kept as a whole, and reads among them see what was written before', async () => {
    const seen = await database().together(async (rows) => {
      await rows.write(writePlan(person), (transaction) =>
        transaction.insert(person, newPerson(110, { pv_name: 'Ett' })),
      );
      await rows.together((inner) =>
        inner.write(writePlan(person), (transaction) => transaction.insert(person, newPerson(111, { pv_name: 'To' }))),
      );
      const page = await rows.query(
        read({ ...query(person, { where: is('pv_personid', 'ge', id(110)), limit: 1 }), countUpTo: 100 }),
      );
      expect((await database().query(read(query(person, { where: is('pv_personid', 'ge', id(110)) })))).rows).toEqual(
        [],
      );
      return { ids: idsOf(page), count: page.count, more: page.next !== undefined };
    });
    expect(seen).toEqual({ ids: [id(110)], count: 2, more: true });
    expect([await valueAt(110, 'pv_name'), await valueAt(111, 'pv_name')]).toEqual(['Ett', 'To']);
  });

  test('of several writes together nothing is kept when a later one throws', async () => {
    const broken = database().together(async (rows) => {
      await rows.write(writePlan(person), (transaction) => transaction.insert(person, newPerson(112)));
      await rows.write(writePlan(team), async () => {
        throw new Error('no');
      });
    });
    await expect(broken).rejects.toThrow('no');
    expect(await get(112)).toBeUndefined();
  });

  test('of several writes together nothing is kept when one violates a key, even if that is caught', async () => {
    const broken = database().together(async (rows) => {
      await rows.write(writePlan(person), (transaction) => transaction.insert(person, newPerson(113)));
      await rows
        .write(writePlan(person), (transaction) => transaction.insert(person, newPerson(1)))
        .catch(() => undefined);
    });
    await expect(broken).rejects.toThrow(DuplicateKey);
    expect(await get(113)).toBeUndefined();
  });

  test('writes together that collide with others are done again as a whole', async () => {
    await database().maintain((transaction) => transaction.insert(person, newPerson(114, { pv_level: 0 })));
    const raise = (): Promise<void> =>
      database().together(async (rows) => {
        const before = await rows.write(writePlan(person), (transaction) => transaction.get(person, id(114)));
        const level = Number(before?.values.get(col(person, 'pv_level')) ?? 0) + 1;
        await rows.write(writePlan(person), (transaction) =>
          transaction.update(person, id(114), values(person, { pv_level: level })),
        );
      });
    await Promise.all(Array.from({ length: 12 }, raise));
    expect(await valueAt(114, 'pv_level')).toBe(12);
  });

  test('a changed text is found by its new value and not by the old one', async () => {
    await database().maintain((transaction) => transaction.insert(person, newPerson(101, { pv_name: 'Førster' })));
    await database().maintain((transaction) =>
      transaction.update(person, id(101), values(person, { pv_name: 'Åndre' })),
    );
    const found = async (name: string): Promise<number> =>
      (await database().query(read(query(person, { where: is('pv_name', 'eq', name) })))).rows.length;
    expect([await found('FØRSTER'), await found('ÅNDRE')]).toEqual([0, 1]);
  });

  test('lists rows in order of the primary key', async () => {
    const listed = await database().maintain((transaction) =>
      transaction.list(person, is('pv_company', 'eq', 'NODA'), 3),
    );
    expect(listed.map((row) => row.id)).toEqual([id(1), id(3), id(5)]);
    expect(await database().maintain((transaction) => transaction.list(person, { kind: 'always' }, 0))).toEqual([]);
  });

  test.each(oddTexts.map((text, at) => [text, 200 + at] as const))('keeps %j as it is', async (text, n) => {
    await database().maintain((transaction) =>
      transaction.insert(person, newPerson(n, { pv_name: text, pv_notes: text })),
    );
    expect(await valueAt(n, 'pv_notes')).toBe(text);
    const page = await database().query(
      read(query(person, { where: is('pv_personid', 'eq', id(n)), columns: ['pv_name'] })),
    );
    expect(JSON.parse(page.rows[0] ?? '').pv_name).toBe(text);
  });

  test('keeps text of a million characters', async () => {
    const text = 'å'.repeat(1_000_000);
    await database().maintain((transaction) => transaction.insert(person, newPerson(250, { pv_notes: text })));
    expect(await valueAt(250, 'pv_notes')).toBe(text);
  });

  test('pages of rows with text of any characters have all of it, and go on where they ended', async () => {
    const [text, rows, from] = ['a\u001e\nb\u2028","', 20, 300];
    await database().maintain(async (transaction) => {
      for (let at = 0; at < rows; at++) {
        await transaction.insert(person, newPerson(from + at, { pv_name: text, pv_level: at }));
      }
    });
    const where = is('pv_name', 'eq', text);
    const parts = { where, columns: ['pv_name', 'pv_level'], orderBy: ['-pv_level'], limit: rows - 3 };
    const first = await database().query(read(query(person, parts)));
    const second = await database().query(read({ ...query(person, parts), after: first.next }));
    expect(second.next).toBeUndefined();
    const found = [...first.rows, ...second.rows].map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(found.map((row) => row['pv_level'])).toEqual(Array.from({ length: rows }, (_, at) => rows - 1 - at));
    expect(found.every((row) => row['pv_name'] === text)).toBe(true);
    expect([first.rows.length, second.rows.length]).toEqual([rows - 3, 3]);
    await database().maintain(async (transaction) => {
      for (let at = 0; at < rows; at++) await transaction.delete(person, id(from + at));
    });
  });

  test('half a surrogate pair becomes U+FFFD', async () => {
    await database().maintain((transaction) => transaction.insert(person, newPerson(251, { pv_name: 'a\ud800b' })));
    expect(await valueAt(251, 'pv_name')).toBe('a\ufffdb');
  });

  test.each([
    ['U+0000 in text', { pv_name: 'a\0b' }],
    ['a number for text', { pv_name: 3 }],
    ['a number with a fraction for a whole one', { pv_level: 1.5 }],
    ['a number beyond 32 bits', { pv_level: 2 ** 31 }],
    ['a number beyond 64 bits', { pv_big: 2n ** 63n }],
    ['a decimal beyond 64 bits', { pv_rate: '9223372036854.775808' }],
    ['a decimal in exponent form', { pv_rate: '1e3' }],
    ['a decimal as a number', { pv_rate: 1.5 }],
    ['an id in capitals', { pv_team: 'AAAAAAAA-0000-4000-8000-000000000001' }],
    ['a date without a time', { pv_born: '2024-01-01' }],
    ['text for a truth value', { pv_active: 'true' }],
  ])('refuses %s, and nothing is written', async (_name, more) => {
    const job = database().maintain((transaction) => transaction.insert(person, newPerson(260, more)));
    await expect(job).rejects.toThrow(TypeError);
    expect(await get(260)).toBeUndefined();
  });

  test('refuses a row without an id, columns of another table, and a change of a row that is not there', async () => {
    const insert = (of: Map<never, Value>): Promise<void> => database().maintain((rows) => rows.insert(person, of));
    await expect(insert(values(person, { pv_name: 'x' }) as Map<never, Value>)).rejects.toThrow('needs its id');
    const foreign = new Map([...newPerson(261), ...values(team, { pv_city: 'x' })]) as Map<never, Value>;
    await expect(insert(foreign)).rejects.toThrow('another table');
    const update = database().maintain((rows) => rows.update(person, id(9998), values(person, { pv_level: 1 })));
    await expect(update).rejects.toThrow('no row');
  });

  describe('keys', () => {
    test('a second row with the same id', async () => {
      const error = await database()
        .maintain((transaction) => transaction.insert(person, newPerson(1)))
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DuplicateKey);
      expect(error).toMatchObject({ table: person, columns: [person.primaryKey] });
    });

    test.each([
      { name: 'a new row, in other letters', job: { pv_number: 'n1', pv_company: 'NODA' }, update: false },
      { name: 'a changed row', job: { pv_number: 'N1', pv_company: 'noda' }, update: true },
    ])('a natural key that another row has: $name', async ({ job, update }) => {
      const error = await database()
        .maintain((transaction) =>
          update
            ? transaction.update(person, id(2), values(person, job))
            : transaction.insert(person, newPerson(270, job)),
        )
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'DuplicateKey', columns: person.naturalKey });
    });

    test('rows without a complete natural key do not collide', async () => {
      await database().maintain(async (transaction) => {
        await transaction.insert(person, newPerson(271, { pv_number: 'same' }));
        await transaction.insert(person, newPerson(272, { pv_number: 'same' }));
        await transaction.insert(person, newPerson(273, { pv_company: 'x' }));
      });
      expect(await get(273)).toBeDefined();
    });

    test('the pair of an intersect table', async () => {
      const pair = values(teamSkill, { pv_teamskillid: id(99), pv_teamid: id(1), pv_skillid: id(1) });
      await expect(database().maintain((rows) => rows.insert(teamSkill, pair))).rejects.toThrow(DuplicateKey);
    });

    test('a job that goes on after a failed statement is undone all the same', async () => {
      const job = database().maintain(async (transaction) => {
        await transaction.insert(person, newPerson(280));
        await transaction.insert(person, newPerson(280)).catch(() => undefined);
        await transaction.get(person, id(280)).catch(() => undefined);
      });
      await expect(job).rejects.toThrow(DuplicateKey);
      expect(await get(280)).toBeUndefined();
    });
  });

  test('a job that throws is undone alone, among others of the same turn', async () => {
    const jobs = Array.from({ length: 20 }, (_, at) =>
      database()
        .maintain(async (transaction) => {
          await transaction.insert(person, newPerson(300 + at));
          if (at % 3 === 0) throw new Error(`job ${at}`);
          return at;
        })
        .catch((error: Error) => error.message),
    );
    const results = await Promise.all(jobs);
    expect(results).toEqual(results.map((_, at) => (at % 3 === 0 ? `job ${at}` : at)));
    const stored = await Promise.all(results.map((_, at) => get(300 + at)));
    expect(stored.map((row) => row !== undefined)).toEqual(results.map((_, at) => at % 3 !== 0));
  });

  test('a transaction that is over does nothing more', async () => {
    const late = await database().maintain(async (transaction) => transaction);
    await expect(late.insert(person, newPerson(330))).rejects.toThrow('over');
    await expect(late.nextNumber('x', 1n)).rejects.toThrow('over');
  });

  test('jobs that read and then write do not overwrite each other', async () => {
    await database().maintain((transaction) => transaction.insert(person, newPerson(340, { pv_level: 0 })));
    const increment = (): Promise<void> =>
      database().maintain(async (transaction) => {
        const level = Number((await transaction.get(person, id(340)))?.values.get(col(person, 'pv_level')));
        await transaction.update(person, id(340), values(person, { pv_level: level + 1 }));
      });
    await Promise.all(Array.from({ length: 12 }, increment));
    expect(await valueAt(340, 'pv_level')).toBe(12);
  });

  test('reads see a row once its write has resolved, and not before', async () => {
    const count = async (): Promise<number> =>
      (await database().query(read(query(person, { where: is('pv_personid', 'eq', id(350)) })))).rows.length;
    const during = await database().maintain(async (transaction) => {
      await transaction.insert(person, newPerson(350));
      return count();
    });
    expect([during, await count()]).toEqual([0, 1]);
  });

  test('a sequence begins where it is told and gives each number once', async () => {
    const draw = (name: string, first: bigint): Promise<bigint> =>
      database().maintain((transaction) => transaction.nextNumber(name, first));
    const failing = database().maintain(async (transaction) => {
      await transaction.nextNumber('Ærø', 100n);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    const numbers = await Promise.all(Array.from({ length: 30 }, () => draw('Ærø', 100n)));
    expect(new Set(numbers).size).toBe(30);
    expect(numbers.every((number) => number > 100n)).toBe(true);
    expect(await draw('Ærø/', 7n)).toBe(7n);
    expect(await draw('zero', 0n)).toBe(0n);
  });

  test('a way through rows goes on after one that does not meet what lies behind it', async () => {
    const group = id(9100);
    await database().maintain(async (rows) => {
      await rows.insert(team, new Map([[team.primaryKey, group], ...values(team, { pv_name: 'two members' })]));
      for (const [n, name] of [
        [500, 'no'],
        [501, 'yes'],
      ] as const) {
        await rows.insert(person, newPerson(n, { pv_name: name }));
        await rows.insert(person, newPerson(n + 2, { pv_team: group, pv_manager: id(n) }));
      }
    });
    const managed = through(person, 'pv_manager', any(is('pv_name', 'eq', 'yes'), is('pv_level', 'eq', 77)));
    const where = all(is('pv_teamid', 'eq', group, team), through(team, 'pv_members', managed));
    const page = await database().query(read(query(team, { where })));
    expect(page.rows).toHaveLength(1);
  });

  test('a drawn number that a row has already makes the job look before it uses one', async () => {
    const looks: boolean[] = [];
    await database().maintain((rows) => rows.insert(person, newPerson(360, { pv_number: 'T1', pv_company: 'draw' })));
    await database().maintain(async (rows) => {
      looks.push(rows.mustCheckNumbers);
      for (;;) {
        const number = `T${await rows.nextNumber('taken', 1n)}`;
        const where = all(is('pv_number', 'eq', number), is('pv_company', 'eq', 'draw'));
        if (rows.mustCheckNumbers && (await rows.list(person, where, 1)).length > 0) continue;
        await rows.insert(person, newPerson(361, { pv_number: number, pv_company: 'draw' }));
        return;
      }
    });
    expect(looks).toEqual([false, true]);
    expect(await valueAt(361, 'pv_number')).not.toBe('T1');
  });

  test('a duplicate key without a drawn number is told at once', async () => {
    let runs = 0;
    const job = database().maintain(async (rows) => {
      runs += 1;
      await rows.insert(person, newPerson(1));
    });
    await expect(job).rejects.toThrow(DuplicateKey);
    expect(runs).toBe(1);
  });

  describe('rows that are inserted without waiting', () => {
    const explain = (error: unknown): Error => new Error(`explained: ${String(error)}`);

    test('are seen by what the job reads afterwards, and kept', async () => {
      const seen = await database().maintain(async (rows) => {
        rows.insertLater(person, newPerson(380, { pv_level: 1 }), explain);
        rows.insertLater(person, newPerson(381, { pv_level: 2 }), explain);
        return (await rows.get(person, id(381)))?.values.get(col(person, 'pv_level'));
      });
      expect([seen, await valueAt(380, 'pv_level'), await valueAt(381, 'pv_level')]).toEqual([2, 1, 2]);
    });

    test.each([
      { name: 'the last statement', goOn: async () => undefined },
      { name: 'before a read', goOn: async (rows: Transaction) => void (await rows.get(person, id(1))) },
      { name: 'before an insert', goOn: (rows: Transaction) => rows.insert(person, newPerson(383)) },
      {
        name: 'before another one',
        goOn: async (rows: Transaction) => rows.insertLater(person, newPerson(383), explain),
      },
    ])('a duplicate, $name, fails the job with what explains it', async ({ goOn }) => {
      const job = database().maintain(async (rows) => {
        await rows.insert(person, newPerson(382));
        rows.insertLater(person, newPerson(1), explain);
        await goOn(rows);
      });
      await expect(job).rejects.toThrow('explained: DuplicateKey: duplicate key of pv_person: pv_personid');
      expect([await get(382), await get(383)]).toEqual([undefined, undefined]);
    });

    test('values that no column can hold undo the job, too', async () => {
      const job = database().maintain(async (rows) => {
        await rows.insert(person, newPerson(384));
        rows.insertLater(person, newPerson(385, { pv_level: 2 ** 40 }), explain);
      });
      await expect(job).rejects.toThrow('explained: TypeError: number too large for `pv_level`');
      expect(await get(384)).toBeUndefined();
    });

    test('a duplicate among writes together is told by its own write', async () => {
      const told: string[] = [];
      const job = database().together(async (rows) => {
        const insert = (n: number): Promise<void> =>
          rows.write(writePlan(person), async (inside) => {
            inside.insertLater(person, newPerson(n), explain);
            await inside.get(person, id(n + 1000));
          });
        await insert(386);
        await insert(1).catch((error: Error) => told.push(error.message));
      });
      await expect(job).rejects.toThrow('explained');
      expect([told, await get(386)]).toEqual([[expect.stringContaining('explained: DuplicateKey')], undefined]);
    });
  });

  test('lists no more than the columns that are asked for, the primary key among them', async () => {
    await database().maintain((rows) => rows.insert(person, newPerson(390, { pv_level: 5 })));
    const [key, level] = [person.primaryKey, col(person, 'pv_level')];
    const list = (columns: readonly Column[]): Promise<readonly Row[]> =>
      database().maintain((rows) => rows.list(person, is('pv_personid', 'eq', id(390)), 1, columns));
    const [row] = await list([level, key]);
    expect([row?.id, row?.values]).toEqual([
      id(390),
      new Map<Column, unknown>([
        [level, 5],
        [key, id(390)],
      ]),
    ]);
    await expect(list([level])).rejects.toThrow('rows of pv_person without their ids');
  });

  test('a job sees its own changes of rows that it has read before', async () => {
    const seen = await database().maintain(async (rows) => {
      await rows.insert(person, newPerson(370, { pv_level: 1 }));
      const levels: unknown[] = [];
      const look = async (): Promise<void> => {
        levels.push((await rows.get(person, id(370)))?.values.get(col(person, 'pv_level')));
      };
      await look();
      await rows.update(person, id(370), values(person, { pv_level: 2 }));
      await look();
      await rows.delete(person, id(370));
      await look();
      await rows.insert(person, newPerson(370, { pv_level: 3 }));
      await look();
      return levels;
    });
    expect(seen).toEqual([1, 2, undefined, 3]);
  });

  test('pages stay stable while rows come and go', async () => {
    const where = all(is('pv_number', 'ge', 'p'), not(is('pv_company', 'eq', 'USMF')));
    const put = (n: number): Promise<void> =>
      database().maintain((rows) =>
        rows.insert(person, newPerson(n, { pv_number: `P${n}`, pv_company: 'zz', pv_level: n % 4 })),
      );
    for (let n = 400; n < 440; n++) await put(n);
    const seen: string[] = [];
    let after: readonly Value[] | undefined;
    let added = 440;
    do {
      const parts = { where, orderBy: ['-pv_level', 'pv_number'], limit: 7, after };
      const page: Page = await database().query(read(query(person, parts)));
      seen.push(...idsOf(page));
      after = page.next;
      // One more at each place, and one that was read goes.
      await put(added++);
      const gone = seen[seen.length - 2];
      if (gone !== undefined) await database().maintain((rows) => rows.delete(person, gone as never));
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    for (let n = 400; n < 440; n++) expect(seen).toContain(id(n));
  });
}
