import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { linkModel } from '../../src/metadata/model.ts';
import type { ColumnDefinition, Table, TableDefinition } from '../../src/metadata/table.ts';
import type { AuthorizedPlan } from '../../src/odata/authorized-plan.ts';
import { mintAdministrationRead, mintNativeRead, mintVirtualRead } from '../../src/odata/plan-mint.ts';
import type { Query } from '../../src/odata/query.ts';
import type { Alphabet } from '../../src/storage/alphabet.ts';
import type { Database, DatabaseLocation } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { postgresDialect } from '../../src/storage/sql/postgres/dialect.ts';
import { tableSchema } from '../../src/storage/sql/schema.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import {
  col,
  getTable,
  id,
  query,
  read,
  storeChoices,
  storeDefinitions,
  storeModel,
  values,
} from '../conformance/store-model.ts';
import { testSchema } from '../support/postgres-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'portvakt-migrate-'));
const endings: (() => Promise<void>)[] = [];
let files = 0;

interface Place {
  readonly location: DatabaseLocation;
  /** Runs SQL on the closed database, where `data.` stands for its schema. */
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
}

const places: Record<string, () => Place> = {
  SQLite: () => {
    const file = join(folder, `${files++}.db`);
    const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
      const connection = new SqliteFile(file, 0);
      try {
        return connection.rows(sql);
      } finally {
        connection.close();
      }
    };
    const run = async (sql: string): Promise<void> => {
      await rows(sql);
    };
    return { location: { kind: 'sqlite', file }, run, rows };
  },
  PostgreSQL: () => {
    const { url, schema, run, drop } = testSchema();
    endings.push(drop);
    const rows = (sql: string): Promise<unknown[][]> => run(sql.replaceAll('data.', `${schema}.`));
    return {
      location: { kind: 'postgres', url, schema },
      run: async (sql) => {
        await rows(sql);
      },
      rows,
    };
  },
};

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const end of endings) await end();
});

const mints: Record<Table['kind'], (of: Query) => AuthorizedPlan<Query>> = {
  virtual: mintVirtualRead,
  native: mintNativeRead,
  administration: mintAdministrationRead,
  directory: mintNativeRead,
};

const open = (
  place: Place,
  tables: readonly Table[] = storeModel.tables,
  alphabet: Alphabet = 'nb',
): Promise<Database> =>
  openDatabase({ tables, alphabet, location: place.location, clock: () => new Date('2026-01-02T03:04:05Z') });

const personDefinition = storeDefinitions.find((table) => table.logicalName === 'pv_person');

/** The model with another `pv_person`. */
function changed(change: (table: TableDefinition) => TableDefinition): readonly Table[] {
  const definitions = storeDefinitions.map((table) => (table === personDefinition ? change(table) : table));
  return linkModel(definitions, storeChoices).tables;
}

const withColumn = (name: string, change: (column: ColumnDefinition) => ColumnDefinition): readonly Table[] =>
  changed((table) => ({
    ...table,
    columns: table.columns.map((column) => (column.name === name ? change(column) : column)),
  }));

