import { describe, expect, test } from 'vitest';
import { BoundedCache } from '../../src/kernel/bounded-cache.ts';
import type { Condition, Query } from '../../src/odata/query.ts';
import { type Codec, makeCodec } from '../../src/storage/sql/codec.ts';
import type { Dialect } from '../../src/storage/sql/dialect.ts';
import { PlanBuilder, type Render } from '../../src/storage/sql/plan-builder.ts';
import { postgresDialect } from '../../src/storage/sql/postgres/dialect.ts';
import { isJoined, joinPage } from '../../src/storage/sql/postgres/joined-page.ts';
import { timed } from '../../src/storage/sql/postgres/statements.ts';
import { createIndex, createTable, tableSchema } from '../../src/storage/sql/schema.ts';
import { buildCount, buildPage, buildRows } from '../../src/storage/sql/select.ts';
import { sqliteDialect } from '../../src/storage/sql/sqlite/dialect.ts';
import { buildDelete, buildInsert, buildUpdate } from '../../src/storage/sql/write.ts';
import {
  all,
  among,
  any,
  columns,
  id,
  is,
  nav,
  not,
  person,
  type QueryParts,
  query,
  search,
  skill,
  storeModel,
  team,
  through,
  values,
} from '../conformance/store-model.ts';

const dialects: readonly Dialect[] = [sqliteDialect, postgresDialect('env')];

interface Plan {
  readonly name: string;
  build(builder: PlanBuilder): Render;
}

const page = (name: string, parts: QueryParts, table = person): Plan => ({
  name,
  build: (builder) => buildPage(builder, query(table, parts)),
});

const everything = all(
  any(is('pv_name', 'eq', 'Åse'), not(is('pv_level', 'ge', 3))),
  is('pv_salary', 'gt', '1.005'),
  is('pv_active', 'ne', true),
  is('pv_team', 'ne', null),
  columns('pv_salary', 'lt', 'pv_rate'),
  among('pv_number', 'a', 'b', 'c', null),
  among('pv_level', ...Array.from({ length: 20 }, (_, at) => at)),
  search('startswith', 'pv_name', 'Ås'),
  search('contains', 'pv_notes', '100%'),
  search('endswith', 'pv_notes', '_'),
  through(person, 'pv_team', through(team, 'pv_teamskills', is('pv_name', 'eq', 'Java', skill))),
);

const plans: readonly Plan[] = [
  page('by id', {
    columns: ['pv_name', 'pv_salary', 'pv_active', 'pv_team'],
    where: is('pv_personid', 'eq', id(1)),
    etag: true,
  }),
  page('page with filter and order', {
    columns: ['pv_name'],
    where: is('pv_status', 'eq', 200_000_001),
    orderBy: ['pv_started', '-pv_name'],
    limit: 50,
    unsetTextAsEmpty: true,
  }),
  {
    name: 'page as one row',
    build: (builder) => {
      const wanted = query(person, { columns: ['pv_name'], orderBy: ['pv_name'], limit: 50 });
      const render = buildPage(builder, wanted);
      return builder.dialect.name === 'postgres' ? joinPage(builder, wanted, render) : render;
    },
  },
  page('next page, ascending', { orderBy: ['pv_name'], limit: 50, after: ['Åse', id(7)] }),
  page('next page, both directions and no value', {
    orderBy: ['-pv_level', 'pv_born'],
    limit: 50,
    after: [3, null, id(7)],
  }),
  page('every condition', { where: everything, limit: 10 }),
  page(
    'expand',
    {
      limit: 10,
      expand: [
        {
          navigation: nav(team, 'pv_members'),
          query: query(person, { columns: ['pv_born'], orderBy: ['-pv_level'], limit: 5 }),
          link: { before: 'a', after: 'b' },
        },
        { navigation: nav(team, 'pv_teamskills'), query: query(skill, { columns: ['pv_name'], limit: undefined }) },
      ],
    },
    team,
  ),
  page('expand to one row', {
    limit: 10,
    expand: [{ navigation: nav(person, 'pv_team'), query: query(team, { where: is('pv_city', 'eq', 'Oslo', team) }) }],
  }),
  { name: 'count', build: (builder) => buildCount(builder, query(person, { where: is('pv_level', 'lt', 3) }), 5000) },
  {
    name: 'stored rows',
    build: (builder) =>
      buildRows(builder, { table: skill, columns: skill.columns, where: is('pv_name', 'eq', 'x', skill), limit: 2 }),
  },
  {
    name: 'insert',
    build: (builder) =>
      buildInsert(
        builder,
        person,
        values(person, { pv_personid: id(1), pv_name: 'Åse', pv_salary: '1.5', pv_active: true }),
        builder.dialect.name === 'sqlite' ? 7n : undefined,
      ),
  },
  {
    name: 'update',
    build: (builder) =>
      buildUpdate(
        builder,
        person,
        id(1),
        values(person, { pv_name: null }),
        builder.dialect.name === 'sqlite' ? 8n : undefined,
      ),
  },
  { name: 'delete', build: (builder) => buildDelete(builder, person, id(1)) },
];

