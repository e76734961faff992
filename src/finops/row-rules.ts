import type { Guid } from '../kernel/ids.ts';
import type { Column, Model, Table } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';

/** One row that is being written, and the transaction it is written in. */
export interface RowWork {
  readonly model: Model;
  readonly table: Table;
  readonly rows: Transaction;
  /** When the write is carried out. */
  readonly now: Date;
  /** Values of the row, by column; rules may change them before the row is stored. */
  readonly values: Map<Column, Value>;
  /** The stored row; `undefined` while it is being created. */
  readonly before: Row | undefined;
  /** What is wrong; the write is refused with all of it. */
  readonly errors: string[];
}

/** Rows of `set` whose columns equal columns of this row: their column -> ours. */
export interface RowsOf {
  readonly set: string;
  readonly by: Readonly<Record<string, string>>;
}

/** What the model cannot say about one administration table. */
export interface SetRules {
  /** Texts that a column takes; case does not matter, the spelling here is stored. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Columns that name a row of another set by the column given. */
  readonly references?: Readonly<Record<string, { readonly set: string; readonly column: string }>>;
  /** Rows that hold the deletion up. */
  readonly heldBy?: readonly RowsOf[];
  /** Rows that are deleted with this one. */
  readonly owns?: readonly RowsOf[];
  /** Before required columns and references are checked. */
  readonly prepare?: (work: RowWork) => Promise<void>;
  readonly afterCreate?: (work: RowWork, id: Guid) => Promise<void>;
  readonly afterUpdate?: (work: RowWork) => Promise<void>;
  readonly beforeDelete?: (work: RowWork) => Promise<void>;
}
