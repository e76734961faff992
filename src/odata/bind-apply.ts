import type { Table } from '../metadata/table.ts';
import { bindFilter } from './bind-filter.ts';
import { type BoundPath, bindPath, nameOf } from './bind-path.ts';
import {
  bindCollection,
  type CollectionShape,
  findSource,
  pageOf,
  type QueryScope,
  refuseOthers,
} from './bind-query.ts';
import type { AggregateFunction, FlatOrder, FlatQuery, Output } from './flat-query.ts';
import { checkAggregate, JoinedRows, maxAggregateRows, maxOutputs } from './joined-rows.ts';
import { type Place, refuse, type Source } from './problems.ts';
import { and, type Condition } from './query.ts';
import { decodeFlatToken } from './skip-token.ts';
import { type AggregateItem, type GroupPath, parseApply, type Transformation } from './syntax/apply.ts';
import { parseExpression } from './syntax/expression.ts';
import { parseOrderBy } from './syntax/options.ts';
import type { OrderItem } from './syntax/tree.ts';
import { walkCondition } from './walk-query.ts';

/** `$apply` gives groups; where it only filters, ordinary rows. */
export type BoundApply =
  | { readonly kind: 'groups'; readonly query: FlatQuery; readonly paged: boolean; readonly pageNumber: number }
  | { readonly kind: 'rows'; readonly shape: CollectionShape };

/** Transformations in one `$apply`. */
const maxTransformations = 20;

/**
 * `$apply` as Dataverse documents it ("Aggregate data using OData"): filters, then at most one `groupby` or `aggregate`,
 * with `$filter` and `$orderby` on what the groups are made by, and `$top`.
 */
export function bindApply(table: Table, scope: QueryScope): BoundApply {
  const source = findSource(scope.options, '$apply');
  if (source === undefined) throw new TypeError('there is no $apply');
  const placeOf = (at: number): Place => ({ ...source, at });
  const transformations = parseApply(source);
  if (transformations.length > maxTransformations) {
    throw refuse.limit('transformations in $apply', maxTransformations, placeOf(0));
  }
  const last = transformations.at(-1);
  const late = transformations.slice(0, -1).find(({ kind }) => kind !== 'filter');
  if (late !== undefined) throw refuse.notSupported(`a transformation after ${late.kind}`, placeOf(late.at));
  const filters = transformations.flatMap((each) =>
    each.kind === 'filter' ? [bindFilter(each.where, { ...scope, table, source })] : [],
  );
  const where = and(...filters);
  if (last === undefined || last.kind === 'filter') return { kind: 'rows', shape: filteredRows(table, scope, where) };
  if (table.kind === 'virtual') scope.differences.use('virtual-aggregate', placeOf(last.at));
  return bindGroups({ table, scope, source, where, last });
}

function filteredRows(table: Table, scope: QueryScope, where: Condition | undefined): CollectionShape {
  const options = new Map([...scope.options].filter(([name]) => name !== '$apply'));
  const shape = bindCollection(table, { ...scope, options });
  return { ...shape, query: { ...shape.query, where: and(where, shape.query.where) } };
}

interface Groups {
  readonly table: Table;
  readonly scope: QueryScope;
  readonly source: Required<Source>;
  readonly where: Condition | undefined;
  readonly last: Exclude<Transformation, { kind: 'filter' }>;
}

function bindGroups({ table, scope, source, where, last }: Groups): BoundApply {
  refuseOthers(scope.options, ['$apply', '$filter', '$orderby', '$top', '$count', '$skiptoken']);
  const binder = new GroupBinder(table, source);
  const paths = last.kind === 'groupby' ? last.paths : [];
  for (const path of paths) binder.group(path);
  for (const item of last.items) binder.aggregate(item);
  const rows = and(where, bindGroupFilter(table, scope, binder.outputs));
  const { limit, paged, countUpTo } = pageOf(scope);
  const query: FlatQuery = {
    table,
    joins: binder.joins,
    where: rows && { kind: 'row', source: 0, where: rows },
    outputs: binder.outputs,
    answer: 'groups',
    orderBy: bindGroupOrder(scope, binder.outputs, table),
    limit,
    offset: 0,
    after: undefined,
    countUpTo,
    aggregateLimit: maxAggregateRows,
    version: false,
  };
  const token = findSource(scope.options, '$skiptoken');
  if (token === undefined) return { kind: 'groups', query, paged, pageNumber: 1 };
  const { after, pageNumber } = decodeFlatToken(token, query);
  return { kind: 'groups', query: { ...query, after }, paged, pageNumber };
}

const methods: Readonly<Record<string, AggregateFunction>> = {
  sum: 'sum',
  average: 'average',
  min: 'min',
  max: 'max',
  countdistinct: 'countDistinct',
};

