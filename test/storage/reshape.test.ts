import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { linkModel } from '../../src/metadata/model.ts';
import type { ColumnDefinition, Table, TableDefinition } from '../../src/metadata/table.ts';
import type { Database, DatabaseLocation, Reshaping } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { testSchema } from '../support/postgres-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'portvakt-reshape-'));
const endings: (() => Promise<void>)[] = [];
let files = 0;
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const end of endings) await end();
});

const id = '00000000-0000-4000-8000-000000000001';
const column = (name: string, type: ColumnDefinition['type']): ColumnDefinition => ({
  name,
  label: name,
  type,
  access: 'read-write',
});

/** A table of one key and these columns. */
const definition = (name: string, ...columns: readonly ColumnDefinition[]): TableDefinition => ({
  logicalName: name,
  schemaName: name,
  entitySetName: `${name}s`,
  label: name,
  kind: 'directory',
  objectTypeCode: 0,
  purpose: name,
  primaryKey: `${name}id`,
  primaryName: `${name}id`,
  naturalKey: [],
  columns: [{ ...column(`${name}id`, 'Guid'), access: 'read-only' }, ...columns],
});

const link = (...definitions: readonly TableDefinition[]): readonly Table[] => linkModel(definitions, []).tables;
const text = (...definitions: readonly TableDefinition[]): ReadonlyMap<string, string> =>
  new Map(definitions.map((each) => [each.logicalName, JSON.stringify(each)]));

const base = definition('base', column('name', 'String'));
const added = definition('added', column('amount', 'Integer'));

const locations: Record<string, () => DatabaseLocation> = {
  SQLite: () => ({ kind: 'sqlite', file: join(folder, `${files++}.db`) }),
  PostgreSQL: () => {
    const { url, schema, drop } = testSchema();
    endings.push(drop);
    return { kind: 'postgres', url, schema };
  },
};

/** As an environment opens its database: its own tables, and those that were added. */
const open = (location: DatabaseLocation): Promise<Database> =>
  openDatabase({
    tables: (definitions) =>
      link(base, ...[...definitions.values()].map((each) => JSON.parse(each) as TableDefinition)),
    alphabet: 'nb',
    location,
  });

const nothing = async (): Promise<void> => undefined;
const add = (...all: readonly TableDefinition[]): Reshaping => ({
  tables: link(base, ...all),
  definitions: text(...all),
  retired: [],
});

const insert = (database: Database, table: Table, values: Readonly<Record<string, string | number>>): Promise<void> =>
  database.maintain((rows) =>
    rows.insert(
      table,
      new Map(
        table.columns.flatMap((each) => (values[each.name] === undefined ? [] : [[each, values[each.name] ?? null]])),
      ),
    ),
  );

