import { dirname } from 'node:path';
import type {
  AuditSeal,
  AuditSegment,
  AuditStore,
  PrunableRun,
  RunEnd,
  SegmentQuery,
  StoredSegment,
} from '../../../audit/audit-store.ts';
import { StorageError } from '../../storage-error.ts';
import { AuditChainSql, makeAuditChain, runEndOf, sealOf, sealValues } from '../audit-chain-sql.ts';
import { AuditPruneSql, prunableOf } from '../audit-prune-sql.ts';
import { AuditSql, segmentsOf, segmentValues } from '../audit-sql.ts';
import type { SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import { fileSchema, type SqliteFile, type SqliteStatement } from './binding.ts';
import { checkFile, prepareFolder } from './check-file.ts';
import { openConnection } from './connection.ts';
import { createFile, syncFolder } from './create-file.ts';
import { sqliteFailure } from './failure.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

const sql = new AuditSql('sqlite', `${fileSchema}.`);
const pruneSql = new AuditPruneSql('sqlite', `${fileSchema}.`);
const chainSql = new AuditChainSql('sqlite', `${fileSchema}.`);

/**
 * The audit log in a file of its own. Its holder keeps other processes off the whole data folder.
 * @throws StorageError with one line for the administrator
 */
export async function openSqliteAudit(file: string): Promise<AuditStore> {
  prepareFolder(file);
  let connection: SqliteFile | undefined;
  try {
    if (checkFile(file) === 'new') await createFile(file, (made) => prepare(made, file));
    connection = openConnection(file);
    await prepare(connection, file);
    syncFolder(dirname(file));
    return new SqliteAuditStore(connection, file);
  } catch (error) {
    connection?.close();
    throw sqliteFailure(error, file);
  }
}

async function prepare(connection: SqliteFile, file: string): Promise<void> {
  connection.run('begin immediate');
  connection.run(sql.begin);
  const [row] = connection.rows(sql.step);
  for (const statement of sql.stepsAfter(Number(row?.[0]), file)) connection.run(statement);
  connection.run('commit');
}

class SqliteAuditStore implements AuditStore {
  readonly #connection: SqliteFile;
  readonly #file: string;
  readonly #insert: SqliteStatement;
  readonly #insertIds: SqliteStatement;
  readonly #log: WriteAheadLog;
  /** A flush has failed: what stands in the write-ahead log may not be on disk, though later flushes succeed. */
  #isDoubtful = false;
  readonly chain = makeAuditChain(chainSql, async (text, values) => this.#rows(text, values));

  constructor(connection: SqliteFile, file: string) {
    this.#connection = connection;
    this.#file = file;
    this.#insert = connection.prepare(sql.insert);
    this.#insertIds = connection.prepare(sql.insertIds);
    this.#log = new WriteAheadLog(connection, file);
  }

  append(segment: AuditSegment): Promise<number> {
    return this.#write(() => {
      const [place] = this.#insert.row(segmentValues(segment)) ?? [];
      if (segment.otherIds.length > 0) this.#insertIds.change([JSON.stringify(segment.otherIds), Number(place)]);
      return Number(place);
    });
  }

  async read(query: SegmentQuery): Promise<readonly StoredSegment[]> {
    const { text, values } = sql.read(query);
    return segmentsOf(this.#rows(text, values));
  }

  addSeal(make: (last: AuditSeal | undefined) => AuditSeal | undefined): Promise<AuditSeal | undefined> {
    return this.#write(() => {
      const seal = make(this.#connection.rows(chainSql.lastSeal).map(sealOf)[0]);
      if (seal === undefined) return undefined;
      return this.#connection.prepare(chainSql.insertSeal).change(sealValues(seal)) === 0 ? undefined : seal;
    });
  }

  /** The file has one process: every run but its own is an orphan. */
  async hold(): Promise<void> {}

  async findOrphans(): Promise<readonly RunEnd[]> {
    return this.#rows(chainSql.orphans('true'), []).map(runEndOf);
  }

  async findPrunable(before: string): Promise<readonly PrunableRun[]> {
    return this.#rows(pruneSql.prunable, [before]).map(prunableOf);
  }

  removePruned(run: string, last: number, limit: number): Promise<number> {
    return this.#write(() => this.#connection.prepare(pruneSql.removeSegments).change([run, last, limit]));
  }

  async removeLostIds(): Promise<void> {
    await this.#write(() => this.#connection.run(pruneSql.removeIds));
  }

  async close(): Promise<void> {
    this.#log.close();
    this.#connection.close();
  }

  #rows(text: string, values: readonly SqlValue[]): RawRows {
    try {
      return this.#connection.rows(text, values);
    } catch (error) {
      throw sqliteFailure(error, this.#file);
    }
  }

  /** Resolves with what `job` gives when that is on disk. */
  async #write<T>(job: () => T): Promise<T> {
    try {
      if (this.#isDoubtful) this.#beginLogAnew();
      this.#connection.run('begin immediate');
      const result = job();
      this.#connection.run('commit');
      await this.#flush();
      return result;
    } catch (error) {
      this.#rollback();
      throw sqliteFailure(error, this.#file);
    }
  }

  async #flush(): Promise<void> {
    try {
      await this.#log.flush();
    } catch (error) {
      this.#isDoubtful = true;
      throw error;
    }
    // Of flushes that overlap one alone is told what the disk has dropped.
    if (this.#isDoubtful) throw new StorageError(`${this.#file}: the disk does not keep what is written`);
  }

  /**
   * SQLite reads a write-ahead log up to the first frame that is damaged: behind one that the disk has dropped nothing
   * would be found after a loss of power. So the pages are carried over, and the log is begun from its start.
   */
  #beginLogAnew(): void {
    const [row] = this.#connection.rows(`pragma ${fileSchema}.wal_checkpoint(truncate)`);
    if (Number(row?.[0]) !== 0) throw new StorageError(`${this.#file}: its write-ahead log is in use`);
    this.#isDoubtful = false;
  }

  #rollback(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.run('rollback');
    } catch {
      // The error that led here is the one to tell.
    }
  }
}
