import type { Guid } from '../../../kernel/ids.ts';
import type { Column } from '../../../metadata/table.ts';
import type { Values } from '../../../odata/operation.ts';
import type { Condition, Order, Value } from '../../../odata/query.ts';
import type { Row } from '../../../odata/row-store.ts';
import type { MappedTable } from './mapping.ts';

/** A row at another source. `version` is a digest of its values: sources need not count versions. */
export interface SourceRow extends Row {
  /** How the source itself addresses it, with what it says of its version. */
  readonly address: string;
  readonly etag: string | undefined;
}

export interface Selection {
  readonly where: Condition | undefined;
  readonly orderBy: readonly Order[];
  readonly limit: number;
}

/**
 * Where rows of mapped tables are. A source translates; it decides nothing. It throws a `Refusal` with a message of the
 * virtual table service for what goes wrong there, and refuses (501) conditions and orders that it cannot ask for.
 */
export interface TableSource {
  select(table: MappedTable, selection: Selection): Promise<readonly SourceRow[]>;
  /** Rows that meet `where`, at most `upTo`. */
  count(table: MappedTable, where: Condition | undefined, upTo: number): Promise<number>;
  insert(table: MappedTable, values: Values): Promise<Guid>;
  update(table: MappedTable, row: SourceRow, values: Values): Promise<void>;
  delete(table: MappedTable, row: SourceRow): Promise<void>;
  /** Runs a write. `isUndone`: all of it is undone when it throws; a source that cannot do that says no. */
  write<T>(job: (source: TableSource, isUndone: boolean) => Promise<T>): Promise<T>;
}

/** What a row says in a column; columns that the source does not have are empty. */
export const heldIn = ({ values }: Row, column: Column): Value => values.get(column) ?? null;
