import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Column } from '../../src/metadata/table.ts';
import type { FlatQuery, Join } from '../../src/odata/flat-query.ts';
import { mintNativeFlat } from '../../src/odata/plan-mint.ts';
import type { Database, DatabaseLocation } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { condition, orderBy } from '../conformance/arbitrary.ts';
import { flatSuite } from '../conformance/flat-suite.ts';
import { rowStoreSuite } from '../conformance/row-store.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import { nav, person, query, read, storeModel, team } from '../conformance/store-model.ts';
import { sizes } from '../prove/sizes.ts';
import { type TestSchema, testSchema } from '../support/postgres-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'portvakt-store-'));
const schemas: TestSchema[] = [];
let files = 0;

const open = (location: DatabaseLocation): Promise<Database> =>
  openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });

const openSqlite = (): Promise<Database> => open({ kind: 'sqlite', file: join(folder, `${files++}.db`) });

const openPostgres = (): Promise<Database> => {
  const { url, schema } = schemas[schemas.push(testSchema()) - 1] as TestSchema;
  return open({ kind: 'postgres', url, schema });
};

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const schema of schemas) await schema.drop();
});

rowStoreSuite('SQLite', openSqlite);
rowStoreSuite('PostgreSQL', openPostgres);
describe('SQLite: joins and groups', () => flatSuite(openSqlite, sizes.flatQueries.test));
describe('PostgreSQL: joins and groups', () => flatSuite(openPostgres, sizes.flatQueries.test));

test('SQLite ends a query whose joins multiply beyond measure, and goes on', async () => {
  const database = await openSqlite();
  await fill(database, sampleRows(60));
  const level = person.column.get('pv_level') as Column;
  const join = (source: number): Join => ({
    kind: 'inner',
    table: person,
    column: level,
    to: { source, column: level },
    where: { kind: 'compare', op: 'ne', column: level, value: null },
  });
  const many: FlatQuery = {
    table: person,
    joins: Array.from({ length: 12 }, (_, source) => join(source)),
    where: undefined,
    outputs: [],
    answer: 'rows',
    orderBy: [],
    limit: 10,
    offset: 0,
    after: undefined,
    countUpTo: undefined,
    aggregateLimit: undefined,
    version: false,
  };
  await expect(database.flat(mintNativeFlat(many))).rejects.toThrow('SQL timeout expired');
  const few = await database.flat(mintNativeFlat({ ...many, joins: [join(0)] }));
  expect(few.rows).toHaveLength(10);
  await database.close();
});

describe('both databases', () => {
  const open: Database[] = [];
  beforeAll(async () => {
    for (const each of [await openSqlite(), await openPostgres()]) {
      await fill(each, sampleRows());
      open.push(each);
    }
  });
  afterAll(async () => {
    for (const each of open) await each.close();
  });

  test('give the same bytes for the same query', async () => {
    const columns = person.columns.filter((column) => column.hidden !== true).map((column) => column.name);
    const members = query(person, { columns, orderBy: ['pv_level', '-pv_name'], limit: 5 });
    const ofTeam = query(team, {
      columns: ['pv_city'],
      expand: [{ navigation: nav(team, 'pv_members'), query: members }],
    });
    const expand = [{ navigation: nav(person, 'pv_team'), query: ofTeam }];
    await fc.assert(
      fc.asyncProperty(condition, orderBy, fc.boolean(), async (where, order, unsetTextAsEmpty) => {
        const parts = { columns, where, expand, limit: 12, etag: true, countUpTo: 30, unsetTextAsEmpty };
        const [a, b] = await Promise.all(
          open.map((each) => each.query(read({ ...query(person, parts), orderBy: order }))),
        );
        expect(a).toEqual(b);
      }),
      { numRuns: 150 },
    );
  });
});
