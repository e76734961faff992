import type { EventStore } from '../../../events/event-store.ts';
import { messageOf } from '../../../kernel/message-of.ts';
import type { Table } from '../../../metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from '../../../odata/authorized-plan.ts';
import type { FlatQuery } from '../../../odata/flat-query.ts';
import type { Condition, Query } from '../../../odata/query.ts';
import type { FlatPage, Page, Row, RowStore, Transaction, Watcher } from '../../../odata/row-store.ts';
import {
  type Database,
  type DatabaseLoad,
  definitionChanges,
  type NumberedDefinitions,
  type Reshaping,
} from '../../database.ts';
import { EventTables } from '../../event-tables.ts';
import { ShapeRefused, StorageError } from '../../storage-error.ts';
import { makeFlatPage } from '../flat-plan.ts';
import { buildFlat, buildFlatCount } from '../flat-select.ts';
import { changeShape, dropRetired, readDefinitions } from '../migrations/definitions.ts';
import type { Target } from '../migrations/schema-session.ts';
import { countOf, makePage, nextStep, pageSteps } from '../page.ts';
import { PlanBuilder, type Render } from '../plan-builder.ts';
import { decodeRows, type RawRows } from '../row-transaction.ts';
import { tableSchema } from '../schema.ts';
import { buildCount, buildPage, buildRows, isPoint } from '../select.ts';
import { TransactionStore } from '../together.ts';
import { executeOnce } from './binding.ts';
import { isPermissionDenied, postgresFailure } from './failure.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { JobQueue } from './job-queue.ts';
import { isJoined, joinPage, splitPage } from './joined-page.ts';
import type { KeptConnection } from './kept-connection.ts';
import { postgresOwn } from './own-tables.ts';
import type { PointReader } from './point-reader.ts';
import type { Pool } from './pool.ts';
import type { Replica } from './replica.ts';
import { runJob, runJobAlone } from './run-job.ts';
import { postgresSchemaSession } from './schema-session.ts';
import { runPlan, type Shared } from './session.ts';

/** What `open.ts` has opened. */
export interface PostgresParts {
  readonly isNew: boolean;
  readonly opened: NumberedDefinitions;
  readonly target: Target;
  /** Name of the schema. */
  readonly schema: string;
  readonly shared: Shared;
  readonly pool: Pool;
  readonly points: PointReader;
  readonly replica: Replica | undefined;
  /** For looks whether the server is there. */
  readonly checks: KeptConnection;
  readonly indexes: IndexKeeper;
}

/** Do all of its expands follow lookups, which lead to one row each by its primary key? Collections may be long. */
const leadsToOneRow = ({ expand }: Query): boolean =>
  expand.every(({ navigation, query }) => navigation.kind === 'single' && leadsToOneRow(query));

