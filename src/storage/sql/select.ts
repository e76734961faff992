import type { Column, Table } from '../../metadata/table.ts';
import type { Condition, Query } from '../../odata/query.ts';
import { buildCondition } from './condition.ts';
import type { Dialect } from './dialect.ts';
import { buildAfter, buildOrders, isOwn, type OrderSql, orderSql, orderTerms } from './keyset.ts';
import { reference, versionColumn } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';
import { buildRowJson } from './row-json.ts';
import { tableSchema } from './schema.ts';

/**
 * Rows of a query as JSON text, in the first column; for a page also the values that mark each row's place (`decode`
 * them by `placeColumns`). One row more than the limit is asked for, which tells whether there are more.
 */
export function buildPage(builder: PlanBuilder, query: Query): Render {
  builder.hide(query.hides);
  const alias = builder.alias();
  builder.shape += `page ${query.table.logicalName} `;
  const json = buildRowJson(builder, query, alias);
  const isOne = isPoint(query);
  const orders = isOne ? [] : buildOrders(builder, query, alias);
  const where = buildWheres(builder, query, alias, orders);
  if (isOne) {
    builder.shape += ' point';
    return () => `select ${json()} from ${tableSql(builder, query.table, alias)}${where()}`;
  }
  const limit = query.limit === undefined ? () => '' : builder.limit(query.limit + 1);
  return () => {
    const [first] = query.orderBy;
    const walks = first !== undefined && isOwn(first) && leadsIndex(first.column, builder.dialect);
    builder.walked = walks ? first.column : undefined;
    const order = orderSql(builder, orderTerms(query), orders);
    const columns = [json(), ...orders.map((each) => each.read())].join(', ');
    return `select ${columns} from ${tableSql(builder, query.table, alias)}${where()} order by ${order}${limit()}`;
  };
}

/** Can rows be had in the order of this column without sorting them? */
export const leadsIndex = (column: Column, dialect: Dialect): boolean =>
  tableSchema(column.table, dialect).indexes.some((index) => index.key[0] === column);

/** Number of rows that meet the query's condition, counted no further than `countUpTo`. */
export function buildCount(builder: PlanBuilder, query: Query, countUpTo: number): Render {
  builder.hide(query.hides);
  const alias = builder.alias();
  builder.shape += `count ${query.table.logicalName} ${countUpTo} `;
  const where = buildWheres(builder, { ...query, after: undefined }, alias, []);
  return () => {
    const rows = `select 1 from ${tableSql(builder, query.table, alias)}${where()} limit ${countUpTo}`;
    return `select count(*) from (${rows}) as counted`;
  };
}

/** Rows that code works with. */
export interface RowsWanted {
  readonly table: Table;
  /** The primary key among them. */
  readonly columns: readonly Column[];
  readonly where?: Condition | undefined;
  readonly limit?: number | undefined;
}

/** Stored rows for the code: version, then the columns in order, each to be decoded. */
export function buildRows(builder: PlanBuilder, { table, columns: wanted, where, limit }: RowsWanted): Render {
  if (!wanted.includes(table.primaryKey)) throw new TypeError(`rows of ${table.logicalName} without their ids`);
  const alias = builder.alias();
  builder.shape += `rows ${table.logicalName} ${builder.codec.columnShapes.of(wanted)} `;
  const most = limit === undefined ? () => '' : builder.limit(limit);
  const condition = where === undefined ? undefined : buildCondition(builder, where, alias);
  return () => {
    const version = builder.dialect.concat([reference(alias, versionColumn)]);
    const columns = [version, ...wanted.map((column) => readSql(builder, column, alias))].join(', ');
    const filter = condition === undefined ? '' : ` where ${condition()}`;
    const order = ` order by ${reference(alias, table.primaryKey.name)}${most()}`;
    return `select ${columns} from ${tableSql(builder, table, alias)}${filter}${order}`;
  };
}

/** At most one row can meet it: the condition names the primary key. */
export function isPoint(query: Query): boolean {
  const { where, table } = query;
  if (where === undefined || query.after !== undefined) return false;
  const conditions = where.kind === 'and' ? where.of : [where];
  return conditions.some(
    (each) => each.kind === 'compare' && each.op === 'eq' && each.column === table.primaryKey && each.value !== null,
  );
}

function buildWheres(builder: PlanBuilder, query: Query, alias: string, orders: readonly OrderSql[]): Render {
  const conditions: Render[] = [];
  if (query.where !== undefined) conditions.push(buildCondition(builder, query.where, alias));
  if (query.after !== undefined) {
    builder.shape += ' after ';
    conditions.push(buildAfter(builder, orderTerms(query), query.after, orders));
  }
  return () => (conditions.length === 0 ? '' : ` where ${conditions.map((each) => each()).join(' and ')}`);
}

const tableSql = (builder: PlanBuilder, table: Table, alias: string): string => `${builder.rowsOf(table)} as ${alias}`;

const readSql = (builder: PlanBuilder, column: Column, alias: string): string =>
  builder.dialect.read(column, reference(alias, column.name));
