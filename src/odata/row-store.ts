import type { Guid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from './authorized-plan.ts';
import type { FlatQuery } from './flat-query.ts';
import type { Values } from './operation.ts';
import type { Condition, Query, Value } from './query.ts';

/** Rows as the database itself writes them: each one the JSON text of an object, ready to be sent. */
export interface Page {
  readonly rows: readonly string[];
  /** All rows that meet the condition, at most `countUpTo`; only when asked for. */
  readonly count: number | undefined;
  /** Place of the last row, for `Query.after`; `undefined` when there are no more rows. */
  readonly next: readonly Value[] | undefined;
}

/** Rows of a flat query: the values of its outputs in order. Names of lookups' rows and versions stand beside them. */
export interface FlatPage {
  readonly rows: readonly FlatRow[];
  readonly count: number | undefined;
  /** Are there rows after these? */
  readonly more: boolean;
  /** Place of the last row, for `FlatQuery.after`; `undefined` when there are no more rows, or no places in this order. */
  readonly next: readonly Value[] | undefined;
  /** More rows than `aggregateLimit` would have gone into the groups; none are given then. */
  readonly tooMany: boolean;
}

export interface FlatRow {
  /** One for each output. A sum or average is decimal text, a count a number. */
  readonly values: readonly Value[];
  /** By output: the name of the row that a lookup points to. Shorter than `values` where there is none. */
  readonly displays: readonly (string | undefined)[];
  readonly version: bigint | undefined;
}

/** One stored row in the code's own values. `version` is the number in its ETag. */
export interface Row {
  readonly id: Guid;
  readonly version: bigint;
  readonly values: ReadonlyMap<Column, Value>;
}

/**
 * Something that others want to hear of. It is kept with the write that it belongs to, or not at all. It holds ids and
 * states, never what a person typed.
 */
export interface BusinessEvent {
  /** GUID of the event, the same at every delivery. */
  readonly id: Guid;
  /** For example `candidate.hired`. */
  readonly type: string;
  /** Events of one subject are told in order: the id of the request, or of a candidate without one. */
  readonly subject: Guid;
  /** When it was, in UTC (RFC 3339). */
  readonly time: string;
  readonly data: Readonly<Record<string, string | number | null>>;
}

/** What business logic may do inside one write. Everything it does is kept, or nothing is. */
export interface Transaction {
  get(table: Table, id: Guid): Promise<Row | undefined>;
  /**
   * Rows that meet `where`, at most `limit`, in order of the primary key. `columns`: those that are needed, the primary
   * key among them; absent: all.
   */
  list(table: Table, where: Condition, limit: number, columns?: readonly Column[]): Promise<readonly Row[]>;
  /** `values` must hold the primary key. Columns not in it are null. Throws `DuplicateKey`. */
  insert(table: Table, values: Values): Promise<void>;
  /**
   * As `insert`, without waiting for the answer. What is read afterwards sees the row. Should the row be refused, the job
   * fails with what `explain` makes of the error.
   */
  insertLater(table: Table, values: Values, explain: (error: unknown) => unknown): void;
  /** Changes the columns in `values`; the row must exist. Throws `DuplicateKey`. */
  update(table: Table, id: Guid, values: Values): Promise<void>;
  delete(table: Table, id: Guid): Promise<void>;
  /**
   * False: a drawn number may be used as a key without a look whether a row has it already. Should one have it, the
   * store undoes the job and does it again with true. Only for columns whose key the store keeps unique.
   */
  readonly mustCheckNumbers: boolean;
  /** Next number of a named sequence, which begins at `first`. Numbers may be skipped, never given twice. */
  nextNumber(sequence: string, first: bigint): Promise<bigint>;
  /** Events of this transaction so far. */
  readonly events: readonly BusinessEvent[];
  /** Adds an event, which is stored together with the rest. Costs no statement of its own until the end. */
  announce(event: BusinessEvent): void;
}

/** The rows of one environment (or of the directory). Two engines implement it, one conformance suite holds both. */
export interface RowStore {
  query(plan: AuthorizedPlan<Query>): Promise<Page>;
  /** Joined rows, groups and aggregates. */
  flat(plan: AuthorizedPlan<FlatQuery>): Promise<FlatPage>;
  /**
   * Runs `job` in a transaction that is on disk before the promise resolves. `job` must await nothing but the
   * transaction's own methods: many jobs share one commit. A thrown error undoes this job alone. `job` may be run more
   * than once, as if it had not been before.
   */
  write<T>(plan: AuthorizedPlan<WriteScope>, job: (rows: Transaction, scope: WriteScope) => Promise<T>): Promise<T>;
  /**
   * Several reads and writes in one transaction, one after the other: what `job` does with the store that it is given is
   * kept as a whole or not at all, and reads see what was written before them. Each still shows a plan of its own. What
   * is said of jobs of `write` is true of this one.
   */
  together<T>(job: (rows: RowStore) => Promise<T>): Promise<T>;
}

/**
 * Full access for the product's own housekeeping, named so that one can search for it: building security snapshots,
 * the directory, seeding the rows that every environment has. Never reachable from a caller's operation.
 */
export interface MaintenanceStore {
  /** Every row of a table, or those that meet `where`. */
  readAll(table: Table, where?: Condition): Promise<readonly Row[]>;
  maintain<T>(job: (rows: Transaction) => Promise<T>): Promise<T>;
  /** Has changes of some tables told from now on. Gives how to end that. */
  watch(watcher: Watcher): () => void;
}

/** What was changed: by logical name of the table, the values of the column that the watcher named. */
export type Changes = ReadonlyMap<string, ReadonlySet<string>>;

/** Somebody who keeps in memory what follows from rows. */
export interface Watcher {
  /** Logical name of a table to the name of the column that says what a row is about. */
  readonly tables: ReadonlyMap<string, string>;
  /** Jobs of this store have changed rows. Called when they are committed, or may have been, and before they are answered. */
  onOwn(changes: Changes): void;
  /**
   * Another process has changed rows, or it cannot be known which. Resolves when it is in force here: until then the
   * process counts as one that does not know of it. Rejects to be told again.
   */
  onOther(changes: Changes | 'everything'): Promise<void>;
}

/** A unique key of `table` already has these values. `columns` is the key that was violated. */
export class DuplicateKey extends Error {
  readonly table: Table;
  readonly columns: readonly Column[];

  constructor(table: Table, columns: readonly Column[]) {
    super(`duplicate key of ${table.logicalName}: ${columns.map((column) => column.name).join(', ')}`);
    this.name = 'DuplicateKey';
    this.table = table;
    this.columns = columns;
  }
}
