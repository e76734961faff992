import type { EventStore } from '../../../events/event-store.ts';
import type { Table } from '../../../metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from '../../../odata/authorized-plan.ts';
import type { FlatQuery } from '../../../odata/flat-query.ts';
import { refuse } from '../../../odata/problems.ts';
import type { Condition, Query } from '../../../odata/query.ts';
import type { FlatPage, Page, Row, RowStore, Transaction, Watcher } from '../../../odata/row-store.ts';
import type { Database, DatabaseLoad, NumberedDefinitions, Reshaping } from '../../database.ts';
import { EventTables } from '../../event-tables.ts';
import { StorageError } from '../../storage-error.ts';
import { makeFlatPage } from '../flat-plan.ts';
import { buildFlat, buildFlatCount } from '../flat-select.ts';
import { changeShape, dropRetired, readDefinitions } from '../migrations/definitions.ts';
import type { Target } from '../migrations/schema-session.ts';
import { countOf, makePage, nextStep, pageSteps } from '../page.ts';
import { PlanBuilder } from '../plan-builder.ts';
import { decodeRows, type RawRows } from '../row-transaction.ts';
import { tableSchema } from '../schema.ts';
import { buildCount, buildPage, buildRows, isPoint } from '../select.ts';
import { TransactionStore } from '../together.ts';
import type { Watchers } from '../watchers.ts';
import { fileSchema, type SqliteFile } from './binding.ts';
import { marker } from './check-file.ts';
import type { CommitQueue } from './commit-queue.ts';
import { sqliteFailure } from './failure.ts';
import { sqliteOwn } from './own-tables.ts';
import type { ReadTurn } from './read-turn.ts';
import { sqliteSchemaSession } from './schema-session.ts';
import type { SqliteSession } from './session.ts';

/** What `open.ts` has opened. */
export interface SqliteParts {
  readonly file: string;
  readonly isNew: boolean;
  readonly target: Target;
  readonly opened: NumberedDefinitions;
  readonly writer: SqliteSession;
  readonly reader: SqliteSession;
  readonly queue: CommitQueue;
  readonly watchers: Watchers;
  readonly writerFile: SqliteFile;
  readonly readerFile: SqliteFile;
  readonly readTurn: ReadTurn;
  readonly lock: { release(): void };
}

/** SQLite in process. Reads have a connection of their own and never see what is not yet committed. */
export class SqliteDatabase implements Database {
  readonly isNew: boolean;
  readonly opened: NumberedDefinitions;
  readonly events: EventStore;
  readonly #parts: SqliteParts;
  #closing: Promise<void> | undefined;

  constructor(parts: SqliteParts) {
    this.isNew = parts.isNew;
    this.opened = parts.opened;
    this.#parts = parts;
    this.events = new EventTables(sqliteOwn(parts.queue, parts.writerFile), parts.watchers.onEvents, false);
  }

