import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../metadata/table.ts';
import type { MaintenanceStore, RowStore } from '../odata/row-store.ts';
import type { Alphabet } from './alphabet.ts';

/** The rows of one environment, or of the directory, in an open database. */
export interface Database extends RowStore, MaintenanceStore {
  /** Nothing was there before: the tables were made by this opening. */
  readonly isNew: boolean;
  /** Lets the database look at how values are spread. Call it after filling a new database. */
  analyze(): Promise<void>;
  /** Waits for what is under way, then lets go of files and connections. Calling it again does nothing. */
  close(): Promise<void>;
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
    };

export interface DatabaseOptions {
  readonly tables: readonly Table[];
  /** Fixed when the database is made; opening it with another one is refused. */
  readonly alphabet: Alphabet;
  readonly location: DatabaseLocation;
  readonly clock?: Clock;
}