/** One schema of a PostgreSQL server. */
export class PostgresDatabase implements Database {
  readonly isNew: boolean;
  readonly opened: NumberedDefinitions;
  readonly events: EventStore;
  readonly #parts: PostgresParts;
  readonly #jobs: JobQueue;
  readonly #endListening: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: PostgresParts) {
    this.isNew = parts.isNew;
    this.opened = parts.opened;
    this.#parts = parts;
    this.#jobs = new JobQueue(parts.shared, parts.pool);
    const prefix = parts.target.dialect.table('x').slice(0, -'"x"'.length);
    this.events = new EventTables(postgresOwn(parts.pool, prefix), parts.shared.watchers.onEvents, true);
    const { feed, watchers } = parts.shared;
    this.#endListening = feed?.listen(parts.schema, (changes) => watchers.tellOthers(changes));
  }

  async query(plan: AuthorizedPlan<Query>): Promise<Page> {
    this.#checkOpen();
    const query = plan.scope;
    const { shared } = this.#parts;
    try {
      const rows = query.limit === 0 ? [] : await this.#pageRows(query);
      const count = query.countUpTo === undefined ? undefined : (countOf(query, rows) ?? (await this.#count(query)));
      return makePage(shared.codec, query, rows, count);
    } catch (error) {
      throw postgresFailure(error, shared.place);
    }
  }

  async flat(plan: AuthorizedPlan<FlatQuery>): Promise<FlatPage> {
    this.#checkOpen();
    const query = plan.scope;
    const { shared } = this.#parts;
    const builder = new PlanBuilder(shared.codec);
    const flat = buildFlat(builder, query);
    try {
      const rows = await this.#readRows(builder, flat.render);
      return makeFlatPage(shared.codec, query, flat, rows, await this.#flatCount(query));
    } catch (error) {
      throw postgresFailure(error, shared.place);
    }
  }

  async write<T>(
    plan: AuthorizedPlan<WriteScope>,
    job: (rows: Transaction, scope: WriteScope) => Promise<T>,
  ): Promise<T> {
    this.#checkOpen();
    return this.#jobs.add((rows) => job(rows, plan.scope));
  }

  async together<T>(job: (rows: RowStore) => Promise<T>): Promise<T> {
    this.#checkOpen();
    return runJob(this.#parts.shared, this.#parts.pool, (rows) => job(new TransactionStore(rows)));
  }

  async maintain<T>(job: (rows: Transaction) => Promise<T>): Promise<T> {
    this.#checkOpen();
    return runJob(this.#parts.shared, this.#parts.pool, job);
  }

  async reshape<T>(change: Reshaping, job: (rows: Transaction) => Promise<T>): Promise<T> {
    this.#checkOpen();
    const { shared, pool, target, schema, indexes } = this.#parts;
    const shaped: Target = {
      ...target,
      schemasOf: () => change.tables.map((table) => tableSchema(table, target.dialect)),
    };
    const reshaped = () =>
      runJobAlone(shared, pool, async (rows, connection) => {
        await executeOnce(connection, 'set local statement_timeout = 0');
        await changeShape(postgresSchemaSession(connection, schema), shaped, change);
        rows.noteChange(definitionChanges, [...change.definitions.keys()]);
        return job(rows);
      });
    try {
      const result = await indexes.ahead(shaped.schemasOf(this.opened.definitions), reshaped);
      indexes.begin();
      return result;
    } catch (error) {
      throw isPermissionDenied(error) ? new ShapeRefused(messageOf(error), pool.user, error) : error;
    }
  }

  async adoptDefinitions(): Promise<NumberedDefinitions> {
    this.#checkOpen();
    const { shared, pool, target, schema } = this.#parts;
    const connection = await pool.connect();
    try {
      const read = await readDefinitions(postgresSchemaSession(connection, schema), target);
      shared.statements.forget();
      return read;
    } finally {
      connection.release();
    }
  }

  async dropRetired(): Promise<void> {
    this.#checkOpen();
    const { shared, pool, target, schema } = this.#parts;
    const dropped = await runJobAlone(shared, pool, (_rows, connection) =>
      dropRetired(postgresSchemaSession(connection, schema), target),
    );
    // A column of the same name may come again with another type: nothing prepared for this one may serve it.
    if (dropped) shared.statements.forget();
  }

  async readAll(table: Table, where?: Condition): Promise<readonly Row[]> {
    this.#checkOpen();
    const { shared } = this.#parts;
    const builder = new PlanBuilder(shared.codec);
    const wanted = { table, columns: table.columns, where };
    const render = buildRows(builder, wanted);
    return decodeRows(shared.codec, wanted, await this.#rows(builder, render));
  }

  watch(watcher: Watcher): () => void {
    return this.#parts.shared.watchers.add(watcher);
  }

  async analyze(): Promise<void> {
    this.#checkOpen();
    const { pool, schema, target } = this.#parts;
    const connection = await pool.connect();
    try {
      for (const name of (await postgresSchemaSession(connection, schema).tables()).keys()) {
        await executeOnce(connection, `analyze ${target.dialect.table(name)}`);
      }
    } finally {
      connection.release();
    }
  }

  indexed(): Promise<void> {
    return this.#parts.indexes.idle();
  }

  load(): DatabaseLoad {
    const { pool, replica } = this.#parts;
    return replica === undefined ? pool.load : { ...pool.load, replica: replica.load };
  }

  async check(): Promise<void> {
    this.#checkOpen();
    await this.#parts.checks.run('select 1');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#endListening?.();
    const { pool, points, replica, shared, checks, indexes } = this.#parts;
    await indexes.close();
    await Promise.all([pool.end(), points.close(), replica?.close(), checks.close(), shared.sequences.close()]);
  }

  async #pageRows(query: Query): Promise<RawRows> {
    const [only, ...more] = pageSteps(query);
    if (only === undefined || more.length === 0) return this.#stepRows(query);
    const rows = [...(await this.#stepRows(only))];
    for (const step of more) {
      const next = nextStep(step, rows.length);
      if (next !== undefined) rows.push(...(await this.#stepRows(next)));
    }
    return rows;
  }

  async #stepRows(query: Query): Promise<RawRows> {
    const builder = new PlanBuilder(this.#parts.shared.codec);
    const render = buildPage(builder, query);
    if (isPoint(query)) {
      return leadsToOneRow(query) ? this.#parts.points.rows(builder, render) : this.#readRows(builder, render);
    }
    if (!isJoined(query)) return this.#readRows(builder, render);
    return splitPage(await this.#readRows(builder, joinPage(builder, query, render)), query);
  }

  async #count(query: Query): Promise<number> {
    const builder = new PlanBuilder(this.#parts.shared.codec);
    const [row] = await this.#readRows(builder, buildCount(builder, query, query.countUpTo ?? 0));
    return Number(row?.[0] ?? 0);
  }

  async #flatCount(query: FlatQuery): Promise<number | undefined> {
    if (query.countUpTo === undefined) return undefined;
    const builder = new PlanBuilder(this.#parts.shared.codec);
    const [row] = await this.#readRows(builder, buildFlatCount(builder, query, query.countUpTo));
    return Number(row?.[0] ?? 0);
  }

  /** Reads of callers that are none by id. What the product reads for itself, rights among it, comes from the primary. */
  async #readRows(builder: PlanBuilder, render: Render): Promise<RawRows> {
    return (await this.#parts.replica?.rows(builder, render)) ?? this.#rows(builder, render);
  }

  async #rows(builder: PlanBuilder, render: Render): Promise<RawRows> {
    const { shared, pool } = this.#parts;
    const connection = await pool.connect();
    let isBroken = false;
    try {
      return (await runPlan(shared, connection, builder, render)).rows;
    } catch (error) {
      isBroken = true;
      throw postgresFailure(error, shared.place);
    } finally {
      connection.release(isBroken || shared.statements.isWornOut(connection));
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StorageError(`${this.#parts.shared.place} is closed`);
  }
}
