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
import { auditStepTable } from '../audit-schema.ts';
import { AuditSql, segmentsOf, segmentValues } from '../audit-sql.ts';
import type { SqlValue } from '../dialect.ts';
import { quoteName } from '../names.ts';
import type { RawRows } from '../row-transaction.ts';
import { type Connection, commit, connect, execute, executeOnce, type Opened } from './binding.ts';
import { placeOf, postgresFailure } from './failure.ts';
import { lockSchema } from './lock.ts';
import { Pool } from './pool.ts';
import { relationExists } from './rights.ts';

/** A log that does not answer for so long counts as failed; what must be audited is refused then. */
const statementTimeoutMs = 10_000;
const readTimeoutMs = 60_000;

/** Held by the session that writes a run. Names are those of runs. */
const runLock = (run: string): string => `hashtextextended('portvakt audit run ' || ${run}, 0)`;

/**
 * The audit log in tables of a schema that is there already, over a connection of its own.
 * @throws StorageError with one line for the administrator
 */
export async function openPostgresAudit(url: string, schema: string): Promise<AuditStore> {
  const store = new PostgresAuditStore(url, schema);
  await store.prepare();
  return store;
}

class PostgresAuditStore implements AuditStore {
  readonly #sql: AuditSql;
  readonly #chainSql: AuditChainSql;
  readonly #pruneSql: AuditPruneSql;
  readonly #url: string;
  readonly #schema: string;
  readonly #place: string;
  readonly chain: AuditStore['chain'];
  /** A slow look, or one that fails, must not hold up what is written. */
  readonly #readers: Pool;
  #opening: Promise<Opened> | undefined;
  /** The connection that holds the run. */
  #holder: Promise<Opened> | undefined;

  constructor(url: string, schema: string) {
    const prefix = `${quoteName(schema)}.`;
    this.#sql = new AuditSql('postgres', prefix);
    this.#chainSql = new AuditChainSql('postgres', prefix);
    this.#pruneSql = new AuditPruneSql('postgres', prefix);
    this.#url = url;
    this.#readers = new Pool({ url, statementTimeoutMs: readTimeoutMs }, 1);
    this.#schema = schema;
    this.#place = placeOf(url, schema);
    this.chain = makeAuditChain(this.#chainSql, (text, values) => this.#rows(text, values));
  }

  prepare(): Promise<void> {
    return this.#with(async (connection) => {
      await executeOnce(connection, 'begin');
      await lockSchema(connection, this.#schema);
      const isThere = await relationExists(connection, `${quoteName(this.#schema)}.${auditStepTable}`);
      if (!isThere) await executeOnce(connection, this.#sql.begin);
      const [row] = await executeOnce(connection, this.#sql.step);
      for (const statement of this.#sql.stepsAfter(Number(row?.[0]), this.#place)) {
        await executeOnce(connection, statement);
      }
      await executeOnce(connection, 'commit');
    });
  }

  append(segment: AuditSegment): Promise<number> {
    const values = [...segmentValues(segment), JSON.stringify(segment.otherIds)];
    if (this.#opening === undefined || this.#opening !== this.#holder) {
      return Promise.reject(new StorageError(`${this.#place}: the connection that holds the run is gone`));
    }
    return this.#with(async (connection) => {
      const { rows } = await execute(connection, { name: 'audit_insert', text: this.#sql.insertWithIds }, values);
      return Number(rows[0]?.[0]);
    });
  }

  async read(query: SegmentQuery): Promise<readonly StoredSegment[]> {
    const { text, values } = this.#sql.read(query);
    return segmentsOf(await this.#rows(text, values));
  }

  /** Over a connection of its own, so that what fails here does not end the run. */
  addSeal(make: (last: AuditSeal | undefined) => AuditSeal | undefined): Promise<AuditSeal | undefined> {
    return this.#beside(async (connection) => {
      await executeOnce(connection, 'begin');
      // A process that is stopped here must not keep all others from sealing.
      await executeOnce(connection, `set local idle_in_transaction_session_timeout = ${statementTimeoutMs}`);
      await lockSchema(connection, `${this.#schema} audit seals`);
      const seal = make((await executeOnce(connection, this.#chainSql.lastSeal)).map(sealOf)[0]);
      const added =
        seal &&
        (await execute(connection, { name: '', text: this.#chainSql.insertSeal }, sealValues(seal))).changed > 0;
      await commit(connection);
      return added === true ? seal : undefined;
    });
  }

  /** The lock ends with the connection, and the run does too: what fails on it is followed by a new one. */
  hold(run: string): Promise<void> {
    return this.#with(async (connection) => {
      await executeOnce(connection, `select pg_advisory_lock(${runLock('$1')})`, [run]);
      this.#holder = this.#opening;
    });
  }

  findOrphans(): Promise<readonly RunEnd[]> {
    const free = `pg_try_advisory_xact_lock(${runLock('o.run')})`;
    return this.#beside(async (connection) =>
      (await executeOnce(connection, this.#chainSql.orphans(free))).map(runEndOf),
    );
  }

  async findPrunable(before: string): Promise<readonly PrunableRun[]> {
    return (await this.#rows(this.#pruneSql.prunable, [before])).map(prunableOf);
  }

  removePruned(run: string, last: number, limit: number): Promise<number> {
    const statement = { name: '', text: this.#pruneSql.removeSegments };
    return this.#beside(async (connection) => (await execute(connection, statement, [run, last, limit])).changed);
  }

  async removeLostIds(): Promise<void> {
    await this.#rows(this.#pruneSql.removeIds, []);
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await opened?.close();
    await this.#readers.end();
  }

  async #rows(text: string, values: readonly SqlValue[]): Promise<RawRows> {
    try {
      const connection = await this.#readers.connect();
      try {
        return await executeOnce(connection, text, values);
      } finally {
        connection.release();
      }
    } catch (error) {
      throw postgresFailure(error, this.#place);
    }
  }

  async #beside<T>(job: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      const opened = await connect({ url: this.#url, statementTimeoutMs });
      try {
        return await job(opened.connection);
      } finally {
        await opened.close();
      }
    } catch (error) {
      throw postgresFailure(error, this.#place);
    }
  }

  /** After any failure the connection is given up: whether it is in a transaction is not worth finding out. */
  async #with<T>(job: (connection: Connection) => Promise<T>): Promise<T> {
    this.#opening ??= connect({ url: this.#url, statementTimeoutMs });
    const opening = this.#opening;
    try {
      return await job((await opening).connection);
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      void opening.then((opened) => opened.close()).catch(() => undefined);
      throw postgresFailure(error, this.#place);
    }
  }
}
