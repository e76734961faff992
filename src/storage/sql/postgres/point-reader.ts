import type { SqlValue } from '../dialect.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows } from '../row-transaction.ts';
import { type ConnectionSettings, connect, executeOnce, type Opened } from './binding.ts';
import { askTogether, splitAnswer } from './joined-statements.ts';
import { runStatement, type Shared } from './session.ts';
import type { TimedStatement } from './statements.ts';

/** A read that waits for the end of the turn, or of a statement. */
interface Asked {
  readonly values: SqlValue[];
  resolve(rows: RawRows): void;
  reject(error: unknown): void;
}

const settingsOfSession = 'set plan_cache_mode = force_generic_plan; set enable_seqscan = off';

/** Reads that one statement asks for at most. */
const mostTogether = 64;
/** Statements under way after which others wait: one that the server works at, and one that lies ready for it. */
const mostUnderWay = 2;

/**
 * One connection for reads by primary key, which are sent one after the other without waiting (measured: 53,000 reads a
 * second against 23,000 on a pool of eight). Slow queries have the pool: here they would hold up those behind them.
 *
 * Reads of one turn of the event loop that differ in their values alone are one statement: most of what a read costs is
 * spent on a statement, on both sides. While two such statements are under way, those that come wait for the end of one:
 * they share the next. Nobody can tell: where a statement fails, each read is asked by itself.
 */
export class PointReader {
  readonly #shared: Shared;
  readonly #settings: ConnectionSettings;
  #opened: Promise<Opened> | undefined;
  #waiting = new Map<TimedStatement, Asked[]>();
  #underWay = 0;
  #closed = false;

  constructor(shared: Shared, settings: ConnectionSettings) {
    this.#shared = shared;
    this.#settings = settings;
  }

  rows(builder: PlanBuilder, render: Render): Promise<RawRows> {
    const { statements, probe } = this.#shared;
    const statement = statements.statement(builder, render);
    // In a trace, each request has the statement that was its own.
    if (probe.bind !== undefined) return this.#run(statement, builder.values);
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) setImmediate(this.#ask);
      const asked = { values: builder.values, resolve, reject };
      const same = this.#waiting.get(statement);
      if (same === undefined) this.#waiting.set(statement, [asked]);
      else same.push(asked);
    });
  }

  readonly #ask = (): void => {
    while (this.#underWay < mostUnderWay && this.#waiting.size > 0) this.#askNext();
  };

  /** Asks for reads of the shape that has waited longest. */
  #askNext(): void {
    for (const [statement, asked] of this.#waiting) {
      this.#waiting.delete(statement);
      if (asked.length > mostTogether) this.#waiting.set(statement, asked.slice(mostTogether));
      void this.#askGroup(statement, asked.slice(0, mostTogether));
      return;
    }
  }

  /** Never rejects. */
  async #askGroup(statement: TimedStatement, group: readonly Asked[]): Promise<void> {
    this.#underWay += 1;
    try {
      const { dialect } = this.#shared.codec;
      const [together, values] = askTogether(
        dialect,
        statement,
        group.map((asked) => asked.values),
      );
      const answers = splitAnswer(await this.#run(together, values), group.length);
      for (const [at, { resolve }] of group.entries()) resolve(answers[at] ?? []);
    } catch (error) {
      const [only] = group;
      if (group.length > 1) for (const asked of group) void this.#askGroup(statement, [asked]);
      else only?.reject(error);
    } finally {
      this.#underWay -= 1;
      this.#ask();
    }
  }

  async #run(statement: TimedStatement, values: SqlValue[]): Promise<RawRows> {
    const opening = this.#connection();
    const opened = await opening;
    try {
      const { rows } = await runStatement(this.#shared, opened.connection, statement, values);
      if (this.#shared.statements.isWornOut(opened.connection)) this.#replace(opening, opened);
      return rows;
    } catch (error) {
      // Whatever went wrong, a new connection is cheap beside finding out.
      this.#replace(opening, opened);
      throw error;
    }
  }

  async close(): Promise<void> {
    // What was asked is answered.
    while (this.#waiting.size > 0) this.#askNext();
    this.#closed = true;
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.close();
  }

  #connection(): Promise<Opened> {
    if (this.#closed) return Promise.reject(new Error('the connection is closed'));
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Opened> {
    try {
      const opened = await connect(this.#settings);
      // How many rows are asked for at once says nothing about how to find them: a plan for each number would be made anew
      // each time. And what is planned for a small table serves on when it has grown. Sessions of a pooler are not ours to
      // set, and plans are made for each use there.
      if (this.#settings.statementTimeoutMs !== 'pooled') {
        await executeOnce(opened.connection, settingsOfSession);
      }
      return opened;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  /** The old connection answers what was sent on it and ends. */
  #replace(opening: Promise<Opened>, opened: Opened): void {
    if (this.#opened !== opening) return;
    this.#opened = undefined;
    opened.close().catch(() => undefined);
  }
}
