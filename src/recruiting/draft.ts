import type { Guid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import type { Condition, Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';
import { getColumn } from './model-lookup.ts';

interface Source {
  readonly id: Guid;
  readonly values: Values;
}

/** Rows of a table that ids which a caller gives may lead to: `undefined` limits nothing. */
export type LeadsTo = (table: Table) => Condition | undefined;

/** One row on its way to storage: what it was, what it is to be, and which columns changed. */
export class Draft {
  readonly table: Table;
  readonly id: Guid;
  /** The stored row; `undefined` while it is being created. */
  readonly before: Row | undefined;
  readonly #values: Map<Column, Value>;
  readonly #changed = new Set<Column>();
  readonly #settled = new Set<Column>();
  readonly #sources = new Map<Column, Source>();
  readonly #given = new Set<Column>();
  #leadsTo: LeadsTo | undefined;

  private constructor(table: Table, id: Guid, before: Row | undefined) {
    this.table = table;
    this.id = id;
    this.before = before;
    this.#values = new Map(before?.values);
    if (before === undefined) this.set(table.primaryKey, id);
  }

  static ofNew(table: Table, id: Guid): Draft {
    return new Draft(table, id, undefined);
  }

  static ofRow(table: Table, row: Row): Draft {
    return new Draft(table, row.id, row);
  }

  get isNew(): boolean {
    return this.before === undefined;
  }

  get(column: Column): Value {
    return this.#values.get(column) ?? null;
  }

  /** By column name, for rules that are about one table. */
  value(name: string): Value {
    return this.get(getColumn(this.table, name));
  }

  /** A value that counts as filled in: not absent, not an empty text. */
  has(column: Column): boolean {
    const value = this.get(column);
    return value !== null && value !== '';
  }

  set(column: Column, value: Value): void {
    if (this.get(column) === value && (value !== null || !this.isNew)) return;
    this.#values.set(column, value);
    this.#changed.add(column);
  }

  /** Takes values that were asked for. Ids among them lead to no rows but those that `leadsTo` leaves; absent: to all. */
  give(values: Values, leadsTo: LeadsTo | undefined): void {
    this.#leadsTo = leadsTo;
    for (const [column, value] of values) {
      this.set(column, value);
      this.#given.add(column);
    }
  }

  /** Rows of another table that these columns may lead to: values that came from elsewhere, such as a mirror, lead to all. */
  rowsFor(target: Table, columns: readonly Column[]): Condition | undefined {
    const isGiven = columns.some((column) => column !== this.table.company && this.#given.has(column));
    return isGiven ? this.#leadsTo?.(target) : undefined;
  }

  setValue(name: string, value: Value): void {
    this.set(getColumn(this.table, name), value);
  }

  /** True for a column of a new row that was set, and for one of a stored row that differs from it now. */
  isChanged(column: Column): boolean {
    return this.#changed.has(column) && (this.before?.values.get(column) ?? null) !== this.get(column);
  }

  /** Points a lookup to a row. `values`: those of the row that are at hand, at least all that this table shows of it. */
  follow(lookup: Column, id: Guid | null, values?: Values): void {
    this.set(lookup, id);
    if (id !== null && values !== undefined) this.#sources.set(lookup, { id, values });
  }

  /** Values of the row that a lookup points to, where they are at hand. */
  sourceOf(lookup: Column): Values | undefined {
    const source = this.#sources.get(lookup);
    return source?.id === this.get(lookup) ? source.values : undefined;
  }

  /** A lookup that was set by row id is not looked for by its readable columns again. */
  settle(lookup: Column): void {
    this.#settled.add(lookup);
  }

  isSettled(lookup: Column): boolean {
    return this.#settled.has(lookup);
  }

  /** What storage is told: all set columns of a new row, the changed ones of a stored row. */
  changes(): Values {
    if (this.isNew) return this.#values;
    return new Map([...this.#changed].filter((column) => this.isChanged(column)).map((c) => [c, this.get(c)]));
  }
}
