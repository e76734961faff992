import { dirname } from 'node:path';
import type { AuditSegment, AuditStore, SegmentQuery, StoredSegment } from '../../../audit/audit-store.ts';
import { AuditSql, segmentsOf, segmentValues } from '../audit-sql.ts';
import { fileSchema, type SqliteFile, type SqliteStatement } from './binding.ts';
import { checkFile, prepareFolder } from './check-file.ts';
import { openConnection } from './connection.ts';
import { createFile, syncFolder } from './create-file.ts';
import { sqliteFailure } from './failure.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

const sql = new AuditSql('sqlite', `${fileSchema}.`);

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

class SqliteAuditStore implements AuditStore {
  readonly #connection: SqliteFile;
  readonly #file: string;
  readonly #insert: SqliteStatement;
  readonly #insertIds: SqliteStatement;
  readonly #log: WriteAheadLog;

  constructor(connection: SqliteFile, file: string) {
    this.#connection = connection;
    this.#file = file;
    this.#insert = connection.prepare(sql.insert);
    this.#insertIds = connection.prepare(sql.insertIds);
    this.#log = new WriteAheadLog(connection, file);
  }

  async append(segment: AuditSegment): Promise<void> {
    try {
      this.#connection.run('begin immediate');
      const [place] = this.#insert.row(segmentValues(segment)) ?? [];
      if (segment.otherIds.length > 0) this.#insertIds.change([JSON.stringify(segment.otherIds), Number(place)]);
      this.#connection.run('commit');
      await this.#log.flush();
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
    this.#log.close();
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
