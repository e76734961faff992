import type { Column, Table } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import type { TableGrant } from '../table-grant.ts';
import type { DirectoryApplication, NativeDeps } from './native-deps.ts';

/** Values of a row that is being written, by column; rules add to it. */
export type Draft = Map<Column, Value>;

/** What the rules of a table work with, inside one transaction. */
export interface WriteContext {
  readonly deps: NativeDeps;
  readonly grant: TableGrant;
  readonly table: Table;
  readonly rows: Transaction;
  /** What the directory said about the application named in the request, asked before the transaction. */
  readonly application: DirectoryApplication | undefined;
}

/**
 * What a native table does beyond storing columns. A table without `create`, `update` or `remove` does not support that
 * method. Rules run inside the transaction of the write and await nothing but its rows; what they throw undoes it.
 */
export interface NativeTable {
  readonly logicalName: string;
  readonly create?: {
    /** Before the defaults: fills and checks the draft. */
    fill(context: WriteContext, draft: Draft): Promise<void>;
    /** After the row is in. */
    finish?(context: WriteContext, row: Row): Promise<void>;
  };
  readonly update?: {
    /** Checks the changes and adds to them. */
    check(context: WriteContext, row: Row, changes: Draft): Promise<void>;
    /** After the row is changed; `row` is as it was before. */
    finish?(context: WriteContext, row: Row, changes: Draft): Promise<void>;
  };
  readonly remove?: {
    /** Refuses, or removes what depends on the row. */
    prepare(context: WriteContext, row: Row): Promise<void>;
    /** After the row is gone. */
    finish?(context: WriteContext): Promise<void>;
  };
}
