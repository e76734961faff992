/**
 * Speed and memory of the row store alone, on rows of 20 columns: `npx tsx bench/storage.ts [rows]`. Prints figures of
 * both databases; PostgreSQL is the one of the tests (fsync off), so its writes are not to be compared.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Guid, getGuid, newGuid } from '../src/kernel/ids.ts';
import { linkModel } from '../src/metadata/model.ts';
import type { Column, ColumnDefinition, Table, TableDefinition } from '../src/metadata/table.ts';
import { mintNativeRead } from '../src/odata/plan-mint.ts';
import type { Query, Value } from '../src/odata/query.ts';
import type { Database, DatabaseLocation } from '../src/storage/database.ts';
import { openDatabase } from '../src/storage/open.ts';
import { startPostgres } from '../test/support/postgres.ts';

const rowCount = Number(process.argv[2] ?? 100_000);

const define = (
  name: string,
  type: ColumnDefinition['type'],
  more: Partial<ColumnDefinition> = {},
): ColumnDefinition => ({
  name,
  label: name,
  type,
  access: 'read-write',
  ...more,
});
const shared = { kind: 'native', ownership: 'organization', purpose: 'bench', label: 'x' } as const;
const owner: TableDefinition = {
  ...shared,
  logicalName: 'pv_owner',
  schemaName: 'pv_Owner',
  entitySetName: 'pv_owners',
  objectTypeCode: 1,
  primaryKey: 'pv_ownerid',
  primaryName: 'pv_name',
  naturalKey: ['pv_name'],
  columns: [define('pv_ownerid', 'Guid'), define('pv_name', 'String'), define('pv_city', 'String')],
};
const texts = Array.from({ length: 7 }, (_, at) => `pv_text${at}`);
const item: TableDefinition = {
  ...shared,
  logicalName: 'pv_item',
  schemaName: 'pv_Item',
  entitySetName: 'pv_items',
  objectTypeCode: 2,
  primaryKey: 'pv_itemid',
  primaryName: 'pv_number',
  naturalKey: ['pv_number'],
  indexed: ['pv_started'],
  columns: [
    define('pv_itemid', 'Guid'),
    define('pv_number', 'String'),
    define('pv_company', 'String'),
    ...texts.map((name) => define(name, 'String')),
    define('pv_started', 'DateTime'),
    define('pv_ended', 'Date'),
    define('pv_status', 'Choice'),
    define('pv_kind', 'Choice'),
    define('pv_count', 'Integer'),
    define('pv_big', 'BigInt'),
    define('pv_amount', 'Decimal', { scale: 2 }),
    define('pv_active', 'Boolean'),
    define('pv_flag', 'Boolean'),
    define('pv_owner', 'Lookup', { lookup: { target: 'pv_owner', navigation: 'pv_owner', inverse: 'pv_items' } }),
  ],
};
const model = linkModel([owner, item], []);
const table = (name: string): Table => model.table.get(name) as Table;
const items = table('pv_item');
const owners = table('pv_owner');
const col = (of: Table, name: string): Column => of.column.get(name) as Column;
const id = (n: number): Guid =>
  getGuid(
    `${((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  );

function itemValues(n: number, key: Guid): Map<Column, Value> {
  const of: Record<string, Value> = {
    pv_itemid: key,
    pv_number: `ITEM-${n}`,
    pv_company: n % 3 === 0 ? 'usmf' : 'noda',
    pv_started: `20${10 + (n % 15)}-0${1 + (n % 9)}-1${n % 10}T0${n % 10}:00:00Z`,
    pv_ended: '2024-05-17T00:00:00Z',
    pv_status: 200_000_000 + (n % 4),
    pv_kind: 1,
    pv_count: n,
    pv_big: BigInt(n) * 1000n,
    pv_amount: `${n}.25`,
    pv_active: n % 2 === 0,
    pv_flag: null,
    pv_owner: id(n % 1000),
  };
  for (const name of texts) of[name] = name === 'pv_text3' ? null : `Åse Ødegård ${name} ${n}`;
  return new Map(Object.entries(of).map(([name, value]) => [col(items, name), value]));
}

const visible = items.columns;
const ownerColumns = [col(owners, 'pv_name')];
const base: Query = {
  table: items,
  columns: visible,
  where: undefined,
  orderBy: [],
  expand: [],
  limit: 50,
  countUpTo: undefined,
  after: undefined,
  etag: true,
  unsetTextAsEmpty: false,
};
const point = (n: number): Query => ({
  ...base,
  where: { kind: 'compare', op: 'eq', column: items.primaryKey, value: id(n % rowCount) },
});
const pageOf50 = (n: number): Query => ({
  ...base,
  where: { kind: 'compare', op: 'eq', column: col(items, 'pv_status'), value: 200_000_000 + (n % 4) },
  orderBy: [{ column: col(items, 'pv_started'), descending: false }],
});
const navigation = items.navigation.get('pv_owner');
const expanded = (n: number): Query => ({
  ...pageOf50(n),
  expand:
    navigation === undefined
      ? []
      : [{ navigation, query: { ...base, table: owners, columns: ownerColumns, limit: undefined } }],
});
const last: readonly Value[] = ['2017-05-15T05:00:00Z', id(1)];
const deepPage = (n: number): Query => ({ ...pageOf50(n), after: last });
const descending = (n: number): Query => ({
  ...pageOf50(n),
  orderBy: [{ column: col(items, 'pv_started'), descending: true }],
  after: last,
});

async function measure(name: string, clients: number, once: (n: number) => Promise<unknown>): Promise<void> {
  const runs: number[] = [];
  let n = 0;
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    let done = 0;
    const client = async (): Promise<void> => {
      while (performance.now() - started < 300) {
        await once(n++);
        done++;
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    runs.push((done * 1000) / (performance.now() - started));
  }
  runs.sort((a, b) => a - b);
  console.info(
    `  ${name.padEnd(44)} ${String(Math.round(runs[2] ?? 0)).padStart(8)}/s (best ${Math.round(runs[4] ?? 0)})`,
  );
}

async function fillAll(database: Database): Promise<void> {
  await database.maintain(async (rows) => {
    for (let n = 0; n < 1000; n++) {
      await rows.insert(
        owners,
        new Map<Column, Value>([
          [owners.primaryKey, id(n)],
          [col(owners, 'pv_name'), `Owner ${n}`],
        ]),
      );
    }
  });
  for (let from = 0; from < rowCount; from += 5000) {
    await database.maintain(async (rows) => {
      for (let n = from; n < Math.min(from + 5000, rowCount); n++) await rows.insert(items, itemValues(n, id(n)));
    });
  }
  await database.analyze();
}

async function run(name: string, location: DatabaseLocation): Promise<void> {
  const clients = name === 'SQLite' ? 1 : 16;
  const started = performance.now();
  let database = await openDatabase({ tables: model.tables, alphabet: 'nb', location });
  await fillAll(database);
  console.info(
    `${name}: ${rowCount} rows in ${((performance.now() - started) / 1000).toFixed(1)} s; ${clients} in flight`,
  );
  await database.close();
  const reopened = performance.now();
  database = await openDatabase({ tables: model.tables, alphabet: 'nb', location });
  console.info(`  opened again in ${Math.round(performance.now() - reopened)} ms`);
  const ask = (make: (n: number) => Query) => (n: number) => database.query(mintNativeRead(make(n)));
  await measure('point read', clients, ask(point));
  await measure('page of 50, filter and order', clients, ask(pageOf50));
  await measure('the same, in the middle', clients, ask(deepPage));
  await measure('the same, descending', clients, ask(descending));
  await measure('page of 50 with an expand', clients, ask(expanded));
  await measure(
    'page of 50 with a count up to 5000',
    clients,
    ask((n) => ({ ...pageOf50(n), countUpTo: 5000 })),
  );
  let made = rowCount;
  const insert = (): Promise<void> => {
    const n = made++;
    return database.maintain((rows) => rows.insert(items, itemValues(n, newGuid())));
  };
  await measure('create, 1 in flight', 1, insert);
  await measure('create, 64 in flight', 64, insert);
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 200_000; n++) await database.query(mintNativeRead(n % 100 === 0 ? pageOf50(n) : point(n)));
  const growth = (process.memoryUsage.rss() - before) / 1024 / 1024;
  console.info(`  200,000 reads changed the resident memory by ${growth.toFixed(1)} MB`);
  const many = process.memoryUsage.rss();
  for (let n = 1; n < 20_000; n++) await database.query(mintNativeRead({ ...point(n), after: [id(0)], limit: n }));
  console.info(`  20,000 shapes changed it by ${((process.memoryUsage.rss() - many) / 1024 / 1024).toFixed(1)} MB`);
  await database.close();
  if (location.kind === 'sqlite') console.info(`  file: ${Math.round(statSync(location.file).size / 1024 / 1024)} MB`);
}

const folder = mkdtempSync(join(tmpdir(), 'portvakt-bench-'));
const server = await startPostgres();
try {
  await run('SQLite', { kind: 'sqlite', file: join(folder, 'bench.db') });
  await run('PostgreSQL', { kind: 'postgres', url: server.url, schema: 'bench' });
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
