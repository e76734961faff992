import { type Guid, getGuid } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { FlatQuery } from '../../odata/flat-query.ts';
import type { Values } from '../../odata/operation.ts';
import type { Condition, Query, Value } from '../../odata/query.ts';
import {
  type BusinessEvent,
  type Changes,
  DuplicateKey,
  type FlatPage,
  type Page,
  type Row,
  type Transaction,
} from '../../odata/row-store.ts';
import type { Codec } from './codec.ts';
import { makeFlatPage } from './flat-plan.ts';
import { buildFlat, buildFlatCount } from './flat-select.ts';
import { KnownRows, listKey } from './known-rows.ts';
import { countOf, makePage, nextStep, pageSteps } from './page.ts';
import { PlanBuilder, type Render } from './plan-builder.ts';
import { buildCount, buildPage, buildRows, type RowsWanted } from './select.ts';
import type { Watchers } from './watchers.ts';
import { buildDelete, buildInsert, buildUpdate } from './write.ts';

/** A connection inside a transaction. Rows are arrays of what the driver gives. */
export interface WriteSession {
  readonly codec: Codec;
  rows(builder: PlanBuilder, render: Render): MaybePromise<RawRows>;
  /** Runs a statement and gives the number of rows it changed. */
  change(builder: PlanBuilder, render: Render): MaybePromise<number>;
  /** Inserts a row that nobody waits for. Where there is one, it may gather several, until something is asked that may see them. */
  insertLater?(builder: PlanBuilder, render: Render): Promise<number>;
  /** The version for a row that is written now, where the database does not count itself. */
  nextVersion(): bigint | undefined;
  nextNumber(sequence: string, first: bigint): MaybePromise<bigint>;
  /** What the driver threw, in words of the code: `DuplicateKey`, `StorageError`, or the error itself. */
  failure(error: unknown, table: Table): unknown;
}

export type RawRows = readonly (readonly unknown[])[];
type MaybePromise<T> = T | Promise<T>;

/**
 * What a job writes with. After a statement has failed nothing more can be done with it and it is undone, even if the
 * job catches the error: PostgreSQL allows no other way, and both databases are to do the same.
 */
export class RowTransaction implements Transaction {
  readonly #session: WriteSession;
  readonly #watchers: Watchers;
  readonly mustCheckNumbers: boolean;
  readonly #known: KnownRows;
  readonly #changes = new Map<string, Set<string>>();
  readonly #events: BusinessEvent[] = [];
  readonly #later: Promise<unknown>[] = [];
  #hasDrawn = false;
  /** Of the first statement that failed. */
  #failure: Failure | undefined;
  #isOver = false;
  #isTold = false;
  #hasWritten = false;

  /** @param known what jobs before this one have read in the same transaction */
  constructor(session: WriteSession, watchers: Watchers, mustCheckNumbers: boolean, known = new KnownRows()) {
    this.#session = session;
    this.#watchers = watchers;
    this.mustCheckNumbers = mustCheckNumbers;
    this.#known = known;
  }

  /** Did it change anything, or try to, or did a statement of it fail? If not, it left no trace in the transaction. */
  get hasWritten(): boolean {
    return this.#hasWritten || this.#failure !== undefined;
  }

  /** What the job has changed of what is watched. */
  get changes(): Changes {
    return this.#changes;
  }

  /** Did the job end because a number may have been taken that was not looked up? Then it is to be done again. */
  get mayHaveDrawnTaken(): boolean {
    return !this.mustCheckNumbers && this.#hasDrawn && this.#failure?.cause instanceof DuplicateKey;
  }

  /**
   * What the job failed with: `error`, which it threw, unless that came of a statement that it did not wait for. That is
   * told once, to the write that it belongs to: what is made of it there goes on as it is.
   */
  told(error: unknown): unknown {
    const explained = this.#isTold ? undefined : this.#failure?.explained;
    this.#isTold = true;
    return explained ?? error;
  }

  /** Throws the error of the statement that failed, if one did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.explained ?? this.#failure.cause;
  }

  /** The job is over: a late call is a fault of the caller. */
  end(): void {
    this.#isOver = true;
  }

