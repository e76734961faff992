import type { Column } from '../../metadata/table.ts';
import type { Display, FlatQuery, Output } from '../../odata/flat-query.ts';
import { sortsByAggregate } from '../../odata/flat-query.ts';
import type { Value } from '../../odata/query.ts';
import { buildAmong } from './condition.ts';
import {
  type Aggregate,
  aggregateSql,
  aggregateValue,
  argumentSql,
  type GroupKey,
  keyColumn,
  keySql,
} from './flat-group.ts';
import type { FlatPlan } from './flat-plan.ts';
import { aliasOf, buildSources, type Sources } from './flat-sources.ts';
import { buildAfter, type OrderSql, type OrderTerm, orderSql } from './keyset.ts';
import { comparedColumn, reference, versionColumn } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';
import { leadsIndex } from './select.ts';

/** The statement for a page of a flat query, with one row more than the limit, and how its rows are read. */
export const buildFlat = (builder: PlanBuilder, query: FlatQuery): FlatPlan =>
  query.answer === 'rows' ? buildFlatRows(builder, query) : buildGroups(builder, query);

/** Number of rows or groups, counted no further than `countUpTo`. */
export function buildFlatCount(builder: PlanBuilder, query: FlatQuery, countUpTo: number): Render {
  builder.shape += `count ${countUpTo} ${query.table.logicalName}`;
  const { aliases, from, where } = buildSources(builder, query);
  const keys = query.answer === 'rows' ? [] : query.outputs.filter(isKey);
  const named = keys.map((key) => keyShape(builder, key));
  return () => {
    const list = keys.map((key, at) => `${keySql(builder.dialect, key, aliasOf(aliases, key))} as k${at}`);
    const groups = list.length === 0 ? '' : ` group by ${named.map((_, at) => at + 1).join(', ')}`;
    const rows = `select ${list.join(', ') || '1'} from ${from()}${whereSql([where])}${groups} limit ${countUpTo}`;
    return `select count(*) from (${rows}) as counted`;
  };
}

const isKey = (output: Output): output is GroupKey => output.kind !== 'aggregate';

function keyShape(builder: PlanBuilder, key: GroupKey): string {
  const shape = `${key.source}.${key.column.name}${key.kind === 'datePart' ? `/${key.part}` : ''};`;
  builder.shape += shape;
  return shape;
}

const whereSql = (conditions: readonly (Render | undefined)[]): string => {
  const present = conditions.flatMap((condition) => (condition === undefined ? [] : [condition()]));
  return present.length === 0 ? '' : ` where ${present.join(' and ')}`;
};

/** A page's end: its limit and what is passed over before it. */
function buildLimit(builder: PlanBuilder, limit: number, offset: number): Render {
  const most = builder.limit(limit);
  if (offset === 0) return most;
  builder.shape += ' offset ?';
  const skipped = builder.parameter(offset, 'integer');
  return () => `${most()} offset ${skipped()}`;
}

/** One of the columns that rows are sorted by. */
interface Term extends OrderTerm {
  readonly sql: OrderSql;
}

function buildTerms(
  builder: PlanBuilder,
  columns: readonly { column: Column; sql: OrderSql; descending: boolean; nullable: boolean }[],
): readonly Term[] {
  return columns.map(({ column, descending, nullable, sql }, place) => {
    builder.shape += `${descending ? '-' : '+'}${column.name};`;
    return { order: { column, descending }, place, nullable, sql };
  });
}

/** The values that mark a place among joined rows: the orders, then the primary keys of all of them. */
function rowTerms(builder: PlanBuilder, query: FlatQuery, aliases: readonly string[]): readonly Term[] {
  const { table, joins, orderBy } = query;
  const descending = orderBy.at(-1)?.descending ?? false;
  const orders = orderBy.map((order) => {
    if (order.kind === 'output') throw new TypeError('joined rows are sorted by columns');
    return { ...order, nullable: order.source !== 0 || order.column !== table.primaryKey };
  });
  const own = { source: 0, column: table.primaryKey, descending, nullable: false };
  const keys = joins.map((join, at) => ({
    source: at + 1,
    column: join.table.primaryKey,
    descending,
    nullable: join.kind !== 'inner',
  }));
  const seen = new Set<string>();
  const different = [...orders, own, ...keys].filter(({ source, column }) => {
    const name = `${source}.${column.name}`;
    return !seen.has(name) && seen.add(name);
  });
  const sqlOf = ({ source, column }: { source: number; column: Column }): OrderSql => {
    const alias = aliasOf(aliases, { source });
    builder.shape += `${source}.`;
    return {
      compared: () => reference(alias, comparedColumn(column)),
      read: () => builder.dialect.read(column, reference(alias, column.name)),
    };
  };
  return buildTerms(
    builder,
    different.map((each) => ({ ...each, sql: sqlOf(each) })),
  );
}

