import type { EventStore } from '../events/event-store.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Probe } from '../kernel/probe.ts';
import type { Table } from '../metadata/table.ts';
import type { MaintenanceStore, RowStore, Transaction } from '../odata/row-store.ts';
import type { Alphabet } from './alphabet.ts';
import type { ChangeFeed } from './sql/postgres/change-feed.ts';
import type { ReplicaSettings } from './sql/postgres/replica.ts';

/** In `Changes`: the definitions of tables, which are no table of the model themselves. */
export const definitionChanges = 'portvakt_definition';

/** Texts that say which tables there are besides those of the program, by name. Storage keeps them and reads nothing in them. */
export type StoredDefinitions = ReadonlyMap<string, string>;

/** With the number of changes that there were before. */
export interface NumberedDefinitions {
  readonly number: number;
  readonly definitions: StoredDefinitions;
}

/** A table, or a column of one, that no request needs any more. Its values go when it does. */
export interface Retired {
  readonly table: string;
  readonly column?: string;
}

/** How an open database is to change. */
export interface Reshaping {
  /** All tables that there are to be. */
  readonly tables: readonly Table[];
  /** Definitions that change; `null` takes one away. */
  readonly definitions: ReadonlyMap<string, string | null>;
  /** What is not among `tables` any more. It stays readable until `dropRetired`, for requests that are under way. */
  readonly retired: readonly Retired[];
}

/** What became of reads that a replica was to answer. */
export interface ReplicaLoad {
  readonly served: number;
  /** The primary answered: the replica was behind, or it could not be used. */
  readonly behind: number;
  readonly failed: number;
  /** Not while it is left alone after one of these. */
  readonly isUsed: boolean;
}

/** How much an open database has to do at the moment. */
export interface DatabaseLoad {
  /** Connections that work, those that wait for work, and how many there may be of both. SQLite has one that writes. */
  readonly busy: number;
  readonly idle: number;
  readonly most: number;
  /** Who waits for a connection. */
  readonly waiting: number;
  /** Absent where there is none. */
  readonly replica?: ReplicaLoad;
}

/** The rows of one environment, or of the directory, in an open database. */
export interface Database extends RowStore, MaintenanceStore {
  /** Nothing was there before: the tables were made by this opening. */
  readonly isNew: boolean;
  /** As they were when the database was opened. */
  readonly opened: NumberedDefinitions;
  /**
   * Adds tables, columns and indexes that are missing, notes the definitions and does `job`: all of it, or nothing. What
   * is retired is dropped by `dropRetired`, or when the database is opened next.
   */
  reshape<T>(change: Reshaping, job: (rows: Transaction) => Promise<T>): Promise<T>;
  /**
   * The definitions that another process has stored. What was prepared for those before is forgotten: a column that it
   * drops may come again with another type.
   */
  adoptDefinitions(): Promise<NumberedDefinitions>;
  /** Events of the environment, and who is told of them. */
  readonly events: EventStore;
  /** Drops what was retired. Calling it again does nothing. */
  dropRetired(): Promise<void>;
  /** Lets the database look at how values are spread. Call it after filling a new database. */
  analyze(): Promise<void>;
  load(): DatabaseLoad;
  /** Resolves when no index is being built, which goes on beside requests after an opening or a change of the tables. */
  indexed(): Promise<void>;
  /** Rejects when the database does not answer a small question, or keeps nothing any more. Waits behind no request. */
  check(): Promise<void>;
  /** Waits for what is under way, then lets go of files and connections. Calling it again does nothing. */
  close(): Promise<void>;
}

/** A pooler that lends a session of the server for one transaction at a time. */
export interface Pooler {
  readonly url: string;
  /** Does it know which statements were prepared on which of its connections? */
  readonly namesStatements: boolean;
}

export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  /** `url` is `postgres://…`; `schema` is made when it is not there. */
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly schema: string;
      /** Connections for jobs and slow queries; three more are kept for point reads and counters. */
      readonly connections?: number;
      /** Longest time that one statement of a request may take. */
      readonly statementTimeoutMs?: number;
      /** Where requests go to the server instead; what needs a session of its own goes to `url`. */
      readonly pooler?: Pooler | undefined;
      /** A standby that answers reads which take longer. */
      readonly replica?: ReplicaSettings | undefined;
      /** Belongs on a machine of its own where the server has several (the extension `citus`). */
      readonly isDistributed?: boolean;
      /** Where several processes have the database open: through it they hear of each other's changes. */
      readonly feed?: ChangeFeed;
      /** Others have it open already: what is retired may still be in use, and is not dropped by opening it. */
      readonly isJoined?: boolean;
    };

export interface DatabaseOptions {
  /** All tables, or how they follow from the definitions that are stored beside them. */
  readonly tables: readonly Table[] | ((definitions: StoredDefinitions) => readonly Table[]);
  /** Fixed when the database is made; opening it with another one is refused. */
  readonly alphabet: Alphabet;
  readonly location: DatabaseLocation;
  readonly clock?: Clock;
  /** Told of every statement of requests. */
  readonly probe?: Probe;
}
