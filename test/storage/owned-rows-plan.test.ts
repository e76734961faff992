import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { PrivilegeIndex } from '../../src/dataverse/privilege-index.ts';
import { rowFilter } from '../../src/dataverse/row-filter.ts';
import { SecurityRoles } from '../../src/dataverse/security-roles.ts';
import { DataverseSnapshot } from '../../src/dataverse/snapshot.ts';
import { type BusinessUnitId, namedGuid, type SecurityRoleId } from '../../src/kernel/ids.ts';
import type { Table } from '../../src/metadata/table.ts';
import type { Condition } from '../../src/odata/query.ts';
import { makeCodec } from '../../src/storage/sql/codec.ts';
import type { Dialect } from '../../src/storage/sql/dialect.ts';
import { PlanBuilder } from '../../src/storage/sql/plan-builder.ts';
import { postgresDialect } from '../../src/storage/sql/postgres/dialect.ts';
import { createIndex, createTable, tableSchema } from '../../src/storage/sql/schema.ts';
import { buildCount, buildPage } from '../../src/storage/sql/select.ts';
import { sqliteDialect } from '../../src/storage/sql/sqlite/dialect.ts';
import { account, apply } from '../definitions/change/apply.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';

const { model } = apply('POST EntityDefinitions', account);
const tableOf = (name: string): Table => {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`no table ${name}`);
  return table;
};
const [owned, shares] = [tableOf('new_account'), tableOf('principalobjectaccess')];
const me = namedGuid('me');
const foreign = namedGuid('somebody else');
const unit = namedGuid<BusinessUnitId>('unit');

/** The rows that somebody reads who holds Read at this depth in one unit, and is in two teams. */
function filterAt(depth: number): Condition {
  const index = new PrivilegeIndex(model);
  const depths = new Uint8Array(index.size);
  depths[index.slotOf(owned, 'read')] = depth;
  const roleId = namedGuid<SecurityRoleId>('role');
  const rest = { rootId: roleId, templateId: undefined, isTeamOnly: false };
  const role = { ...rest, id: roleId, name: 'role', businessUnitId: unit, depths };
  const nothing = { roles: SecurityRoles.of([]), teams: new Map(), users: new Map(), usersByClientId: new Map() };
  const units = new Map([[unit, { id: unit, name: 'unit', parentId: undefined, isDisabled: false }]]);
  const snapshot = new DataverseSnapshot({ ...nothing, model, index, businessUnits: units });
  const user = {
    id: me,
    businessUnitId: unit,
    roles: [{ role, businessUnitId: unit }],
    teams: [namedGuid('team 1'), namedGuid('team 2')],
    isSystemAdministrator: false,
  };
  const filter = rowFilter(snapshot, user, owned, 'read');
  if (filter === undefined) throw new TypeError('everything is reached');
  return filter;
}

function statement(dialect: Dialect, kind: 'page' | 'count', depth: number) {
  const builder = new PlanBuilder(makeCodec(dialect, 'nb'));
  const query = {
    table: owned,
    columns: [owned.primaryName],
    where: filterAt(depth),
    orderBy: [],
    expand: [],
    limit: 50,
    countUpTo: undefined,
    after: undefined,
    etag: false,
    unsetTextAsEmpty: false,
  };
  const render = kind === 'page' ? buildPage(builder, query) : buildCount(builder, query, 5000);
  return { sql: render(), values: builder.values };
}

const definitions = (dialect: Dialect): readonly string[] =>
  [owned, shares].flatMap((table) => {
    const schema = tableSchema(table, dialect);
    return [createTable(schema, dialect), ...schema.indexes.map((index) => createIndex(schema, index, dialect))];
  });

/** Ten rows of the user's own, and so many of somebody else in another unit. */
const counts = [1_000, 100_000] as const;
const cases = counts.flatMap((foreignRows) =>
  (['page', 'count'] as const).flatMap((kind) => [1, 2].map((depth) => ({ foreignRows, kind, depth }))),
);
const other = namedGuid('another unit');

describe('a list of who reaches few rows looks at those alone', () => {
  describe('on SQLite', () => {
    const databases = new Map<number, DatabaseSyncInstance>();
    beforeAll(() => {
      for (const rows of counts) {
        const database = new DatabaseSync(':memory:');
        database.exec(`attach ':memory:' as data`);
        for (const definition of definitions(sqliteDialect)) database.exec(definition);
        const guid = `printf('%08x-0000-4000-8000-000000000000', value)`;
        const insert = (from: number, to: number, owner: string, place: string): void =>
          database.exec(
            `insert into data."new_account" ("new_accountid", "ownerid", "owningbusinessunit", "row__version")
             with recursive each(value) as (values(${from}) union all select value + 1 from each where value < ${to})
             select ${guid}, '${owner}', '${place}', 1 from each`,
          );
        insert(1, rows, foreign, other);
        insert(rows + 1, rows + 10, me, unit);
        databases.set(rows, database);
      }
    });
    afterAll(() => {
      for (const database of databases.values()) database.close();
    });

    test.each(cases)('$kind at depth $depth among $foreignRows foreign rows', ({ foreignRows, kind, depth }) => {
      const { sql, values } = statement(sqliteDialect, kind, depth);
      const plan =
        databases
          .get(foreignRows)
          ?.prepare(`explain query plan ${sql}`)
          .all(...values) ?? [];
      const steps = plan.map((step) => String((step as { detail: string }).detail));
      expect(steps).toContain('MULTI-INDEX OR');
      expect(steps.filter((step) => /^SCAN t\d/.test(step))).toEqual([]);
    });
  });

  describe('on PostgreSQL', () => {
    let database: TestDatabase;
    let client: Client;
    beforeAll(async () => {
      database = await makeDatabase(inject('postgresUrl'));
      client = new Client({ connectionString: database.url });
      await client.connect();
      for (const rows of counts) {
        const dialect = postgresDialect(`rows${rows}`);
        await client.query(`create schema rows${rows}`);
        for (const definition of definitions(dialect)) await client.query(definition);
        await client.query(
          `insert into rows${rows}.new_account ("new_accountid", "ownerid", "owningbusinessunit", "row__version")
           select gen_random_uuid(), case when value <= 10 then '${me}' else '${foreign}' end::uuid,
             case when value <= 10 then '${unit}' else '${other}' end::uuid, 1
           from generate_series(1, ${rows + 10}) as value`,
        );
        await client.query(`analyze rows${rows}.new_account`);
      }
    });
    afterAll(async () => {
      await client.end();
      await database.drop();
    });

    // Of a thousand rows PostgreSQL rather reads all.
    const large = cases.filter(({ foreignRows }) => foreignRows > 1_000);
    test.each(large)('$kind at depth $depth among $foreignRows foreign rows', async ({ foreignRows, kind, depth }) => {
      const { sql, values } = statement(postgresDialect(`rows${foreignRows}`), kind, depth);
      const { rows } = await client.query(`explain (costs off) ${sql}`, [...values]);
      const plan = rows.map((each: Record<string, string>) => each['QUERY PLAN']).join('\n');
      expect(plan).toContain('BitmapOr');
      expect(plan).not.toContain('Seq Scan');
    });
  });
});