describe.each(Object.keys(places))('%s', (name) => {
  const newPlace = (): Place => (places[name] as () => Place)();
  const message = async (opening: Promise<Database>): Promise<string> => {
    const error = await opening.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'StorageError' });
    return error instanceof Error ? error.message : '';
  };

  test('opening again changes nothing and keeps the rows', async () => {
    const place = newPlace();
    const first = await open(place);
    await fill(first, sampleRows(5));
    await first.close();
    const again = await open(place);
    expect([first.isNew, again.isNew]).toEqual([true, false]);
    await again.close();
    expect(await place.rows('select version, name, applied_at from data.portvakt_migration')).toEqual([
      [1, 'settings and counters', '2026-01-02T03:04:05.000Z'],
      [2, 'definitions and what is retired', '2026-01-02T03:04:05.000Z'],
      [3, 'business events and webhooks', '2026-01-02T03:04:05.000Z'],
      [4, 'numbers for a role that may not make sequences', '2026-01-02T03:04:05.000Z'],
    ]);
  });

  test('row versions and sequences go on where they were', async () => {
    const place = newPlace();
    const draw = async (): Promise<readonly unknown[]> => {
      const database = await open(place);
      const drawn = await database.maintain(async (rows) => rows.nextNumber('a', 5n));
      const n = Number(drawn);
      await database.maintain((rows) =>
        rows.insert(getTable('pv_skill'), values(getTable('pv_skill'), { pv_skillid: id(n) })),
      );
      const version = (await database.readAll(getTable('pv_skill'))).at(-1)?.version;
      await database.close();
      return [drawn, version];
    };
    expect([await draw(), await draw()]).toEqual([
      [5n, 1n],
      [6n, 2n],
    ]);
  });

  test('new tables, columns and indexes are added to data that is there', async () => {
    const place = newPlace();
    const small = linkModel(
      storeDefinitions.filter((table) => table.logicalName === 'pv_skill'),
      storeChoices,
    );
    const before = await open(place, small.tables);
    const skill = getTable('pv_skill', small);
    await before.maintain((rows) => rows.insert(skill, values(skill, { pv_skillid: id(1), pv_name: 'Java' })));
    await before.close();
    const grown = linkModel(
      storeDefinitions.map((table) =>
        table.logicalName === 'pv_skill'
          ? {
              ...table,
              columns: [...table.columns, { name: 'pv_new', label: 'New', type: 'String', access: 'read-write' }],
              indexed: ['pv_new'],
            }
          : table,
      ),
      storeChoices,
    );
    const after = await open(place, grown.tables);
    const table = getTable('pv_skill', grown);
    expect(after.isNew).toBe(false);
    await after.maintain((rows) => rows.update(table, id(1), values(table, { pv_new: 'Ø' })));
    const where = { kind: 'compare', op: 'eq', column: col(table, 'pv_new'), value: 'ø' } as const;
    const page = await after.query(read({ ...query(table, { where }), columns: [col(table, 'pv_name')] }));
    expect(page.rows).toEqual([`{"pv_skillid":"${id(1)}","pv_name":"Java"}`]);
    await after.close();
    // The older program still runs on it.
    await (await open(place, small.tables)).close();
  });

  test('an index that the model no longer asks for goes, and the natural key may change', async () => {
    const place = newPlace();
    await (await open(place)).close();
    const other = changed((table) => ({ ...table, naturalKey: ['pv_number'], indexed: [] }));
    const database = await open(place, other);
    const table = other.find((each) => each.logicalName === 'pv_person') as Table;
    const insert = (n: number, company: string): Promise<void> =>
      database.maintain((rows) =>
        rows.insert(
          table,
          values(table, {})
            .set(table.primaryKey, id(n))
            .set(col(table, 'pv_number'), 'X')
            .set(col(table, 'pv_company'), company),
        ),
      );
    await insert(1, 'a');
    await expect(insert(2, 'b')).rejects.toMatchObject({ name: 'DuplicateKey', columns: [col(table, 'pv_number')] });
    await database.close();
  });

  test.each([
    {
      change: 'another type',
      tables: () => withColumn('pv_level', (column) => ({ ...column, type: 'BigInt' })),
      says: 'pv_person.pv_level` as Integer, the model says BigInt',
    },
    {
      change: 'other digits',
      tables: () => withColumn('pv_salary', (column) => ({ ...column, scale: 4 })),
      says: 'as Decimal(2), the model says Decimal(4)',
    },
  ])('a column of $change is refused', async ({ tables, says }) => {
    const place = newPlace();
    await (await open(place)).close();
    expect(await message(open(place, tables()))).toContain(says);
    await (await open(place)).close();
  });

  test('another alphabet is refused', async () => {
    const place = newPlace();
    await (await open(place)).close();
    const text = await message(open(place, storeModel.tables, 'en'));
    expect(text).toContain('was created with the alphabet `nb`, which cannot become `en` later');
  });

  test('data of a newer program is refused', async () => {
    const place = newPlace();
    await (await open(place)).close();
    await place.run("insert into data.portvakt_migration values (99, 'later', 'then')");
    expect(await message(open(place))).toContain(
      'written by a newer version of Portvakt (its step 99, this program knows 4)',
    );
  });

  test('a unique key that the data does not keep is named', async () => {
    const place = newPlace();
    const loose = changed((table) => ({ ...table, naturalKey: [] }));
    const database = await open(place, loose);
    const table = loose.find((each) => each.logicalName === 'pv_person') as Table;
    const row = (n: number): ReturnType<typeof values> =>
      values(table, { pv_personid: id(n), pv_company: 'x', pv_number: '1' } as never);
    await database.maintain(async (rows) => {
      for (const n of [1, 2]) {
        const own = new Map([...row(0)].map(([column, value]) => [col(table, column.name), value]));
        await rows.insert(table, own.set(table.primaryKey, id(n)));
      }
    });
    await database.close();
    expect(await message(open(place))).toContain('no index on pv_person (pv_company, pv_number)');
  });

  test('the built-in model fits: every column and navigation property of every table can be read', async () => {
    const place = newPlace();
    const model = builtInModel();
    const database = await open(place, model.tables);
    const columnsOf = (table: Table): Query => ({
      ...query(table),
      columns: table.columns.filter((column) => column.hidden !== true),
    });
    for (const table of model.tables.filter(({ kind }) => kind !== 'directory')) {
      const expand = [...table.navigation.values()].map((navigation) => ({
        navigation,
        query: { ...columnsOf(navigation.target), limit: 3 },
      }));
      await database.maintain((rows) => rows.insert(table, new Map([[table.primaryKey, id(1)]])));
      const nothing = { ...columnsOf(table), columns: [], etag: true };
      for (const wanted of [columnsOf(table), nothing, { ...columnsOf(table), columns: [], expand }]) {
        const { rows } = await database.query(mints[table.kind](wanted));
        // Administration tables keep their ids to themselves.
        const ids = table.primaryKey.hidden === true ? [undefined] : [id(1)];
        expect(rows.map((row) => JSON.parse(row)[table.primaryKey.property])).toEqual(ids);
      }
    }
    await database.close();
    expect((await open(place, model.tables).then((again) => again.close().then(() => again))).isNew).toBe(false);
  });
});

describe('names', () => {
  test('of all SQL columns and indexes are at most 63 bytes and unlike', () => {
    const dialect = postgresDialect('x');
    const names = new Set<string>();
    for (const table of builtInModel().tables) {
      const schema = tableSchema(table, dialect);
      const columns = schema.columns.map((column) => column.name);
      expect(new Set(columns).size).toBe(columns.length);
      for (const index of schema.indexes) {
        expect(names.has(index.name)).toBe(false);
        names.add(index.name);
      }
      for (const each of [...columns, ...names, schema.name]) expect(Buffer.byteLength(each)).toBeLessThanOrEqual(63);
    }
  });
});
