import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PortableDatabase, PortableEngine } from '../storage/portable/portable-database.ts';
import { describeAudit, describeDatabase, readTable } from '../storage/portable/portable-database.ts';
import { postgresEngine } from '../storage/portable/postgres-engine.ts';
import { sqliteEngine } from '../storage/portable/sqlite-engine.ts';
import { connect, executeOnce } from '../storage/sql/postgres/binding.ts';
import { postgresFailure, placeOf as serverOf } from '../storage/sql/postgres/failure.ts';
import { fileSchema, SqliteFile } from '../storage/sql/sqlite/binding.ts';
import { sqliteFailure } from '../storage/sql/sqlite/failure.ts';
import { BackupError } from './backup-error.ts';
import { auditPlace, directoryPlace, environmentPlace, type NamedPlace, targetOf } from './databases.ts';
import type { Where } from './format.ts';

/** One database of a snapshot. */
export interface SnapshotDatabase {
  readonly name: string;
  readonly engine: PortableEngine;
  readonly contents: Omit<PortableDatabase, 'alphabet'> & { readonly alphabet?: string };
}

/** All databases of an installation as they were at one moment, whether a server is at work on them or not. */
export interface Snapshot {
  readonly from: 'sqlite' | 'postgres';
  readonly environments: readonly string[];
  readonly databases: readonly SnapshotDatabase[];
  close(): Promise<void>;
}

/** @throws BackupError or StorageError when there is none, or it cannot be read */
export const openSnapshot = ({ dataFolder, databaseUrl }: Where): Promise<Snapshot> =>
  databaseUrl === undefined ? openFiles(dataFolder) : openSchemas(databaseUrl);

async function openSchemas(url: string): Promise<Snapshot> {
  const place = serverOf(url, directoryPlace.schema);
  const opened = await connect({ url, statementTimeoutMs: 0 }).catch((error: unknown) => {
    throw postgresFailure(error, place);
  });
  try {
    const { connection, close } = opened;
    await executeOnce(connection, 'begin transaction isolation level repeatable read read only');
    const [row] = await executeOnce(connection, `select to_regclass('portvakt.portvakt_migration') is not null`);
    if (row?.[0] !== true) throw nothingThere(place);
    const engineOf = ({ schema }: NamedPlace): PortableEngine => postgresEngine(connection, schema);
    const read = await describe(engineOf, ({ schema }) => serverOf(url, schema));
    return { from: 'postgres', ...read, close };
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw postgresFailure(error, place);
  }
}

/** How often the files are opened anew when the directory changes meanwhile. */
const mostAttempts = 20;

/**
 * Each file is read in a transaction of its own. They fit together when the directory did not change until the last one was
 * opened; no environment knows of another one.
 */
async function openFiles(folder: string): Promise<Snapshot> {
  const directoryFile = join(folder, directoryPlace.file);
  if (!existsSync(directoryFile)) throw nothingThere(`the data folder ${folder}`);
  const probe = readOnly(directoryFile);
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const before = version(probe);
      const snapshot = await openFilesOnce(folder);
      if (version(probe) === before) return snapshot;
      await snapshot.close();
    }
  } catch (error) {
    throw sqliteFailure(error, folder);
  } finally {
    probe.close();
  }
  throw new BackupError(
    `the directory in ${folder} does not stop changing: try again when fewer applications are being changed`,
  );
}

async function openFilesOnce(folder: string): Promise<Snapshot> {
  const files: SqliteFile[] = [];
  const engineOf = ({ file, name }: NamedPlace): PortableEngine => {
    const path = join(folder, file);
    if (!existsSync(path)) throw new BackupError(`the data of ${name} is missing (${path})`);
    const opened = readOnly(path);
    files.push(opened);
    opened.run('begin');
    // The snapshot is taken by the first read.
    opened.rows(`select 1 from ${fileSchema}.sqlite_master limit 1`);
    return sqliteEngine(opened);
  };
  const close = async (): Promise<void> => {
    for (const file of files) file.close();
  };
  try {
    return { from: 'sqlite', ...(await describe(engineOf, ({ file }) => join(folder, file))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const busyTimeoutMs = 5000;

function readOnly(path: string): SqliteFile {
  const file = new SqliteFile(path, busyTimeoutMs);
  file.run('pragma query_only = on');
  return file;
}

/** Changes with every commit of another connection. */
const version = (file: SqliteFile): unknown => file.rows(`pragma ${fileSchema}.data_version`)[0]?.[0];

const nothingThere = (place: string): BackupError =>
  new BackupError(
    `${place}: there is no installation; set PORTVAKT_DATA or PORTVAKT_DATABASE_URL as the server has them`,
  );

async function describe(
  engineOf: (place: NamedPlace) => PortableEngine,
  nameOf: (place: NamedPlace) => string,
): Promise<Pick<Snapshot, 'environments' | 'databases'>> {
  const open = async (place: NamedPlace): Promise<SnapshotDatabase> => {
    const engine = engineOf(place);
    // The alphabet that counts is the one that the data says it has.
    const contents = await describeDatabase(engine, targetOf(engine, place, nameOf(place), 'nb'));
    return { name: place.name, engine, contents };
  };
  const directory = await open(directoryPlace);
  const environments = await readyEnvironments(directory);
  const databases = [directory];
  for (const uniqueName of environments) databases.push(await open(environmentPlace(uniqueName)));
  const engine = engineOf(auditPlace);
  databases.push({ name: auditPlace.name, engine, contents: await describeAudit(engine) });
  return { environments, databases };
}

/** One that is being made or deleted is left out: its record alone is carried, and undone by the first start. */
export async function readyEnvironments({ engine, contents }: SnapshotDatabase): Promise<readonly string[]> {
  const table = contents.tables.find(({ name }) => name === 'environment');
  if (table === undefined) throw new BackupError('the directory has no list of environments: start the server once');
  const [name, ready] = ['uniquename', 'isready'].map((column) =>
    table.columns.findIndex((each) => each.name === column),
  );
  const names: string[] = [];
  for await (const rows of readTable(engine, table)) {
    for (const row of rows) if (row[ready ?? -1] === true) names.push(String(row[name ?? -1]));
  }
  return names.sort();
}