const get = (tables: readonly Table[], name: string): Table => {
  const found = tables.find((each) => each.logicalName === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const stored = async (database: Database, table: Table): Promise<unknown[]> =>
  (await database.readAll(table)).map((row) =>
    Object.fromEntries([...row.values].map(([each, value]) => [each.name, value])),
  );

describe.each(Object.entries(locations))('reshaping on %s', (_engine, place) => {
  test('a table that is added has rows at once, and is there when the database is opened again', async () => {
    const location = place();
    const database = await open(location);
    const change = add(added);
    await database.reshape(change, nothing);
    await insert(database, get(change.tables, 'added'), { addedid: id, amount: 7 });
    await database.close();
    const again = await open(location);
    expect(again.opened.definitions).toEqual(text(added));
    expect(await stored(again, get(link(added), 'added'))).toEqual([{ addedid: id, amount: 7 }]);
    await again.close();
  });

  test('a column that is added is empty in the rows there are', async () => {
    const database = await open(place());
    await database.reshape(add(added), nothing);
    const [, before] = link(base, added);
    if (before === undefined) throw new Error('no table');
    await insert(database, before, { addedid: id, amount: 7 });
    const wider = { ...added, columns: [...added.columns, column('note', 'String')] };
    const change = add(wider);
    await database.reshape(change, nothing);
    // By the old table and the new one in turn: what is prepared for one must not serve the other.
    for (let round = 0; round < 2; round++) {
      expect(await stored(database, before)).toEqual([{ addedid: id, amount: 7 }]);
      expect(await stored(database, get(change.tables, 'added'))).toEqual([{ addedid: id, amount: 7, note: null }]);
    }
    await database.close();
  });

  test('a job that throws undoes all of it', async () => {
    const location = place();
    const database = await open(location);
    const change = add(added);
    const failing = database.reshape(change, async (rows) => {
      await rows.insert(get(change.tables, 'base'), new Map([[get(change.tables, 'base').primaryKey, id]]));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(stored(database, get(change.tables, 'added'))).rejects.toThrow();
    expect(await stored(database, get(change.tables, 'base'))).toEqual([]);
    await database.close();
    const again = await open(location);
    expect([...again.opened.definitions.keys()]).toEqual([]);
    await again.close();
  });

  test('what is retired can be read until it is dropped, and may come again with another type', async () => {
    const database = await open(place());
    const change = add(added);
    await database.reshape(change, nothing);
    const table = get(change.tables, 'added');
    await insert(database, table, { addedid: id, amount: 7 });
    const gone = { tables: link(base), definitions: new Map([['added', null]]), retired: [{ table: 'added' }] };
    await database.reshape(gone, nothing);
    expect(await stored(database, table)).toHaveLength(1);
    await database.dropRetired();
    await expect(stored(database, table)).rejects.toThrow();
    const other = definition('added', column('amount', 'String'));
    const back = add(other);
    await database.reshape(back, nothing);
    await insert(database, get(back.tables, 'added'), { addedid: id, amount: 'seven' });
    expect(await stored(database, get(back.tables, 'added'))).toEqual([{ addedid: id, amount: 'seven' }]);
    await database.dropRetired();
    await database.close();
  });

  test('a column of text goes with its keys and its index', async () => {
    const database = await open(place());
    const noted = { ...definition('noted', column('note', 'String'), column('rest', 'Integer')), indexed: ['note'] };
    await database.reshape(add(noted), nothing);
    const narrower = definition('noted', column('rest', 'Integer'));
    await database.reshape({ ...add(narrower), retired: [{ table: 'noted', column: 'note' }] }, nothing);
    await database.dropRetired();
    const wider = definition('noted', column('rest', 'Integer'), column('note', 'Boolean'));
    await database.reshape(add(wider), nothing);
    expect(await stored(database, get(link(wider), 'noted'))).toEqual([]);
    await database.close();
  });

  test('what was retired before the end goes when the database is opened', async () => {
    const location = place();
    const database = await open(location);
    const change = add(added);
    await database.reshape(change, nothing);
    await database.reshape(
      { tables: link(base), definitions: new Map([['added', null]]), retired: [{ table: 'added' }] },
      nothing,
    );
    await database.close();
    const again = await open(location);
    await expect(stored(again, get(change.tables, 'added'))).rejects.toThrow();
    await again.close();
  });

  test('reads and writes beside it go on', async () => {
    const database = await open(place());
    const [table] = link(base);
    if (table === undefined) throw new Error('no table');
    const writing = Array.from({ length: 20 }, (_, at) =>
      insert(database, table, {
        baseid: `00000000-0000-4000-8000-0000000001${String(at).padStart(2, '0')}`,
        name: `n${at}`,
      }),
    );
    const changing = Array.from({ length: 3 }, (_, at) => definition(`extra${at}`, column('x', 'String')));
    const growing = changing.map((_, at) => database.reshape(add(...changing.slice(0, at + 1)), nothing));
    await Promise.all([...writing, ...growing]);
    expect(await stored(database, table)).toHaveLength(20);
    await database.close();
  });
});
