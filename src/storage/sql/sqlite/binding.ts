import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import type { StatementKind } from '../../../kernel/probe.ts';
import type { SqlValue } from '../dialect.ts';
import { quoteText } from '../names.ts';
import { kindOfStatement } from '../statement-kind.ts';
import { makeStatementCollector } from './collect-statements.ts';

/** Name by which statements know the file: `data.some_table`. */
export const fileSchema = 'data';

/** Counts the rows that a statement looks at in joins which may be huge: SQLite runs in process and has no time limit. */
export const stepFunction = 'portvakt_step';
/** Steps of one statement: a few seconds of the one thread that there is, at some 8 microseconds each. */
const maxSteps = 500_000;

/**
 * A connection to one file. This is the only module that knows which SQLite is linked: the package has the interface of
 * `node:sqlite` and brings its own binaries; to use Node's, import from there instead.
 *
 * The file is attached to a database in memory, because `close` of the package's 1.x lines leaves a connection with
 * prepared statements open until they are collected as garbage, and such a connection, ending late, may remove the log
 * of a file that has since taken the place of its own. `detach` lets go of the file at once.
 */
export class SqliteFile {
  readonly #database: DatabaseSyncInstance;
  readonly #begin: StatementSyncInstance;
  readonly #commit: StatementSyncInstance;
  readonly #forget = makeStatementCollector();
  #steps = 0;

  /** Opens or creates the file; `path` is absolute. */
  constructor(path: string, busyTimeoutMs: number) {
    this.#database = new DatabaseSync(':memory:', { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
    this.#database.function(stepFunction, (_id: unknown) => {
      if (++this.#steps > maxSteps) throw new Error('a statement looks at too many rows');
      return 1;
    });
    try {
      this.#database.exec(`attach ${quoteText(path)} as ${fileSchema}`);
      this.#begin = this.#database.prepare('begin');
      this.#commit = this.#database.prepare('commit');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Begins a transaction that only reads. */
  begin(): void {
    this.#begin.run();
  }

  /** Ends it, unless an error has ended it. */
  end(): void {
    if (this.inTransaction) this.#commit.run();
  }

  /** Runs statements that give no rows. */
  run(sql: string): void {
    this.#database.exec(sql);
  }

  /** Did the last statement that counts its steps take too many? Asked once, after it has failed. */
  tookTooManySteps(): boolean {
    const tooMany = this.#steps > maxSteps;
    this.#steps = 0;
    return tooMany;
  }

  prepare(sql: string): SqliteStatement {
    const counts = sql.includes(stepFunction);
    const begin = (): void => {
      this.#steps = 0;
    };
    return new SqliteStatement(this.#database.prepare(sql), sql, counts ? begin : undefined);
  }

  /** Rows of a statement that is used once. */
  rows(sql: string, values: readonly SqlValue[] = []): readonly (readonly unknown[])[] {
    this.#forget(1);
    return this.prepare(sql).rows(values);
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Lets go of the file. What is not committed is undone. */
  close(): void {
    if (!this.#database.isOpen) return;
    try {
      if (this.inTransaction) this.#database.exec('rollback');
      this.#database.exec(`detach ${fileSchema}`);
    } finally {
      this.#database.close();
    }
  }
}

export class SqliteStatement {
  readonly #statement: StatementSyncInstance;
  readonly #begin: (() => void) | undefined;
  readonly text: string;
  readonly kind: StatementKind;

  /** `begin` is called before each run. */
  constructor(statement: StatementSyncInstance, text: string, begin?: () => void) {
    statement.setReturnArrays(true);
    this.text = text;
    this.kind = kindOfStatement(text);
    this.#statement = statement;
    this.#begin = begin;
  }

  rows(values: readonly SqlValue[]): readonly (readonly unknown[])[] {
    this.#begin?.();
    return this.#statement.all(...values);
  }

  /** The first row. */
  row(values: readonly SqlValue[]): readonly unknown[] | undefined {
    this.#begin?.();
    return this.#statement.get(...values);
  }

  /** Number of rows changed. */
  change(values: readonly SqlValue[]): number {
    return this.#statement.run(...values).changes;
  }
}

/** Messages of sqlite3_errstr: the package's `all` gives no code with them. */
const messageCodes: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'file is not a database': 26,
};

/** SQLite's own extended result code (sqlite.org/rescode.html) of an error that the binding threw. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode;
  return messageCodes[error.message];
}
