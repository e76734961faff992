import type { Column } from '../../metadata/table.ts';
import {
  type Display,
  type FlatPlace,
  type FlatQuery,
  flatPlaces,
  type GroupKey,
  keyColumn,
  type Output,
  sortsByAggregate,
} from '../../odata/flat-query.ts';
import type { Value } from '../../odata/query.ts';
import { buildAmong } from './condition.ts';
import { type Aggregate, aggregateSql, aggregateValue, argumentSql, keySql } from './flat-group.ts';
import type { FlatPlan } from './flat-plan.ts';
import { aliasOf, buildSources, type Sources } from './flat-sources.ts';
import { buildAfter, type OrderSql, type OrderTerm, orderSql } from './keyset.ts';
import { comparedColumn, reference, versionColumn } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';
import { leadsIndex } from './select.ts';

/** The statement for a page of a flat query, with one row more than the limit, and how its rows are read. */
export function buildFlat(builder: PlanBuilder, query: FlatQuery): FlatPlan {
  builder.hide(query.hides);
  return query.answer === 'rows' ? buildFlatRows(builder, query) : buildGroups(builder, query);
}

/** Number of rows or groups, counted no further than `countUpTo`. */
export function buildFlatCount(builder: PlanBuilder, query: FlatQuery, countUpTo: number): Render {
  builder.hide(query.hides);
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

/** `sqlOf` writes what a place is sorted by and how its value is read. */
function buildTerms(builder: PlanBuilder, query: FlatQuery, sqlOf: (place: FlatPlace) => OrderSql): readonly Term[] {
  return flatPlaces(query).map((each, place) => {
    const { source, column, descending, nullable, output = '' } = each;
    builder.shape += `${descending ? '-' : '+'}${output}/${source}.${column.name};`;
    return { order: { column, descending }, place, nullable, sql: sqlOf(each) };
  });
}

function buildFlatRows(builder: PlanBuilder, query: FlatQuery): FlatPlan {
  builder.shape += `flat ${query.table.logicalName}${query.version ? ' version' : ''}`;
  const sources = buildSources(builder, query);
  const { aliases } = sources;
  const outputs = query.outputs.map((output) => buildOutput(builder, output, aliases));
  const terms = buildTerms(builder, query, ({ source, column }) => {
    const alias = aliasOf(aliases, { source });
    return {
      compared: () => reference(alias, comparedColumn(column)),
      read: () => builder.dialect.read(column, reference(alias, column.name)),
    };
  });
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
  if (output.withheld === true) {
    builder.shape += '[null]';
    return { sql: () => ['null'], decode: { width: 1, value: () => null, hasDisplay: false } };
  }
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
    const table = `${builder.rowsOf(target)} as ${other}`;
    return `(select ${name} from ${table} where ${reference(other, target.primaryKey.name)} = ${lookup()}${seen()})`;
  };
}

/** Alias of the rows that go into groups. */
const rows = 'g';

function buildGroups(builder: PlanBuilder, query: FlatQuery): FlatPlan {
  builder.shape += `groups ${query.table.logicalName}`;
  const sources = buildSources(builder, query);
  const keys = query.outputs.flatMap((key, at) => (isKey(key) ? [{ key, at }] : []));
  for (const { key } of keys) keyShape(builder, key);
  const terms = buildGroupTerms(builder, query, sources);
  const outputs = query.outputs.map((output, at) => buildGroupOutput(builder, output, at));
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
      const parts = innerParts(builder, query, sources);
      const from = `select ${parts} from ${sources.from()}${whereSql([sources.where, after])}${most()}`;
      const total = hasTotal ? ['sum(count(*)) over ()'] : [];
      const places = terms.map(({ sql }) => sql.read());
      const columns = [...total, ...places, ...outputs.flatMap(({ sql }) => sql())].join(', ');
      const groups = keys.length === 0 ? '' : ` group by ${keys.map(({ at }) => keyOf(at)).join(', ')}`;
      const sorted = terms.map(({ sql, key }) => ({ ...sql, compared: () => keyOf(key) }));
      const order = keys.length === 0 ? '' : ` order by ${orderSql(builder, terms, sorted)}`;
      return `select ${columns} from (${from}) as ${rows}${groups}${order}${limit()}`;
    },
  };
}

/** The key that an output is, among the rows that go into groups. */
const keyOf = (at: number): string => `${rows}.k${at}`;

/** The text that shows a group's key, or the key itself. */
const shownKey = (key: GroupKey, at: number): string =>
  key.kind === 'column' && key.column.isText ? `min(${rows}.r${at})` : keyOf(at);

/** The places of groups. They are compared where the rows are, before they go into groups. */
function buildGroupTerms(
  builder: PlanBuilder,
  query: FlatQuery,
  { aliases }: Sources,
): readonly (Term & { readonly key: number })[] {
  const keys: number[] = [];
  const terms = buildTerms(builder, query, ({ column, output: at = -1 }) => {
    const key = query.outputs[at];
    if (key === undefined || !isKey(key)) throw new TypeError('groups are sorted by their keys');
    keys.push(at);
    return {
      compared: () => keySql(builder.dialect, key, aliasOf(aliases, key)),
      read: () => builder.dialect.read(column, shownKey(key, at)),
    };
  });
  return terms.map((term, place) => ({ ...term, key: keys[place] ?? -1 }));
}

/** What the groups need of each row: keys, the texts that show them, and what goes into the aggregates. */
function innerParts({ dialect }: PlanBuilder, { outputs }: FlatQuery, { aliases }: Sources): string {
  const parts = outputs.flatMap((output, at) => {
    const alias = aliasOf(aliases, output);
    if (!isKey(output)) {
      const argument = argumentSql(output, alias);
      return argument === undefined ? [] : [`${argument} as a${at}`];
    }
    const isText = output.kind === 'column' && output.column.isText;
    const text = isText ? [`${reference(alias, output.column.name)} as r${at}`] : [];
    return [`${keySql(dialect, output, alias)} as k${at}`, ...text];
  });
  return parts.join(', ') || '1';
}

function buildGroupOutput(builder: PlanBuilder, output: Output, at: number): BuiltOutput {
  if (output.kind === 'aggregate') return buildAggregate(builder, output, at);
  const display = output.kind === 'column' ? output.display : undefined;
  const value = (): string => shownKey(output, at);
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