function buildFlatRows(builder: PlanBuilder, query: FlatQuery): FlatPlan {
  builder.shape += `flat ${query.table.logicalName}${query.version ? ' version' : ''}`;
  const sources = buildSources(builder, query);
  const { aliases } = sources;
  const outputs = query.outputs.map((output) => buildOutput(builder, output, aliases));
  const terms = rowTerms(builder, query, aliases);
  const after = query.after && buildAfter(builder, terms, query.after, sqlOfTerms(terms));
  const limit = buildLimit(builder, query.limit + 1, query.offset);
  const version = query.version ? [builder.dialect.concat([reference(aliases[0] ?? '', versionColumn)])] : [];
  const [first] = query.orderBy;
  return {
    terms: terms.map(({ order }) => order.column),
    outputs: outputs.map(({ decode }) => decode),
    hasVersion: query.version,
    hasTotal: false,
    render: () => {
      const walks = first?.kind === 'column' && first.source === 0 && leadsIndex(first.column, builder.dialect);
      builder.walked = walks ? first.column : undefined;
      const places = terms.map(({ sql }) => sql.read());
      const columns = [...version, ...places, ...outputs.flatMap(({ sql }) => sql())].join(', ');
      const order = orderSql(builder, terms, sqlOfTerms(terms));
      return `select ${columns} from ${sources.from()}${whereSql([sources.where, after])} order by ${order}${limit()}`;
    },
  };
}

const sqlOfTerms = (terms: readonly Term[]): readonly OrderSql[] => terms.map(({ sql }) => sql);

interface BuiltOutput {
  readonly sql: () => readonly string[];
  readonly decode: FlatPlan['outputs'][number];
}

function buildOutput(builder: PlanBuilder, output: Output, aliases: readonly string[]): BuiltOutput {
  if (output.kind !== 'column') throw new TypeError('joined rows show columns');
  const { column, display } = output;
  const alias = aliasOf(aliases, output);
  builder.shape += `[${output.source}.${column.name}`;
  const name = display && buildDisplay(builder, display, () => reference(alias, column.name));
  builder.shape += ']';
  return plainOutput(builder, column, () => reference(alias, column.name), name);
}

function plainOutput(builder: PlanBuilder, column: Column, value: Render, name: Render | undefined): BuiltOutput {
  return {
    sql: () => [builder.dialect.read(column, value()), ...(name === undefined ? [] : [name()])],
    decode: {
      width: name === undefined ? 1 : 2,
      value: ([raw]) => builder.dialect.decode(column, raw),
      hasDisplay: name !== undefined,
    },
  };
}

/** The name of the row that a lookup points to. */
function buildDisplay(builder: PlanBuilder, { navigation, among }: Display, lookup: Render): Render {
  const { target } = navigation;
  const other = builder.alias();
  builder.shape += `>${navigation.name}`;
  const seen = buildAmong(builder, among, other);
  return () => {
    const name = builder.dialect.read(target.primaryName, reference(other, target.primaryName.name));
    const table = `${builder.dialect.table(target.logicalName)} as ${other}`;
    return `(select ${name} from ${table} where ${reference(other, target.primaryKey.name)} = ${lookup()}${seen()})`;
  };
}

/** Alias of the rows that go into groups. */
const rows = 'g';

function buildGroups(builder: PlanBuilder, query: FlatQuery): FlatPlan {
  builder.shape += `groups ${query.table.logicalName}`;
  const sources = buildSources(builder, query);
  const keys = query.outputs.filter(isKey);
  const inner = keys.map((key, at) => buildKey(builder, sources, key, at));
  const terms = groupTerms(builder, query, keys, sources);
  const outputs = query.outputs.map((output, at) => buildGroupOutput(builder, query, output, at));
  const after = query.after && buildAfter(builder, terms, query.after, sqlOfTerms(terms));
  const most = query.aggregateLimit === undefined ? () => '' : builder.limit(query.aggregateLimit + 1);
  // Groups that are sorted by what is worked out of them afterwards are all needed.
  const limit = sortsByAggregate(query) ? () => '' : buildLimit(builder, query.limit + 1, query.offset);
  const hasTotal = query.aggregateLimit !== undefined;
  return {
    terms: terms.map(({ order }) => order.column),
    outputs: outputs.map(({ decode }) => decode),
    hasVersion: false,
    hasTotal,
    render: () => {
      const parts = [...inner.flatMap((key) => key()), ...argumentsSql(query, sources.aliases)];
      const from = `select ${parts.join(', ') || '1'} from ${sources.from()}${whereSql([sources.where, after])}${most()}`;
      const places = terms.map((term) => builder.dialect.read(term.order.column, placeSql(keys, term)));
      const total = hasTotal ? ['sum(count(*)) over ()'] : [];
      const columns = [...total, ...places, ...outputs.flatMap(({ sql }) => sql())].join(', ');
      const groups = keys.length === 0 ? '' : ` group by ${keys.map((_, at) => `${rows}.k${at}`).join(', ')}`;
      const order = groupOrder(builder, keys, terms);
      return `select ${columns} from (${from}) as ${rows}${groups}${order}${limit()}`;
    },
  };
}

