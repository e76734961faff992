import { type Alphabet, alphabets } from '../alphabet.ts';
import type { StoredDefinitions } from '../database.ts';
import { auditStepTable } from '../sql/audit-schema.ts';
import { makeCodec } from '../sql/codec.ts';
import type { Dialect, SqlValue } from '../sql/dialect.ts';
import { changeShape, readDefinitions } from '../sql/migrations/definitions.ts';
import { checkVersion, migrate } from '../sql/migrations/migrate.ts';
import { readSetting, type SchemaSession, type Target } from '../sql/migrations/schema-session.ts';
import { quoteName } from '../sql/names.ts';
import { StorageError } from '../storage-error.ts';
import {
  type CatalogColumn,
  type Cell,
  modelTable,
  ownTable,
  type PortableTable,
  readAlias,
} from './portable-table.ts';

/** What the two databases do differently where everything is carried: catalogs, and numbers that were drawn. */
export interface PortableEngine {
  readonly dialect: Dialect;
  readonly session: SchemaSession;
  catalog(table: string): Promise<readonly CatalogColumn[]>;
  /** Last numbers that were drawn, by name, of those that were drawn from at all. */
  readCounters(): Promise<ReadonlyMap<string, bigint>>;
  writeCounter(name: string, last: bigint): Promise<void>;
}

/** One database, as it is to be carried. */
export interface PortableDatabase {
  readonly alphabet: Alphabet;
  readonly definitions: StoredDefinitions;
  readonly counters: ReadonlyMap<string, bigint>;
  readonly tables: readonly PortableTable[];
}

/** Names of counters: of row versions, and before the name of a number sequence or of a table that numbers its rows. */
export const versionCounter = 'row version';
export const sequenceCounter = 'sequence ';
export const identityCounter = 'identity ';

/** In the order of their names: those of code units. */
export const inOrder = (counters: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> =>
  new Map([...counters].sort(([one], [other]) => (one < other ? -1 : 1)));

/** Carried in another way, or nothing that outlives a process. */
const notCarried: ReadonlySet<string> = new Set([
  'portvakt_migration',
  'portvakt_setting',
  'portvakt_counter',
  'portvakt_definition',
  'portvakt_retired',
  'portvakt_lease',
  auditStepTable,
]);
const isAudit = (name: string): boolean => name.startsWith('portvakt_audit') && name !== auditStepTable;
const isOfDatabase = (name: string): boolean => name.startsWith('portvakt_') && !isAudit(name) && !notCarried.has(name);

/** Looks at a database that may be older than the program, but not newer. @throws StorageError */
export async function describeDatabase(engine: PortableEngine, target: Target): Promise<PortableDatabase> {
  const { session } = engine;
  await checkVersion(session, target);
  const alphabet = alphabetOf((await readSetting(session, target, 'alphabet')) ?? '', target);
  const { definitions } = await readDefinitions(session, target);
  const codec = makeCodec(engine.dialect, alphabet);
  const present = await session.tables();
  const ofModel = target.schemasOf(definitions).flatMap((schema) => {
    const columns = present.get(schema.name);
    return columns === undefined ? [] : [modelTable(schema, codec, columns)];
  });
  const own = await ownTables(engine, isOfDatabase);
  const counters = [...(await engine.readCounters())].filter(([name]) => !isAudit(name.slice(identityCounter.length)));
  return { alphabet, definitions, counters: new Map(counters), tables: [...ofModel, ...own] };
}

/** The tables of the audit log, and the numbers that they count by. */
export async function describeAudit(engine: PortableEngine): Promise<Omit<PortableDatabase, 'alphabet'>> {
  const counters = [...(await engine.readCounters())].filter(([name]) => isAudit(name.slice(identityCounter.length)));
  return { definitions: new Map(), counters: new Map(counters), tables: await ownTables(engine, isAudit) };
}

async function ownTables(
  { session, dialect, catalog }: PortableEngine,
  isWanted: (name: string) => boolean,
): Promise<readonly PortableTable[]> {
  const names = [...(await session.tables()).keys()].filter(isWanted).sort();
  const tables: PortableTable[] = [];
  for (const name of names) tables.push(ownTable(name, await catalog(name), dialect));
  return tables;
}

function alphabetOf(text: string, { place }: Target): Alphabet {
  const found = findAlphabet(text);
  if (found === undefined) throw new StorageError(`${place} does not say which alphabet its text is sorted by`);
  return found;
}

/** The alphabet of this name, if there is one. */
export const findAlphabet = (text: string): Alphabet | undefined =>
  (Object.keys(alphabets) as Alphabet[]).find((each) => each === text);

/** Makes the tables of an empty database. */
export async function makeTables(
  session: SchemaSession,
  target: Target,
  definitions: StoredDefinitions,
): Promise<void> {
  await migrate(session, target);
  if (definitions.size > 0) await changeShape(session, target, { definitions, retired: [] });
}

/** A read holds about so much in memory. */
const pageBytes = 1024 * 1024;
const mostRows = 1000;

/** All rows in the order of the key, a page at a time. */
export async function* readTable(
  { session, dialect }: PortableEngine,
  table: PortableTable,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const list = table.columns.map(({ read }) => read).join(', ');
  const order = table.keyExpressions.join(', ');
  let last: readonly SqlValue[] = [];
  let limit = 16;
  for (;;) {
    const where = last.length === 0 ? '' : `where (${order}) > (${keyParameters(table)}) `;
    const sql = `select ${list} from ${dialect.table(table.name)} as ${readAlias} ${where}order by ${order} limit ${limit}`;
    const rows = (await session.rows(sql, last)).map((raw) => table.columns.map(({ toCell }, at) => toCell(raw[at])));
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < limit) return;
    last = table.key.map((column) => column.fromCell(end[table.columns.indexOf(column)] ?? null));
    const bytes = rows.reduce((sum, row) => sum + sizeOf(row), 0);
    limit = Math.max(1, Math.min(mostRows, Math.floor((rows.length * pageBytes) / Math.max(bytes, 1))));
  }
}

const keyParameters = (table: PortableTable): string =>
  table.key.map((column, at) => column.parameter(at + 1)).join(', ');

const sizeOf = (row: readonly Cell[]): number =>
  row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 4), 0);

/** Both databases take more parameters than this in one statement. */
const mostParameters = 16_000;

/** Writes rows as they were, with their versions. @throws TypeError when a cell does not fit its column */
export async function insertRows(
  { session, dialect }: PortableEngine,
  table: PortableTable,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const names = [...table.columns, ...table.derived].map(({ name }) => quoteName(name));
  const overriding = table.isOwn && dialect.name === 'postgres' ? 'overriding system value ' : '';
  const into = `insert into ${dialect.table(table.name)} (${names.join(', ')}) ${overriding}values`;
  const sources = table.derived.map(({ of, source }) => ({
    of,
    at: table.columns.findIndex(({ name }) => name === source),
  }));
  const perStatement = Math.max(1, Math.floor(mostParameters / names.length));
  for (let at = 0; at < rows.length; at += perStatement) {
    const part = rows.slice(at, at + perStatement);
    let index = 0;
    const tuples = part.map(
      () => `(${[...table.columns, ...table.derived].map(({ parameter }) => parameter(++index)).join(', ')})`,
    );
    const values = part.flatMap((row) => [
      ...table.columns.map(({ fromCell }, place) => fromCell(row[place] ?? null)),
      ...sources.map(({ of, at: place }) => of(row[place] ?? null)),
    ]);
    await session.run(`${into} ${tuples.join(', ')}`, values);
  }
}
