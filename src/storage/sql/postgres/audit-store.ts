import type { AuditSegment, AuditStore, SegmentQuery, StoredSegment } from '../../../audit/audit-store.ts';
import { AuditSql, segmentsOf, segmentValues } from '../audit-sql.ts';
import { quoteName } from '../names.ts';
import { type Connection, connect, execute, executeOnce } from './binding.ts';
import { placeOf, postgresFailure } from './failure.ts';
import { lockSchema } from './lock.ts';

/** A log that does not answer for so long counts as failed; what must be audited is refused then. */
const statementTimeoutMs = 10_000;
const readTimeoutMs = 60_000;

/**
 * The audit log in tables of a schema that is there already, over a connection of its own.
 * @throws StorageError with one line for the administrator
 */
export async function openPostgresAudit(url: string, schema: string): Promise<AuditStore> {
  const sql = new AuditSql('postgres', `${quoteName(schema)}.`);
  const store = new PostgresAuditStore(sql, url, placeOf(url, schema));
  await store.prepare(schema);
  return store;
}

type Opened = Awaited<ReturnType<typeof connect>>;

class PostgresAuditStore implements AuditStore {
  readonly #sql: AuditSql;
  readonly #url: string;
  readonly #place: string;
  #opening: Promise<Opened> | undefined;

  constructor(sql: AuditSql, url: string, place: string) {
    this.#sql = sql;
    this.#url = url;
    this.#place = place;
  }

  prepare(schema: string): Promise<void> {
    return this.#with(async (connection) => {
      await executeOnce(connection, 'begin');
      await lockSchema(connection, schema);
      for (const statement of this.#sql.schema) await executeOnce(connection, statement);
      await executeOnce(connection, 'commit');
    });
  }

  append(segment: AuditSegment): Promise<void> {
    const values = [...segmentValues(segment), JSON.stringify(segment.otherIds)];
    return this.#with(async (connection) => {
      await execute(connection, { name: 'audit_insert', text: this.#sql.insertWithIds }, values);
    });
  }

  /** Over a connection of its own: a slow look, or one that fails, must not hold up what is written. */
  async read(query: SegmentQuery): Promise<readonly StoredSegment[]> {
    const { text, values } = this.#sql.read(query);
    try {
      const opened = await connect({ url: this.#url, statementTimeoutMs: readTimeoutMs });
      try {
        return segmentsOf(await executeOnce(opened.connection, text, values));
      } finally {
        await opened.close();
      }
    } catch (error) {
      throw postgresFailure(error, this.#place);
    }
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await opened?.close();
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