/** Columns of `groupby` and `aggregate` as outputs of a flat query. */
class GroupBinder {
  readonly #table: Table;
  readonly #source: Source;
  readonly #rows = new JoinedRows();
  readonly #outputs: Output[] = [];

  constructor(table: Table, source: Source) {
    this.#table = table;
    this.#source = source;
  }

  get outputs(): readonly Output[] {
    return this.#outputs;
  }

  get joins(): FlatQuery['joins'] {
    return this.#rows.joins;
  }

  group(path: GroupPath): void {
    const bound = this.#path(path);
    const { column, through } = bound;
    if (column.type === 'Date' || column.type === 'DateTime') {
      throw refuse.notSupported("'groupby' with datetime values", this.#place(path.at));
    }
    const name = through.length === 0 ? column.property : `${column.table.logicalName}_${column.name}`;
    this.#add({ kind: 'column', ...this.#sourceOf(bound), name }, path.at);
  }

  aggregate({ at, of, alias, aliasAt }: AggregateItem): void {
    if (of === undefined) {
      const count = { kind: 'aggregate', function: 'count', source: 0, column: this.#table.primaryKey } as const;
      this.#add({ ...count, name: alias }, aliasAt);
      return;
    }
    const method = Object.hasOwn(methods, of.method) ? methods[of.method] : undefined;
    if (method === undefined) {
      throw refuse.notSupported(`the aggregation method '${of.method}'`, this.#place(of.methodAt));
    }
    const bound = this.#path(of.path);
    checkAggregate(of.method, method, bound.column, this.#place(at));
    this.#add({ kind: 'aggregate', function: method, ...this.#sourceOf(bound), name: alias }, aliasAt);
  }

  #path({ steps }: GroupPath): BoundPath {
    const place = (at: number): Place => this.#place(at);
    const [only] = steps;
    const name = steps.length === 1 && only?.kind === 'name' ? nameOf(only, place) : '';
    const navigation = this.#table.navigation.get(name);
    // The name of a lookup's navigation property is the lookup, as in $select.
    if (navigation?.kind === 'single') return { through: [], column: navigation.column };
    return bindPath(steps, this.#table, place);
  }

  #sourceOf({ through, column }: BoundPath): Pick<Output, 'source' | 'column'> {
    return { source: this.#rows.sourceOf(through), column };
  }

  #add(output: Output, at: number): void {
    if (this.#outputs.length >= maxOutputs) throw refuse.limit('columns in $apply', maxOutputs, this.#place(at));
    if (this.#outputs.some(({ name }) => name === output.name))
      throw refuse.duplicateAlias(output.name, this.#place(at));
    this.#outputs.push(output);
  }

  #place(at: number): Place {
    return { ...this.#source, at };
  }
}

/** `$filter` comes after `$apply` and sees the groups: what they are made by can be asked for before they are made. */
function bindGroupFilter(table: Table, scope: QueryScope, outputs: readonly Output[]): Condition | undefined {
  const source = findSource(scope.options, '$filter');
  if (source === undefined) return undefined;
  const where = bindFilter(parseExpression(source), { ...scope, table, source });
  const isOfGroups = walkCondition(where, {
    table: () => false,
    column: (column) => outputs.some((each) => each.kind === 'column' && each.source === 0 && each.column === column),
  });
  if (isOfGroups) return where;
  throw refuse.notSupported('a $filter after $apply on anything but columns of its groupby', { ...source, at: 0 });
}

function bindGroupOrder(scope: QueryScope, outputs: readonly Output[], table: Table): readonly FlatOrder[] {
  const source = findSource(scope.options, '$orderby');
  if (source === undefined) return [];
  return parseOrderBy(source).map((item) => {
    const output = orderedOutput(item, outputs, source, table);
    return { kind: 'output', output, descending: item.descending };
  });
}

function orderedOutput({ value, at }: OrderItem, outputs: readonly Output[], source: Source, table: Table): number {
  const place = { ...source, at };
  if (value.kind !== 'path') throw refuse.notSupported('an expression in $orderby', place);
  const names = value.steps.map((step) => nameOf(step, (stepAt) => ({ ...source, at: stepAt })));
  const name = names.join('/');
  const navigation = table.navigation.get(name);
  const column = navigation?.kind === 'single' ? navigation.column : undefined;
  const found = outputs.findIndex((each) => each.name === name || (column !== undefined && each.column === column));
  if (outputs[found]?.kind === 'aggregate') {
    throw refuse.notSupported('The query node SingleValueOpenPropertyAccess', place);
  }
  if (found < 0) throw refuse.unknownProperty(name, table, place);
  return found;
}