/** The key of a group, and the text that shows it. */
function buildKey(builder: PlanBuilder, { aliases }: Sources, key: GroupKey, at: number): () => readonly string[] {
  keyShape(builder, key);
  const alias = aliasOf(aliases, key);
  return () => {
    const text = key.kind === 'column' && key.column.isText ? [`${reference(alias, key.column.name)} as r${at}`] : [];
    return [`${keySql(builder.dialect, key, alias)} as k${at}`, ...text];
  };
}

/** Groups are sorted by the orders and then by all their keys. */
function groupTerms(
  builder: PlanBuilder,
  query: FlatQuery,
  keys: readonly GroupKey[],
  { aliases }: Sources,
): readonly (Term & { readonly key: number })[] {
  const descending = query.orderBy.at(-1)?.descending ?? false;
  const asked = query.orderBy.flatMap((order) => {
    const output = order.kind === 'output' ? query.outputs[order.output] : undefined;
    return output === undefined || !isKey(output) ? [] : [{ key: keys.indexOf(output), descending: order.descending }];
  });
  const others = keys.map((_, key) => ({ key, descending }));
  const places = [...asked, ...others].filter(({ key }, at, all) => all.findIndex((other) => other.key === key) === at);
  const columns = places.map(({ key, descending: down }) => {
    const of = keys[key] as GroupKey;
    builder.shape += `${key}.`;
    const compared = (): string => keySql(builder.dialect, of, aliasOf(aliases, of));
    return { column: keyColumn(of), descending: down, nullable: true, sql: { compared, read: compared } };
  });
  return buildTerms(builder, columns).map((term, at) => ({ ...term, key: places[at]?.key ?? 0 }));
}

/** The text that shows a group's key, or the key itself. */
function placeSql(keys: readonly GroupKey[], { key }: { readonly key: number }): string {
  const of = keys[key];
  return of?.kind === 'column' && of.column.isText ? `min(${rows}.r${key})` : `${rows}.k${key}`;
}

function groupOrder(
  builder: PlanBuilder,
  keys: readonly GroupKey[],
  terms: readonly (Term & { readonly key: number })[],
): string {
  if (keys.length === 0) return '';
  const grouped = terms.map(({ key }) => ({ compared: () => `${rows}.k${key}`, read: () => `${rows}.k${key}` }));
  return ` order by ${orderSql(builder, terms, grouped)}`;
}

function buildGroupOutput(builder: PlanBuilder, query: FlatQuery, output: Output, at: number): BuiltOutput {
  if (output.kind === 'aggregate') return buildAggregate(builder, output, at);
  const key = query.outputs.filter(isKey).indexOf(output);
  const display = output.kind === 'column' ? output.display : undefined;
  const value = (): string => placeSql(query.outputs.filter(isKey), { key });
  const name = display && buildDisplay(builder, display, value);
  return plainOutput(builder, keyColumn(output), value, name);
}

function buildAggregate(builder: PlanBuilder, output: Aggregate, at: number): BuiltOutput {
  builder.shape += `[${output.function} ${output.source}.${output.column.name}]`;
  const parts = aggregateSql(builder.dialect, output, `${rows}.a${at}`);
  return {
    sql: () => parts,
    decode: {
      width: parts.length,
      value: (raw): Value => aggregateValue(builder.codec, output, raw),
      hasDisplay: false,
    },
  };
}

function argumentsSql({ outputs }: FlatQuery, aliases: readonly string[]): readonly string[] {
  return outputs.flatMap((output, at) => {
    const argument = output.kind === 'aggregate' ? argumentSql(output, aliasOf(aliases, output)) : undefined;
    return argument === undefined ? [] : [`${argument} as a${at}`];
  });
}
