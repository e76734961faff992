import type { Column } from '../../metadata/table.ts';
import type { Expand, Query } from '../../odata/query.ts';
import { buildCondition, joinTo } from './condition.ts';
import { buildOrders, orderSql, orderTerms } from './keyset.ts';
import { quoteText, reference, versionColumn } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** A piece of a row's JSON text: text that is always the same, or an expression. */
type Part = { readonly text: string } | { readonly sql: string };

/** Expression for the JSON text of the row that `alias` stands for, as `Page.rows` describes it. */
export function buildRowJson(builder: PlanBuilder, query: Query, alias: string): Render {
  builder.shape += `${builder.codec.columnShapes.of(query.columns)}${withheldShape(query)}${query.etag ? 'e' : ''}${query.unsetTextAsEmpty ? 'u' : ''}`;
  const expands = query.expand.map((expand) => buildExpand(builder, expand, alias));
  return () => {
    const members = [...etagParts(builder, query, alias)];
    for (const column of givenColumns(query)) {
      members.push({ text: `,"${column.property}":` }, columnPart(builder, query, column, alias));
    }
    for (const expand of expands) members.push(...expand());
    return concatenate(builder, [{ text: '{' }, ...withoutFirstComma(members), { text: '}' }]);
  };
}

/** Each member is written with a comma before it. */
function withoutFirstComma(members: readonly Part[]): readonly Part[] {
  const [first, ...others] = members;
  return first !== undefined && 'text' in first ? [{ text: first.text.slice(1) }, ...others] : members;
}

/** The primary key and the columns asked for. Administration tables keep their primary key to themselves. */
function givenColumns({ table, columns }: Query): readonly Column[] {
  const { primaryKey } = table;
  const others = columns.filter((column) => column !== primaryKey);
  return primaryKey.hidden === true ? others : [primaryKey, ...others];
}

/** Columns that are withheld are another statement: their values are not read. */
const withheldShape = ({ withheld }: Query): string =>
  withheld === undefined ? '' : `-[${[...withheld].map((column) => column.name).join()}]`;

const columnPart = (builder: PlanBuilder, query: Query, column: Column, alias: string): Part =>
  query.withheld?.has(column) === true ? { text: 'null' } : { sql: columnJson(builder, query, column, alias) };

function etagParts(builder: PlanBuilder, query: Query, alias: string): readonly Part[] {
  if (!query.etag) return [];
  const version = builder.dialect.concat([reference(alias, versionColumn)]);
  return [{ text: ',"@odata.etag":"W/\\"' }, { sql: version }, { text: '\\""' }];
}

function columnJson(builder: PlanBuilder, query: Query, column: Column, alias: string): string {
  // The last line of defence: hashes of secrets are in hidden columns.
  if (column.hidden === true) throw new TypeError(`\`${column.name}\` is hidden`);
  return builder.dialect.json(column, reference(alias, column.name), query.unsetTextAsEmpty);
}

function buildExpand(builder: PlanBuilder, expand: Expand, alias: string): () => readonly Part[] {
  const { navigation } = expand;
  builder.shape += `+${navigation.name}(`;
  const build = navigation.kind === 'single' ? buildSingle : buildCollection;
  const parts = build(builder, expand, alias);
  builder.shape += ')';
  return parts;
}

function buildSingle(builder: PlanBuilder, { navigation, query }: Expand, alias: string): () => readonly Part[] {
  const target = builder.alias();
  const join = joinTo(builder, navigation, alias, target);
  const json = buildRowJson(builder, query, target);
  const where = buildWhere(builder, query, target);
  return () => [
    { text: `,"${navigation.name}":` },
    { sql: `coalesce((select ${json()} from ${join.from()} where ${join.on()}${where()}), 'null')` },
  ];
}

function buildCollection(builder: PlanBuilder, expand: Expand, alias: string): () => readonly Part[] {
  const { navigation, query } = expand;
  const target = builder.alias();
  const join = joinTo(builder, navigation, alias, target);
  const json = buildRowJson(builder, query, target);
  const where = buildWhere(builder, query, target);
  const link = buildLink(builder, expand, alias);
  const orders = buildOrders(builder, query, target);
  const limit = query.limit === undefined ? () => '' : builder.limit(query.limit);
  const rows = builder.alias();
  return () => {
    const order = orderSql(builder, orderTerms(query), orders);
    const inner = `select ${json()} as j from ${join.from()} where ${join.on()}${where()} order by ${order}${limit()}`;
    const all = `coalesce((select string_agg(${rows}.j, ',') from (${inner}) as ${rows}), '')`;
    return [...link(), { text: `,"${navigation.name}":[` }, { sql: all }, { text: ']' }];
  };
}

function buildLink(builder: PlanBuilder, { navigation, link }: Expand, alias: string): () => readonly Part[] {
  if (link === undefined) return () => [];
  builder.shape += 'l';
  const before = builder.parameter(insideQuotes(link.before), 'text');
  const after = builder.parameter(insideQuotes(link.after), 'text');
  const id = reference(alias, navigation.table.primaryKey.name);
  return () => [
    { text: `,"${navigation.name}@odata.nextLink":"` },
    { sql: builder.dialect.concat([before(), id, after()]) },
    { text: '"' },
  ];
}

const insideQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);

/** ` and <condition>`, or nothing. */
function buildWhere(builder: PlanBuilder, query: Query, alias: string): Render {
  if (query.where === undefined) return () => '';
  const condition = buildCondition(builder, query.where, alias);
  return () => ` and ${condition()}`;
}

function concatenate(builder: PlanBuilder, parts: readonly Part[]): string {
  const merged: string[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') merged.push(quoteText(text));
    text = '';
  };
  for (const part of parts) {
    if ('text' in part) {
      text += part.text;
    } else {
      flush();
      merged.push(part.sql);
    }
  }
  flush();
  return builder.dialect.concat(merged);
}
