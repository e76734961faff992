import type { Target } from '../migrations/schema-session.ts';
import type { TableSchema } from '../schema.ts';
import { type ConnectionSettings, connect, executeOnce, type Opened, onConnection } from './binding.ts';
import { buildAhead, buildIndexes, endIndexTurn, findIndexWork, takeIndexTurn } from './online-indexes.ts';
import { postgresSchemaSession } from './schema-session.ts';

/** Milliseconds between attempts to get the turn, and after one that failed. */
const pauses = { turn: 500, failure: 30_000 } as const;

export interface KeptIndexes {
  /** Of the server itself. */
  readonly url: string;
  readonly schema: string;
  readonly target: Target;
}

/**
 * Builds indexes of large tables while they are read and written, on a connection of its own. Reads are right without
 * them, and slower. What was begun by a process that was stopped is taken away and built again. Nothing is told of a
 * failure but that the index is missing: the next attempt follows, and the next start makes one as well.
 */
export class IndexKeeper {
  readonly #kept: KeptIndexes;
  /** Indexes on much data take their time. */
  readonly #settings: ConnectionSettings;
  #running: Promise<void> | undefined;
  #opened: Opened | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(kept: KeptIndexes) {
    this.#kept = kept;
    this.#settings = { url: kept.url, statementTimeoutMs: 0 };
  }

  /** Begins, unless it is at work already; then it looks once more when it is done. */
  begin(): void {
    const before = this.#running ?? Promise.resolve();
    const running = before.then(() => this.#run());
    this.#running = running;
    void running.finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
  }

  /** Resolves when nothing is being built. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /**
   * Does a job that needs unique indexes on large tables, which are built before it; others leave indexes alone meanwhile.
   * @throws DuplicateRows
   */
  async ahead<T>(schemas: readonly TableSchema[], job: () => Promise<T>): Promise<T> {
    const { schema, target } = this.#kept;
    // The turn ends with the session.
    return onConnection(this.#settings, async (connection) => {
      const session = postgresSchemaSession(connection, schema);
      const columns = await session.tables();
      const { missing } = await findIndexWork(session, schema, schemas);
      const due = [];
      for (const each of missing) {
        const stored = columns.get(each.table.name);
        const isThere = stored !== undefined && each.index.columns.every((column) => stored.has(column));
        if (each.index.unique && isThere && (await session.isLarge?.(each.table.name)) === true) due.push(each);
      }
      if (due.length > 0) {
        while (!(await takeIndexTurn(connection, schema))) await this.#pause(pauses.turn);
        await buildAhead(connection, target, { missing: due });
      }
      return await job();
    });
  }

  /** Stops what is under way; the next start goes on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake?.();
    if (this.#opened !== undefined) await this.#cancel(this.#opened).catch(() => undefined);
    await this.idle();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (await this.#attempt()) return;
        await this.#pause(pauses.turn);
      } catch {
        await this.#pause(pauses.failure);
      }
    }
  }

  /** False: somebody else is at it. */
  async #attempt(): Promise<boolean> {
    const { schema, target } = this.#kept;
    const opened = await connect(this.#settings);
    this.#opened = opened;
    try {
      if (this.#isClosed) return true;
      const { connection } = opened;
      if (!(await takeIndexTurn(connection, schema))) return false;
      await buildIndexes(connection, { session: postgresSchemaSession(connection, schema), schema, target });
      await endIndexTurn(connection, schema);
      return true;
    } finally {
      this.#opened = undefined;
      await opened.close();
    }
  }

  #cancel({ process }: Opened): Promise<unknown> {
    return onConnection(this.#settings, (connection) =>
      executeOnce(connection, 'select pg_cancel_backend($1::integer)', [process ?? 0]),
    );
  }

  /** Ends at once when it is closed, also before. */
  #pause(milliseconds: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
