import type { Column, Table } from '../../metadata/table.ts';
import type { Codec } from './codec.ts';
import { type Dialect, type ParameterKind, parameterKinds, type SqlValue } from './dialect.ts';
import { equalityColumn, orderColumn, quoteName } from './names.ts';
import { tableSchema } from './schema.ts';

/** What a value is that `comparedColumn(column)` is compared with. */
export const comparedKind = (column: Column): ParameterKind => parameterKinds[column.type];

/** Page sizes, with or without the one row more that tells whether there is a next page. */
const usualLimits: ReadonlySet<number> = new Set([1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 5000]);

/** Values that stand in a statement at most. */
const mostWeighed = 2;

/** Writes a piece of SQL. Called only when no statement of the same shape is kept. */
export type Render = () => string;

/**
 * Walks a query once, collecting three things side by side: the `shape` (its structure without values, the key under
 * which statements are kept), the values, and functions that write the SQL when the shape is new. Each value knows its
 * parameter number from the start, so the SQL can't get them in another order.
 *
 * INVARIANT: whatever changes the SQL is part of the shape.
 */
export class PlanBuilder {
  readonly codec: Codec;
  readonly values: SqlValue[] = [];
  shape = '';
  /** The rows come in the order of this column's index; filters that most rows meet should not lead away from it. */
  walked: Column | undefined;
  /** Made where it is needed: almost no statement hides a column. */
  #hidden: Map<string, Set<string>> | undefined;
  #aliases = 0;
  #weighed = 0;

  constructor(codec: Codec) {
    this.codec = codec;
  }

  get dialect(): Dialect {
    return this.codec.dialect;
  }

  /** These columns have no value in any row that the statement looks at. */
  hide(columns: readonly Column[] = []): void {
    for (const column of columns) {
      this.shape += `hides ${column.table.logicalName}.${column.name};`;
      this.#hidden ??= new Map();
      const names = this.#hidden.get(column.table.logicalName) ?? new Set();
      this.#hidden.set(column.table.logicalName, names.add(column.name));
    }
  }

  /** What rows of a table are selected from. */
  rowsOf(table: Table): string {
    const name = this.dialect.table(table.logicalName);
    const hidden = this.#hidden?.get(table.logicalName);
    return hidden === undefined ? name : `(select ${shownColumns(table, hidden, this.dialect)} from ${name})`;
  }

  alias(): string {
    return `t${this.#aliases++}`;
  }

  /** Adds a value; the result writes its parameter. */
  parameter(value: SqlValue, kind: ParameterKind): Render {
    const index = this.values.push(value);
    return () => this.codec.dialect.parameter(index, kind);
  }

  /** A number of rows. Those that clients usually ask for stand in the statement, where the planner sees them. */
  count(rows: number): Render {
    if (usualLimits.has(rows) || usualLimits.has(rows - 1)) {
      this.shape += ` ${rows}`;
      return () => String(rows);
    }
    this.shape += ' ?';
    return this.parameter(rows, 'integer');
  }

  /** ` limit n`. */
  limit(rows: number): Render {
    this.shape += ' limit';
    const count = this.count(rows);
    return () => ` limit ${count()}`;
  }

  /** Adds a value that `comparedColumn(column)` is compared with. */
  compared(value: SqlValue, column: Column): Render {
    return this.parameter(value, comparedKind(column));
  }

  /**
   * As `compared`; an option or a truth value stands in the statement, where the planner weighs how many rows have it. As a
   * parameter PostgreSQL plans such a statement anew each time it is run, hoping to do better by knowing the value: for a
   * page that was a quarter of its work. Of a statement two at most, so that there are not too many of them.
   */
  weighed(value: SqlValue, column: Column): Render {
    const isOption = column.type === 'Boolean' || (column.type === 'Choice' && column.choice !== undefined);
    const literal = isOption && this.#weighed < mostWeighed ? this.dialect.literal(value) : undefined;
    if (literal === undefined) return this.compared(value, column);
    this.#weighed += 1;
    this.shape += `${literal};`;
    return () => literal;
  }
}

/** All columns of a table, keys of text among them; hidden ones without a value, of their own type. */
function shownColumns(table: Table, hidden: ReadonlySet<string>, dialect: Dialect): string {
  const hiddenNames = new Set(
    table.columns
      .filter(({ name }) => hidden.has(name))
      .flatMap((column) => [column.name, ...(column.isText ? [equalityColumn(column), orderColumn(column)] : [])]),
  );
  const shown = (name: string): string =>
    hiddenNames.has(name) ? `nullif(${quoteName(name)}, ${quoteName(name)}) as ${quoteName(name)}` : quoteName(name);
  return tableSchema(table, dialect)
    .columns.map(({ name }) => shown(name))
    .join(', ');
}
