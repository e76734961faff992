import type { AuthorizedPlan } from '../../../odata/authorized-plan.ts';
import { and, type Condition, type Expand, equals, type Query } from '../../../odata/query.ts';
import type { Page } from '../../../odata/row-store.ts';
import { mayHold } from './holds.ts';
import { behind, completeOrder } from './keyset.ts';
import type { MappedTable, MappedTables } from './mapping.ts';
import { renderRow } from './render-row.ts';
import { sourceRefusal } from './source-problems.ts';
import { heldIn, type SourceRow, type TableSource } from './table-source.ts';

/** Rows at most where a query names no limit: inside an expand. */
const mostExpanded = 5000;

/** Queries over mapped tables of one source, as the built-in tables answer them. */
export class MappedReads {
  readonly #source: TableSource;
  readonly #tables: MappedTables;

  constructor(source: TableSource, tables: MappedTables) {
    this.#source = source;
    this.#tables = tables;
  }

  async query({ scope }: AuthorizedPlan<Query>): Promise<Page> {
    const { limit = mostExpanded } = scope;
    const table = this.tableOf(scope.table);
    const order = completeOrder(scope.table, scope.orderBy);
    const where = and(scope.where, scope.after && behind(order, scope.after));
    const counted = scope.countUpTo;
    const count = counted === undefined ? undefined : await this.#source.count(table, scope.where, counted);
    // A count alone asks for no rows.
    if (limit === 0) return { rows: [], count, next: undefined };
    const found = await this.select(table, { where, orderBy: order, limit: limit + 1 });
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    const next = last && order.map(({ column }) => heldIn(last, column));
    return { rows: await this.#show(scope, rows), count, next };
  }

  /** @throws Refusal 501 for a table that is not at this source */
  tableOf(table: Query['table']): MappedTable {
    const mapped = this.#tables.get(table);
    if (mapped === undefined) throw sourceRefusal.notBuilt(`${table.logicalName} is at another source`);
    return mapped;
  }

  /** Rows of the source, each of which was asked for. */
  async select(table: MappedTable, selection: Parameters<TableSource['select']>[1]): Promise<readonly SourceRow[]> {
    const rows = await this.#source.select(table, selection);
    if (rows.every((row) => mayHold(selection.where, row))) return rows;
    throw sourceRefusal.failed(`${table.mapping.from} gave rows that were not asked for`);
  }

  async #show(query: Query, rows: readonly SourceRow[]): Promise<readonly string[]> {
    const expands = query.expand.filter(({ optional }) => optional !== true);
    const shown = rows.map(() => new Map<string, string>());
    for (const expand of expands) {
      const texts = await this.#expand(expand, rows);
      for (const [index, text] of texts.entries()) shown[index]?.set(expand.navigation.name, text);
    }
    return rows.map((row, index) => renderRow(query, row, shown[index] ?? new Map()));
  }

  /** One text for each row. */
  async #expand(expand: Expand, rows: readonly SourceRow[]): Promise<readonly string[]> {
    const { navigation } = expand;
    if (navigation.kind === 'single') return this.#expandSingle(expand, navigation.column, rows);
    if (navigation.kind === 'manyToMany' || expand.link !== undefined) {
      throw sourceRefusal.notBuilt(`$expand of ${navigation.name} at another source`);
    }
    const { column } = navigation;
    return Promise.all(
      rows.map(
        async ({ id }) => `[${(await this.#related(expand.query, equals(column, id))).map(([, text]) => text)}]`,
      ),
    );
  }

  /** One query for all rows. */
  async #expandSingle(
    { query }: Expand,
    column: Query['columns'][number],
    rows: readonly SourceRow[],
  ): Promise<readonly string[]> {
    const ids = [...new Set(rows.map((row) => heldIn(row, column)))].filter((id) => id !== null);
    if (ids.length === 0) return rows.map(() => 'null');
    const tie: Condition = { kind: 'in', column: query.table.primaryKey, values: ids };
    const found = new Map(await this.#related({ ...query, limit: ids.length }, tie));
    return rows.map((row) => found.get(String(heldIn(row, column))) ?? 'null');
  }

  async #related(query: Query, tie: Condition): Promise<readonly (readonly [id: string, text: string])[]> {
    const { limit = mostExpanded, orderBy } = query;
    const selection = { where: and(tie, query.where), orderBy: completeOrder(query.table, orderBy), limit };
    const rows = await this.select(this.tableOf(query.table), selection);
    const texts = await this.#show(query, rows);
    return rows.map(({ id }, index) => [id, texts[index] ?? '{}'] as const);
  }
}
