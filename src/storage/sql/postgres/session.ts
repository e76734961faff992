import type { Probe } from '../../../kernel/probe.ts';
import type { Table } from '../../../metadata/table.ts';
import type { Codec } from '../codec.ts';
import type { SqlValue } from '../dialect.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows, WriteSession } from '../row-transaction.ts';
import { tableSchema } from '../schema.ts';
import type { Watchers } from '../watchers.ts';
import { type Answer, type Connection, execute } from './binding.ts';
import type { ChangeFeed } from './change-feed.ts';
import { postgresDuplicate, postgresFailure } from './failure.ts';
import { insertTogether } from './joined-statements.ts';
import type { Lanes } from './lanes.ts';
import type { Sequences } from './sequences.ts';
import type { Statements, TimedStatement } from './statements.ts';

/** What all sessions of one database share. */
export interface Shared {
  readonly codec: Codec;
  readonly statements: Statements;
  readonly sequences: Sequences;
  readonly lanes: Lanes;
  readonly watchers: Watchers;
  readonly probe: Probe;
  /** Name of the schema. */
  readonly schema: string;
  /** Absent where no other process has the database open. */
  readonly feed: ChangeFeed | undefined;
  readonly place: string;
}

/** Runs a plan on a connection. */
export function runPlan(shared: Shared, connection: Connection, builder: PlanBuilder, render: Render): Promise<Answer> {
  return runStatement(shared, connection, shared.statements.statement(builder, render), builder.values);
}

/** Runs a statement on a connection. */
export async function runStatement(
  { statements, probe }: Shared,
  connection: Connection,
  statement: TimedStatement,
  values: SqlValue[],
): Promise<Answer> {
  statements.note(connection, statement);
  const began = performance.now();
  let isFailed = true;
  try {
    const answer = await execute(connection, statement, values);
    isFailed = false;
    return answer;
  } finally {
    probe.statement(statement.kind, began, statement.told, isFailed);
  }
}

/** A connection inside a transaction. */
export class PostgresWriteSession implements WriteSession {
  readonly codec: Codec;
  protected readonly shared: Shared;
  protected readonly connection: Connection;
  #firstError: unknown;

  constructor(shared: Shared, connection: Connection) {
    this.codec = shared.codec;
    this.shared = shared;
    this.connection = connection;
  }

  /**
   * The error that the driver gave first: whether to do the job again depends on it, whatever the job threw. Those that
   * follow only say that the transaction is lost.
   */
  get firstError(): unknown {
    return this.#firstError;
  }

  noteError(error: unknown): void {
    this.#firstError ??= error;
  }

  async rows(builder: PlanBuilder, render: Render): Promise<RawRows> {
    return (await runPlan(this.shared, this.connection, builder, render)).rows;
  }

  async change(builder: PlanBuilder, render: Render): Promise<number> {
    return (await runPlan(this.shared, this.connection, builder, render)).changed;
  }

  nextVersion(): undefined {
    return undefined;
  }

  async nextNumber(sequence: string, first: bigint): Promise<bigint> {
    return this.shared.sequences.next(this.connection, sequence, first);
  }

  failure(error: unknown, table: Table): unknown {
    this.noteError(error);
    const duplicate = postgresDuplicate(error, tableSchema(table, this.codec.dialect));
    return duplicate ?? postgresFailure(error, this.shared.place);
  }
}

/** `"schema"."table"` of an insert, as `buildInsert` writes it. */
const tableOf = ({ text }: TimedStatement): string => text.slice('insert into '.length, text.indexOf(' ('));

/** A row that waits to be inserted. */
interface WaitingRow {
  readonly values: readonly SqlValue[];
  resolve(changed: number): void;
  reject(error: unknown): void;
}

/**
 * A transaction of several jobs: rows that nobody waits for are gathered, and those of one shape are inserted by one
 * statement, before anything is sent that may see them. Where it fails, the transaction is undone and each job is done by
 * itself, so none of them is told of another's row.
 */
export class GroupWriteSession extends PostgresWriteSession {
  #waiting = new Map<TimedStatement, WaitingRow[]>();

  override rows(builder: PlanBuilder, render: Render): Promise<RawRows> {
    if (this.#waiting.size > 0) this.#sendWhatIsReadBy(this.shared.statements.statement(builder, render));
    return super.rows(builder, render);
  }

  override change(builder: PlanBuilder, render: Render): Promise<number> {
    this.sendInserts();
    return super.change(builder, render);
  }

  insertLater(builder: PlanBuilder, render: Render): Promise<number> {
    // In a trace, each request has the statements that were its own.
    if (this.shared.probe.bind !== undefined) return this.change(builder, render);
    const statement = this.shared.statements.statement(builder, render);
    return new Promise((resolve, reject) => {
      const row = { values: builder.values, resolve, reject };
      const same = this.#waiting.get(statement);
      if (same === undefined) this.#waiting.set(statement, [row]);
      else same.push(row);
    });
  }

  /** Without waiting. Throws where a statement cannot be made: nothing more may be sent then, and no commit. */
  sendInserts(): void {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    for (const [statement, rows] of waiting) {
      const lists = rows.map(({ values }) => values);
      void this.#insert(rows, ...insertTogether(this.codec.dialect, statement, lists));
    }
  }

  /** Rows of tables that a statement does not name are not read by it. */
  #sendWhatIsReadBy({ text }: TimedStatement): void {
    if ([...this.#waiting.keys()].some((statement) => text.includes(tableOf(statement)))) this.sendInserts();
  }

  /** Never rejects. */
  async #insert(rows: readonly WaitingRow[], together: TimedStatement, values: SqlValue[]): Promise<void> {
    try {
      await runStatement(this.shared, this.connection, together, values);
      for (const { resolve } of rows) resolve(1);
    } catch (error) {
      for (const { reject } of rows) reject(error);
    }
  }
}