const makeBuilder = (dialect: Dialect): PlanBuilder => new PlanBuilder(makeCodec(dialect, 'nb'));

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (name, dialect) => {
  test('statements are those of the golden file', async () => {
    const tables = storeModel.tables.flatMap((table) => {
      const schema = tableSchema(table, dialect);
      return [createTable(schema, dialect), ...schema.indexes.map((index) => createIndex(schema, index, dialect))];
    });
    const statements = plans.map((plan) => {
      const builder = makeBuilder(dialect);
      const sql = plan.build(builder)();
      const shown = builder.values.map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)));
      return `-- ${plan.name}\n${sql};\n-- values: ${shown.join(', ')}\n`;
    });
    const text = ['-- tables', ...tables.map((sql) => `${sql};`), '', ...statements].join('\n');
    await expect(text).toMatchFileSnapshot(`../golden/sql-${name}.sql`);
  });

  test('values are never part of the statement', () => {
    const marked = "zq'zq";
    const where = all(is('pv_name', 'eq', marked), search('contains', 'pv_notes', marked), among('pv_number', marked));
    const builder = makeBuilder(dialect);
    const render = buildPage(builder, query(person, { where, orderBy: ['pv_name'], after: [marked, id(1)] }));
    expect(render()).not.toContain('zq');
    expect(builder.shape).not.toContain('zq');
    expect(builder.values.length).toBeGreaterThan(3);
  });
});

describe('options and truth values', () => {
  const conditions = (...list: [string, number | boolean][]): Condition =>
    all(...list.map(([column, value]) => is(column, 'eq', value)));
  const built = (where: Condition): { shape: string; text: string; told: string; values: readonly unknown[] } => {
    const builder = makeBuilder(postgresDialect('env'));
    const text = buildPage(builder, query(person, { where }))();
    return { shape: builder.shape, text, told: timed('', text).told, values: builder.values };
  };

  test('stand in the statement on PostgreSQL, two at most, and each is another statement', () => {
    const { text, values } = built(
      conditions(['pv_status', 200_000_001], ['pv_active', true], ['pv_status', 3], ['pv_level', 4]),
    );
    expect(text).toContain('"pv_status" = (200000001) and t0."pv_active" = (true) and t0."pv_status" = $1::bigint');
    expect(values.map(Number)).toEqual([3, 4]);
    const shapes = [1, 2, -2].map((value) => built(conditions(['pv_status', value])).shape);
    expect(new Set([...shapes, built(conditions(['pv_active', true])).shape]).size).toBe(4);
  });

  test('are not in what a trace is told of the statement', () => {
    const { told } = built(conditions(['pv_status', -200_000_001], ['pv_active', false]));
    expect(told).toContain('"pv_status" = (?) and t0."pv_active" = (?)');
    expect(told).not.toMatch(/200000001|false/);
  });

  test('of an option like SQL is refused, not written', () => {
    expect(() => built(conditions(['pv_status', '1) or (true' as unknown as number]))).toThrow(TypeError);
  });
});