  /** Waits for the statements that the job did not wait for. Rejects when one failed. */
  async settle(): Promise<void> {
    await Promise.all(this.#later.splice(0));
  }

  async get(table: Table, id: Guid): Promise<Row | undefined> {
    this.#checkOpen();
    const known = this.#known.find(table, id);
    if (known !== undefined) return known;
    const where: Condition = { kind: 'compare', op: 'eq', column: table.primaryKey, value: id };
    const [row] = await this.#readAll(table, where, undefined);
    return row;
  }

  async list(table: Table, where: Condition, limit: number, columns?: readonly Column[]): Promise<readonly Row[]> {
    if (limit <= 0) return [];
    return columns === undefined ? this.#readAll(table, where, limit) : this.#read(table, columns, where, limit);
  }

  async insert(table: Table, values: Values): Promise<void> {
    await this.#change(table, this.#insertion(table, values));
  }

  insertLater(table: Table, values: Values, explain: (error: unknown) => unknown): void {
    const inserting = this.#change(table, this.#insertion(table, values), explain);
    inserting.catch(() => undefined);
    this.#later.push(inserting);
  }

  async update(table: Table, id: Guid, values: Values): Promise<void> {
    await this.#noteBefore(table, id);
    this.#note(table, values);
    this.#known.forget(table, id);
    const version = this.#session.nextVersion();
    const changed = await this.#change(table, (builder) => buildUpdate(builder, table, id, values, version));
    if (changed !== 1) throw new Error(`there is no row ${id} of ${table.logicalName} to update`);
  }

  async delete(table: Table, id: Guid): Promise<void> {
    await this.#noteBefore(table, id);
    this.#known.forget(table, id);
    await this.#change(table, (builder) => buildDelete(builder, table, id));
  }

  get events(): readonly BusinessEvent[] {
    return this.#events;
  }

  announce(event: BusinessEvent): void {
    this.#checkOpen();
    this.#events.push(event);
  }

  async nextNumber(sequence: string, first: bigint): Promise<bigint> {
    this.#checkOpen();
    this.#hasDrawn = true;
    return this.#session.nextNumber(sequence, first);
  }

  /** A page as the transaction sees it. */
  async page(query: Query): Promise<Page> {
    this.#checkOpen();
    try {
      const rows = query.limit === 0 ? [] : await this.#pageRows(query);
      const count = query.countUpTo === undefined ? undefined : (countOf(query, rows) ?? (await this.#count(query)));
      return makePage(this.#session.codec, query, rows, count);
    } catch (error) {
      throw this.#fail(error, query.table);
    }
  }

  /** Joined rows and groups as the transaction sees them. */
  async flat(query: FlatQuery): Promise<FlatPage> {
    this.#checkOpen();
    const { codec } = this.#session;
    try {
      const builder = new PlanBuilder(codec);
      const flat = buildFlat(builder, query);
      const rows = await this.#session.rows(builder, flat.render);
      return makeFlatPage(codec, query, flat, rows, await this.#flatCount(query));
    } catch (error) {
      throw this.#fail(error, query.table);
    }
  }

  /** What a row is about that is about to be changed: the row is read for it, unless its own id says it. */
  async #noteBefore(table: Table, id: Guid): Promise<void> {
    const columns = this.#watchers.columnsOf(table);
    if (columns.length === 0) return;
    if (columns.every((column) => column === table.primaryKey)) this.#note(table, new Map([[table.primaryKey, id]]));
    else this.#note(table, (await this.get(table, id))?.values ?? new Map());
  }

  #note(table: Table, values: Values): void {
    for (const column of this.#watchers.columnsOf(table)) {
      const value = values.get(column);
      if (typeof value === 'string') this.noteChange(table.logicalName, [value]);
    }
  }

  /** Notes what the job has changed by other means. */
  noteChange(table: string, keys: readonly string[]): void {
    const known = this.#changes.get(table) ?? new Set();
    for (const key of keys) known.add(key);
    this.#changes.set(table, known);
  }

  async #flatCount(query: FlatQuery): Promise<number | undefined> {
    if (query.countUpTo === undefined) return undefined;
    const builder = new PlanBuilder(this.#session.codec);
    const [row] = await this.#session.rows(builder, buildFlatCount(builder, query, query.countUpTo));
    return Number(row?.[0] ?? 0);
  }

  async #pageRows(query: Query): Promise<RawRows> {
    const rows: (readonly unknown[])[] = [];
    for (const [at, step] of pageSteps(query).entries()) {
      const next = at === 0 ? step : nextStep(step, rows.length);
      if (next === undefined) continue;
      const builder = new PlanBuilder(this.#session.codec);
      rows.push(...(await this.#session.rows(builder, buildPage(builder, next))));
    }
    return rows;
  }

  async #count(query: Query): Promise<number> {
    const builder = new PlanBuilder(this.#session.codec);
    const [row] = await this.#session.rows(builder, buildCount(builder, query, query.countUpTo ?? 0));
    return Number(row?.[0] ?? 0);
  }

  async #readAll(table: Table, where: Condition, limit: number | undefined): Promise<readonly Row[]> {
    const rows = await this.#read(table, table.columns, where, limit);
    this.#known.add(table, rows);
    return rows;
  }

  async #read(
    table: Table,
    columns: readonly Column[],
    where: Condition,
    limit: number | undefined,
  ): Promise<readonly Row[]> {
    this.#checkOpen();
    const builder = new PlanBuilder(this.#session.codec);
    const render = buildRows(builder, { table, columns, where, limit });
    const key = listKey(builder, where);
    const known = key === undefined ? undefined : this.#known.list(table, key);
    if (known !== undefined) return known;
    try {
      const rows = decodeRows(this.#session.codec, { table, columns }, await this.#session.rows(builder, render));
      if (key !== undefined) this.#known.addList(table, key, rows);
      return rows;
    } catch (error) {
      throw this.#fail(error, table);
    }
  }

  #insertion(table: Table, values: Values): (builder: PlanBuilder) => Render {
    this.#note(table, values);
    this.#known.forget(table);
    return (builder) => buildInsert(builder, table, values, this.#session.nextVersion());
  }

  /** @param explain of a statement that nobody waits for: what the job is told when it fails */
  async #change(
    table: Table,
    build: (builder: PlanBuilder) => Render,
    explain?: (error: unknown) => unknown,
  ): Promise<number> {
    this.#checkOpen();
    this.#hasWritten = true;
    const builder = new PlanBuilder(this.#session.codec);
    try {
      const render = build(builder);
      const later = explain && this.#session.insertLater?.(builder, render);
      return await (later ?? this.#session.change(builder, render));
    } catch (error) {
      throw this.#fail(error, table, explain);
    }
  }

  #checkOpen(): void {
    this.check();
    if (this.#isOver) throw new Error('the transaction is over');
  }

  #fail(error: unknown, table: Table, explain?: (error: unknown) => unknown): unknown {
    const cause = this.#session.failure(error, table);
    const explained = explain?.(cause);
    // What fails after the first failure only says that the transaction is lost.
    this.#failure ??= { cause, explained };
    return this.#failure.explained ?? cause;
  }
}

/** Why a transaction can do nothing more. */
interface Failure {
  readonly cause: unknown;
  /** What the job is told instead, of a statement that it did not wait for. */
  readonly explained: unknown;
}

/** Rows of `buildRows` in the code's own values. */
export function decodeRows(
  codec: Codec,
  { table, columns }: Pick<RowsWanted, 'table' | 'columns'>,
  raw: RawRows,
): readonly Row[] {
  const idPlace = columns.indexOf(table.primaryKey) + 1;
  return raw.map((row) => {
    const values = new Map<Column, Value>();
    for (const [at, column] of columns.entries()) values.set(column, codec.dialect.decode(column, row[at + 1]));
    return { id: getGuid(String(row[idPlace])), version: BigInt(String(row[0])), values };
  });
}
