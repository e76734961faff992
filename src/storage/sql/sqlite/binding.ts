import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import type { SqlValue } from '../dialect.ts';

/**
 * The only file that knows which SQLite is linked. The package has the interface of `node:sqlite` and brings its own
 * binaries; to use Node's, import from there instead.
 */
export class SqliteFile {
  readonly #database: DatabaseSyncInstance;

  /** Opens or creates the file. */
  constructor(path: string, busyTimeoutMs: number) {
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
  }

  /** Runs statements that give no rows. */
  run(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): SqliteStatement {
    return new SqliteStatement(this.#database.prepare(sql));
  }

  /** Rows of a statement that is used once. */
  rows(sql: string, values: readonly SqlValue[] = []): readonly (readonly unknown[])[] {
    return this.prepare(sql).rows(values);
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

export class SqliteStatement {
  readonly #statement: StatementSyncInstance;

  constructor(statement: StatementSyncInstance) {
    statement.setReturnArrays(true);
    this.#statement = statement;
  }

  rows(values: readonly SqlValue[]): readonly (readonly unknown[])[] {
    return this.#statement.all(...values);
  }

  /** The first row. */
  row(values: readonly SqlValue[]): readonly unknown[] | undefined {
    return this.#statement.get(...values);
  }

  /** Number of rows changed. */
  change(values: readonly SqlValue[]): number {
    return this.#statement.run(...values).changes;
  }
}

/** SQLite's own extended result code (sqlite.org/rescode.html) of an error that the binding threw. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
