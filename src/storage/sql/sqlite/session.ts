import { BoundedCache } from '../../../kernel/bounded-cache.ts';
import type { Probe } from '../../../kernel/probe.ts';
import type { Table } from '../../../metadata/table.ts';
import type { Codec } from '../codec.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows, WriteSession } from '../row-transaction.ts';
import { tableSchema } from '../schema.ts';
import type { SqliteFile, SqliteStatement } from './binding.ts';
import { makeStatementCollector } from './collect-statements.ts';
import { type Counters, rowVersions } from './counters.ts';
import { sqliteDuplicate, sqliteFailure } from './failure.ts';
import type { ReadTurn } from './read-turn.ts';

/** Statements that a connection keeps, at most twice as many. One for a wide table takes tens of kilobytes. */
const keptStatements = 200;

/** One connection and the statements that were prepared on it, by the shape of their plan. */
export class SqliteSession {
  readonly codec: Codec;
  readonly place: string;
  readonly #file: SqliteFile;
  readonly #probe: Probe;
  #statements: BoundedCache<SqliteStatement>;

  constructor(file: SqliteFile, codec: Codec, place: string, probe: Probe) {
    this.#file = file;
    this.#probe = probe;
    this.#statements = new BoundedCache(keptStatements, makeStatementCollector());
    this.codec = codec;
    this.place = place;
  }

  rows(builder: PlanBuilder, render: Render): RawRows {
    return this.#timed(this.#statement(builder, render), (statement) => statement.rows(builder.values));
  }

  /** The first row, for statements that give one at most. */
  row(builder: PlanBuilder, render: Render): readonly unknown[] | undefined {
    return this.#timed(this.#statement(builder, render), (statement) => statement.row(builder.values));
  }

  change(builder: PlanBuilder, render: Render): number {
    return this.#timed(this.#statement(builder, render), (statement) => statement.change(builder.values));
  }

  /** Prepares every statement anew. */
  forget(): void {
    this.#statements = new BoundedCache(keptStatements, makeStatementCollector());
  }

  #timed<T>(statement: SqliteStatement, run: (statement: SqliteStatement) => T): T {
    const began = performance.now();
    let isFailed = true;
    try {
      const result = run(statement);
      isFailed = false;
      return result;
    } finally {
      this.#probe.statement(statement.kind, began, statement.text, isFailed);
    }
  }

  #statement(builder: PlanBuilder, render: Render): SqliteStatement {
    const kept = this.#statements.get(builder.shape);
    if (kept !== undefined) return kept;
    const statement = this.#file.prepare(render());
    this.#statements.set(builder.shape, statement);
    return statement;
  }
}

/** The connection that reads. */
export class SqliteReadSession extends SqliteSession {
  readonly #turn: ReadTurn;

  constructor(file: SqliteFile, codec: Codec, place: string, probe: Probe, turn: ReadTurn) {
    super(file, codec, place, probe);
    this.#turn = turn;
  }

  override rows(builder: PlanBuilder, render: Render): RawRows {
    this.#turn.begin();
    return super.rows(builder, render);
  }

  override row(builder: PlanBuilder, render: Render): readonly unknown[] | undefined {
    this.#turn.begin();
    return super.row(builder, render);
  }
}

/** The one connection that writes. */
export class SqliteWriteSession extends SqliteSession implements WriteSession {
  readonly #counters: Counters;

  constructor(file: SqliteFile, codec: Codec, place: string, counters: Counters, probe: Probe) {
    super(file, codec, place, probe);
    this.#counters = counters;
  }

  nextVersion(): bigint {
    return this.#counters.next(rowVersions, 1n);
  }

  nextNumber(sequence: string, first: bigint): bigint {
    return this.#counters.next(`sequence ${sequence}`, first);
  }

  failure(error: unknown, table: Table): unknown {
    return sqliteDuplicate(error, tableSchema(table, this.codec.dialect)) ?? sqliteFailure(error, this.place);
  }
}
