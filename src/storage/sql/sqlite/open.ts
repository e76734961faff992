import { resolve } from 'node:path';
import { type Clock, systemClock } from '../../../kernel/clock.ts';
import { silentProbe } from '../../../kernel/probe.ts';
import type { Database, DatabaseOptions } from '../../database.ts';
import { StorageError } from '../../storage-error.ts';
import { makeCodec } from '../codec.ts';
import { type Migrated, migrate } from '../migrations/migrate.ts';
import type { Target } from '../migrations/schema-session.ts';
import { schemasOf } from '../schema.ts';
import { Watchers } from '../watchers.ts';
import { fileSchema, type SqliteFile } from './binding.ts';
import { checkFile, damaged, marker, prepareFolder } from './check-file.ts';
import { CommitQueue } from './commit-queue.ts';
import { openConnection } from './connection.ts';
import { Counters } from './counters.ts';
import { createFile } from './create-file.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteFailure } from './failure.ts';
import { lockFile } from './lock.ts';
import { ReadTurn } from './read-turn.ts';
import { sqliteSchemaSession } from './schema-session.ts';
import { SqliteReadSession, SqliteWriteSession } from './session.ts';
import { SqliteDatabase, type SqliteParts } from './store.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** Opens a database file, making it when it is not there. Throws `StorageError` with one line for the administrator. */
export async function openSqlite(options: DatabaseOptions, path: string): Promise<Database> {
  const file = resolve(path);
  prepareFolder(file);
  const lock = lockFile(file);
  try {
    return await openLocked(options, file, lock);
  } catch (error) {
    lock.release();
    throw openFailure(error, file);
  }
}

/** What the operating system refuses (a folder in the file's place) is for the administrator too. */
function openFailure(error: unknown, file: string): unknown {
  if (error instanceof Error && 'syscall' in error)
    return new StorageError(`${file} cannot be opened (${error.message})`);
  return sqliteFailure(error, file);
}

async function openLocked(options: DatabaseOptions, file: string, lock: { release(): void }): Promise<Database> {
  const target = makeTarget(options, file);
  const state = checkFile(file);
  if (state === 'new')
    await createFile(file, async (connection) => {
      await migrateFile(connection, target);
    });
  marker.set(file);
  const writerFile = openConnection(file);
  try {
    if (state === 'killed') checkPages(writerFile, file);
    const { opened } = await migrateFile(writerFile, target);
    return assemble(options, { isNew: state === 'new', file, target, opened, writerFile, lock });
  } catch (error) {
    writerFile.close();
    if (state !== 'killed') marker.clear(file);
    throw error;
  }
}

function assemble(
  { alphabet, probe = silentProbe }: DatabaseOptions,
  parts: Pick<SqliteParts, 'isNew' | 'file' | 'target' | 'opened' | 'writerFile' | 'lock'>,
): Database {
  const { file, writerFile } = parts;
  const codec = makeCodec(sqliteDialect, alphabet);
  const counters = new Counters(writerFile);
  const writer = new SqliteWriteSession(writerFile, codec, file, counters, probe);
  const readerFile = openConnection(file);
  readerFile.run('pragma query_only = on');
  const readTurn = new ReadTurn(readerFile);
  const reader = new SqliteReadSession(readerFile, codec, file, probe, readTurn);
  const watchers = new Watchers();
  const log = new WriteAheadLog(writerFile, file);
  const queue = new CommitQueue({ file: writerFile, session: writer, counters, watchers, log, readTurn, probe });
  return new SqliteDatabase({ ...parts, reader, readerFile, readTurn, writer, queue, watchers });
}

function makeTarget({ tables, alphabet, clock }: DatabaseOptions, place: string): Target {
  const now: Clock = clock ?? systemClock;
  return { dialect: sqliteDialect, schemasOf: schemasOf(tables, sqliteDialect), alphabet, place, clock: now };
}

async function migrateFile(connection: SqliteFile, target: Target): Promise<Migrated> {
  connection.run('begin immediate');
  try {
    const migrated = await migrate(sqliteSchemaSession(connection), target);
    connection.run('commit');
    return migrated;
  } catch (error) {
    if (connection.inTransaction) connection.run('rollback');
    throw error;
  }
}

/** After a kill, SQLite replays its log by itself; whether the disk kept its word is worth a look. */
function checkPages(connection: SqliteFile, file: string): void {
  const [result] = connection.rows(`pragma ${fileSchema}.quick_check(1)`);
  if (result?.[0] !== 'ok') throw damaged(file, String(result?.[0]));
}
