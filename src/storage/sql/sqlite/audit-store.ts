import { closeSync, fdatasync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { AuditSegment, AuditStore, SegmentQuery, StoredSegment } from '../../../audit/audit-store.ts';
import { AuditSql, segmentsOf, segmentValues } from '../audit-sql.ts';
import { fileSchema, type SqliteFile, type SqliteStatement } from './binding.ts';
import { checkFile, prepareFolder } from './check-file.ts';
import { openConnection } from './connection.ts';
import { createFile, syncFolder } from './create-file.ts';
import { sqliteFailure } from './failure.ts';

const sql = new AuditSql('sqlite', `${fileSchema}.`);
const flush = promisify(fdatasync);

/**
 * The audit log in a file of its own. Its holder keeps other processes off the whole data folder.
 * @throws StorageError with one line for the administrator
 */
export async function openSqliteAudit(file: string): Promise<AuditStore> {
  prepareFolder(file);
  let connection: SqliteFile | undefined;
  try {
    if (checkFile(file) === 'new') await createFile(file, prepare);
    connection = openConnection(file);
    await prepare(connection);
    syncFolder(dirname(file));
    return new SqliteAuditStore(connection, file);
  } catch (error) {
    connection?.close();
    throw sqliteFailure(error, file);
  }
}

async function prepare(connection: SqliteFile): Promise<void> {
  for (const statement of sql.schema) connection.run(statement);
}

/**
 * A commit writes to the log file (WAL) and returns; asking the disk to keep it is done beside, by a thread that does not
 * hold up requests. SQLite itself flushes that file before it carries pages over (`synchronous = normal`), so that
 * database and log are never at odds. It takes no lock on that file: opening it a second time is harmless.
 */
class SqliteAuditStore implements AuditStore {
  readonly #connection: SqliteFile;
  readonly #file: string;
  readonly #insert: SqliteStatement;
  readonly #insertIds: SqliteStatement;
  readonly #log: number;

  constructor(connection: SqliteFile, file: string) {
    this.#connection = connection;
    this.#file = file;
    connection.run(`pragma ${fileSchema}.synchronous = normal`);
    this.#insert = connection.prepare(sql.insert);
    this.#insertIds = connection.prepare(sql.insertIds);
    this.#log = openSync(`${file}-wal`, 'r+');
  }

  async append(segment: AuditSegment): Promise<void> {
    try {
      this.#connection.run('begin immediate');
      const [place] = this.#insert.row(segmentValues(segment)) ?? [];
      if (segment.otherIds.length > 0) this.#insertIds.change([JSON.stringify(segment.otherIds), Number(place)]);
      this.#connection.run('commit');
      await flush(this.#log);
    } catch (error) {
      this.#rollback();
      throw sqliteFailure(error, this.#file);
    }
  }

  async read(query: SegmentQuery): Promise<readonly StoredSegment[]> {
    const { text, values } = sql.read(query);
    return segmentsOf(this.#connection.rows(text, values));
  }

  async close(): Promise<void> {
    closeSync(this.#log);
    this.#connection.close();
  }

  #rollback(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.run('rollback');
    } catch {
      // The error that led here is the one to tell.
    }
  }
}
