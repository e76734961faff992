import type { Guid } from '../../kernel/ids.ts';
import type { Table } from '../../metadata/table.ts';
import type { Condition } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { PlanBuilder } from './plan-builder.ts';

const mostKnownRows = 1024;
const mostKnownLists = 256;

/**
 * What a transaction has read: until it changes a table, that stays as it was, since nobody else can change it meanwhile
 * (SQLite) or is seen to (a serializable transaction). Bounded, for jobs that walk a whole table. Jobs that share a
 * transaction share this.
 */
export class KnownRows {
  readonly #rows = new Map<Table, Map<Guid, Row>>();
  readonly #lists = new Map<Table, Map<string, readonly Row[]>>();
  #size = 0;
  #listed = 0;

  find(table: Table, id: Guid): Row | undefined {
    return this.#rows.get(table)?.get(id);
  }

  add(table: Table, rows: readonly Row[]): void {
    if (rows.length > mostKnownRows) return;
    this.#size += rows.length;
    if (this.#size > mostKnownRows) {
      this.#rows.clear();
      this.#size = rows.length;
    }
    const known = this.#rows.get(table) ?? new Map<Guid, Row>();
    for (const row of rows) known.set(row.id, row);
    this.#rows.set(table, known);
  }

  list(table: Table, key: string): readonly Row[] | undefined {
    return this.#lists.get(table)?.get(key);
  }

  addList(table: Table, key: string, rows: readonly Row[]): void {
    if (rows.length > 1) return;
    if (++this.#listed > mostKnownLists) {
      this.#lists.clear();
      this.#listed = 1;
    }
    const known = this.#lists.get(table) ?? new Map<string, readonly Row[]>();
    this.#lists.set(table, known.set(key, rows));
  }

  /** Call before a row is changed. Without an id: a row is added. */
  forget(table: Table, id?: Guid): void {
    this.#lists.delete(table);
    if (id !== undefined) this.#rows.get(table)?.delete(id);
  }
}

/** Under what a list of rows is known. `undefined` when it depends on more than the rows of its own table. */
export function listKey(builder: PlanBuilder, where: Condition): string | undefined {
  const isOwn = where.kind === 'compare' || (where.kind === 'and' && where.of.every(({ kind }) => kind === 'compare'));
  if (!isOwn) return undefined;
  let key = builder.shape;
  // With their lengths: no value reads like the end of one and the beginning of the next.
  for (const value of builder.values) key += `\n${typeof value}${String(value).length}:${value}`;
  return key;
}