describe('a page is one row on PostgreSQL', () => {
  const reports = { navigation: nav(person, 'pv_reports'), query: query(person, { columns: ['pv_name'], limit: 50 }) };
  test.each<[string, boolean, QueryParts]>([
    ['as clients ask for it', true, { columns: ['pv_name', 'pv_level', 'pv_team'], orderBy: ['pv_name'], limit: 5000 }],
    ['with rows of a collection in each', true, { columns: ['pv_name'], expand: [reports], limit: 50 }],
    ['with too many of them', false, { columns: ['pv_name'], expand: [reports], limit: 5000 }],
    ['without a limit', false, { columns: ['pv_name'], limit: undefined }],
    ['with texts of a million characters', false, { columns: ['pv_notes'], limit: 50 }],
    ['with a few of them', true, { columns: ['pv_notes'], limit: 20 }],
    ['in the order of such texts', false, { columns: ['pv_name'], orderBy: ['pv_notes'], limit: 20 }],
  ])('%s: %s', (_name, expected, parts) => expect(isJoined(query(person, parts))).toBe(expected));
});

describe('shape', () => {
  const codec: Codec = makeCodec(sqliteDialect, 'nb');
  const shapeOf = (parts: QueryParts): string => {
    const builder = new PlanBuilder(codec);
    buildPage(builder, query(person, parts));
    return builder.shape;
  };

  test.each<[string, QueryParts, QueryParts]>([
    ['another value', { where: is('pv_level', 'eq', 1) }, { where: is('pv_level', 'eq', 2) }],
    ['three or four values', { where: among('pv_level', 1, 2, 3) }, { where: among('pv_level', 4, 5, 6, 7) }],
    [
      'another place in the order',
      { orderBy: ['pv_name'], after: ['a', id(1)] },
      { orderBy: ['pv_name'], after: ['b', id(2)] },
    ],
  ])('is the same with %s', (_name, a, b) => expect(shapeOf(a)).toBe(shapeOf(b)));

  const different: [string, Condition, Condition][] = [
    ['no value', is('pv_level', 'eq', 1), is('pv_level', 'eq', null)],
    ['another operator', is('pv_level', 'ge', 1), is('pv_level', 'gt', 1)],
    ['a fraction', is('pv_level', 'ge', 1), is('pv_level', 'ge', 1.5)],
    [
      'another nesting',
      not(any(is('pv_level', 'eq', 1), is('pv_level', 'eq', 2))),
      any(not(is('pv_level', 'eq', 1)), is('pv_level', 'eq', 2)),
    ],
    ['an empty text', search('startswith', 'pv_name', 'a'), search('startswith', 'pv_name', '')],
    ['no values', among('pv_level', 1), among('pv_level')],
    ['none that fits', among('pv_level', 0.5), among('pv_level')],
  ];
  test.each(different)('differs with %s', (_name, a, b) =>
    expect(shapeOf({ where: a })).not.toBe(shapeOf({ where: b })),
  );

  test.each<[string, Partial<Query>]>([
    ['columns', { columns: [] }],
    ['etag', { etag: true }],
    ['empty text', { unsetTextAsEmpty: true }],
    ['limit', { limit: 3 }],
    ['order', { orderBy: [{ column: person.primaryName, descending: true }] }],
    ['a place', { after: [id(1)] }],
  ])('differs with other %s', (_name, change) => {
    const base = query(person, { columns: ['pv_name'] });
    const shapes = [base, { ...base, ...change }].map((each) => {
      const builder = new PlanBuilder(codec);
      buildPage(builder, each);
      return builder.shape;
    });
    expect(shapes[0]).not.toBe(shapes[1]);
  });
});

describe('BoundedCache', () => {
  test('keeps what is used and never more than twice its limit', () => {
    const cache = new BoundedCache<number>(10);
    cache.set('used', 1);
    for (let n = 0; n < 1000; n++) {
      cache.set(`once ${n}`, n);
      expect(cache.get('used')).toBe(1);
      expect(cache.size).toBeLessThanOrEqual(20);
    }
    expect(cache.get('once 3')).toBeUndefined();
  });
});