  async query(plan: AuthorizedPlan<Query>): Promise<Page> {
    this.#checkOpen();
    const query = plan.scope;
    try {
      const rows = query.limit === 0 ? [] : this.#pageRows(query);
      const count = query.countUpTo === undefined ? undefined : (countOf(query, rows) ?? this.#count(query));
      return makePage(this.#parts.reader.codec, query, rows, count);
    } catch (error) {
      throw sqliteFailure(error, this.#parts.reader.place);
    }
  }

  async flat(plan: AuthorizedPlan<FlatQuery>): Promise<FlatPage> {
    this.#checkOpen();
    const query = plan.scope;
    const { reader } = this.#parts;
    try {
      const builder = new PlanBuilder(reader.codec);
      const flat = buildFlat(builder, query);
      const rows = reader.rows(builder, flat.render);
      return makeFlatPage(reader.codec, query, flat, rows, this.#flatCount(query));
    } catch (error) {
      if (this.#parts.readerFile.tookTooManySteps()) throw refuse.queryTimeout();
      throw sqliteFailure(error, reader.place);
    }
  }

  async write<T>(
    plan: AuthorizedPlan<WriteScope>,
    job: (rows: Transaction, scope: WriteScope) => Promise<T>,
  ): Promise<T> {
    return this.#parts.queue.add((rows) => job(rows, plan.scope));
  }

  async together<T>(job: (rows: RowStore) => Promise<T>): Promise<T> {
    return this.#parts.queue.add((rows) => job(new TransactionStore(rows)));
  }

  async maintain<T>(job: (rows: Transaction) => Promise<T>): Promise<T> {
    return this.#parts.queue.add(job);
  }

  async reshape<T>(change: Reshaping, job: (rows: Transaction) => Promise<T>): Promise<T> {
    const { queue, writerFile, target } = this.#parts;
    const shaped: Target = {
      ...target,
      schemasOf: () => change.tables.map((table) => tableSchema(table, target.dialect)),
    };
    return queue.add(async (rows) => {
      await changeShape(sqliteSchemaSession(writerFile), shaped, change);
      return job(rows);
    });
  }

  async adoptDefinitions(): Promise<NumberedDefinitions> {
    const { queue, writerFile, target } = this.#parts;
    const read = await queue.add(() => readDefinitions(sqliteSchemaSession(writerFile), target));
    this.#forget();
    return read;
  }

  async dropRetired(): Promise<void> {
    const { queue, writerFile, target } = this.#parts;
    const dropped = await queue.add(() => dropRetired(sqliteSchemaSession(writerFile), target));
    if (!dropped) return;
    // A column of the same name may come again with another type: nothing prepared for this one may serve it.
    this.#forget();
  }

  async readAll(table: Table, where?: Condition): Promise<readonly Row[]> {
    this.#checkOpen();
    const { reader } = this.#parts;
    const builder = new PlanBuilder(reader.codec);
    const wanted = { table, columns: table.columns, where };
    const render = buildRows(builder, wanted);
    return decodeRows(reader.codec, wanted, reader.rows(builder, render));
  }

  watch(watcher: Watcher): () => void {
    return this.#parts.watchers.add(watcher);
  }

  async analyze(): Promise<void> {
    this.#checkOpen();
    // Each index is looked at in part only: enough to choose between plans.
    this.#parts.writerFile.run(`pragma analysis_limit = 1000; analyze ${fileSchema}`);
    // The other connection reads the figures again only when the schema has changed.
    const mark = `${fileSchema}.portvakt_analyzed`;
    this.#parts.writerFile.run(`create table if not exists ${mark} (x); drop table ${mark}`);
  }

  async indexed(): Promise<void> {}

  load(): DatabaseLoad {
    const { waiting, isBusy } = this.#parts.queue.load;
    return { busy: isBusy ? 1 : 0, idle: isBusy ? 0 : 1, most: 1, waiting };
  }

  async check(): Promise<void> {
    this.#checkOpen();
    this.#parts.queue.check();
    this.#parts.readerFile.rows('select 1');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { file, queue, readerFile, readTurn, writerFile, lock } = this.#parts;
    await queue.close();
    try {
      readTurn.end();
      readerFile.close();
      writerFile.run(`pragma ${fileSchema}.wal_checkpoint(truncate)`);
      writerFile.close();
      marker.clear(file);
    } finally {
      lock.release();
    }
  }

  #forget(): void {
    this.#parts.reader.forget();
    this.#parts.writer.forget();
  }

  #pageRows(query: Query): RawRows {
    const [only, ...more] = pageSteps(query);
    if (only === undefined || more.length === 0) return this.#rows(query);
    const rows = [...this.#rows(only)];
    for (const step of more) {
      const next = nextStep(step, rows.length);
      if (next !== undefined) rows.push(...this.#rows(next));
    }
    return rows;
  }

  #rows(query: Query): RawRows {
    const { reader } = this.#parts;
    const builder = new PlanBuilder(reader.codec);
    const render = buildPage(builder, query);
    if (!isPoint(query)) return reader.rows(builder, render);
    const row = reader.row(builder, render);
    return row === undefined ? [] : [row];
  }

  #count(query: Query): number {
    const { reader } = this.#parts;
    const builder = new PlanBuilder(reader.codec);
    const render = buildCount(builder, query, query.countUpTo ?? 0);
    return Number(reader.row(builder, render)?.[0] ?? 0);
  }

  #flatCount(query: FlatQuery): number | undefined {
    if (query.countUpTo === undefined) return undefined;
    const { reader } = this.#parts;
    const builder = new PlanBuilder(reader.codec);
    return Number(reader.row(builder, buildFlatCount(builder, query, query.countUpTo))?.[0] ?? 0);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StorageError(`${this.#parts.reader.place} is closed`);
  }
}
