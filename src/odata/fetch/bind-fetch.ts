import type { Model, Table } from '../../metadata/table.ts';
import { findSource, maxCount, type QueryScope, refuseOthers } from '../bind-query.ts';
import { rowRules } from '../bind-shape.ts';
import type { FlatCondition, FlatOrder, FlatQuery, Source } from '../flat-query.ts';
import { maxAggregateRows } from '../joined-rows.ts';
import { maxPageSize } from '../preferences.ts';
import { refuse, type Source as TextSource } from '../problems.ts';
import { andFlat } from '../walk-flat-query.ts';
import { bindCondition, columnOf, comparedColumns } from './bind-condition.ts';
import { filterKind, LinkBinder } from './bind-links.ts';
import { OutputBinder } from './bind-outputs.ts';
import { decodeFetchCookie } from './fetch-cookie.ts';
import { FetchNode } from './fetch-node.ts';
import { refuseFetch } from './fetch-problems.ts';
import { parseXml } from './parse-xml.ts';

export interface BoundFetch {
  readonly query: FlatQuery;
  readonly pageNumber: number;
  /** Names of the table's own columns, for `@odata.context`. */
  readonly context: string;
}

/** Rows that pages without a cookie reach ("Page results using FetchXml": simple paging). */
const maxSimplePaging = 50_000;

/**
 * A FetchXML document (`?fetchXml=`) as a flat query, which is what `$apply` becomes too: both gates look at it in one
 * place. Throws a `PlacedRefusal` for what it does not take, with the position in the document.
 */
export function bindFetch(table: Table, scope: QueryScope, model: Model): BoundFetch {
  refuseOthers(scope.options, ['fetchXml', '$count']);
  const source = findSource(scope.options, 'fetchXml');
  if (source === undefined) throw new TypeError('there is no fetchXml');
  const fetch = new FetchNode(parseXml(source), source, ['fetch']);
  return new FetchBinder(fetch, table, scope, model).bind();
}

class FetchBinder {
  readonly #fetch: FetchNode;
  readonly #entity: FetchNode;
  readonly #table: Table;
  readonly #scope: QueryScope;
  readonly #links: LinkBinder;
  readonly #isAggregate: boolean;
  readonly #isDistinct: boolean;

  constructor(fetch: FetchNode, table: Table, scope: QueryScope, model: Model) {
    const [entity, second] = fetch.all('entity');
    if (entity === undefined) throw fetch.refuse('elementMissing', 'entity');
    if (second !== undefined) throw second.refuse('invalidNode', 'a second entity');
    const name = entity.get('name');
    if (name !== table.logicalName) {
      const known = model.table.has(name) ? 'otherEntity' : 'noEntity';
      throw entity.refuse(known, `'${name}', of the set of '${table.logicalName}'`, 'name');
    }
    this.#fetch = fetch;
    this.#entity = entity;
    this.#table = table;
    this.#scope = scope;
    this.#links = new LinkBinder(model, scope);
    this.#isAggregate = fetch.flag('aggregate', 'invalidAggregate');
    this.#isDistinct = fetch.flag('distinct', 'distinct');
  }

  bind(): BoundFetch {
    this.#checkOptions();
    const conditions = this.#links.bind(this.#entity, { source: 0, table: this.#table });
    const outputs = this.#outputs();
    const isGroups = this.#isAggregate || this.#isDistinct;
    if (isGroups && this.#table.kind === 'virtual') {
      this.#scope.differences.use('virtual-aggregate', this.#fetch.place);
    }
    const filters = this.#entity.all('filter').map((filter) => this.#filter(filter));
    const rules = rowRules(this.#table, outputs.shown, this.#scope.differences);
    const orderBy = this.#orders(outputs.outputs);
    const page = this.#page();
    const query: FlatQuery = {
      table: this.#table,
      joins: this.#links.joins,
      where: andFlat(...conditions.map((each): FlatCondition => ({ kind: 'row', ...each })), ...filters),
      outputs: outputs.outputs,
      answer: isGroups ? 'groups' : 'rows',
      orderBy,
      limit: page.limit,
      offset: 0,
      after: undefined,
      countUpTo: this.#countUpTo(),
      aggregateLimit: this.#isAggregate ? (this.#aggregateLimit() ?? maxAggregateRows) : undefined,
      version: !isGroups && rules.etag,
    };
    return { query: this.#placed(query, page), pageNumber: page.number, context: outputs.context };
  }

  /** Attributes of `fetch` that change nothing here, or that nothing here can do. */
  #checkOptions(): void {
    const fetch = this.#fetch;
    for (const flag of ['no-lock', 'latematerialize', 'useraworderby']) fetch.flag(flag);
    const mapping = fetch.find('mapping') ?? 'logical';
    if (mapping !== 'logical' && mapping !== 'internal') throw fetch.refuse('mapping', `'${mapping}'`, 'mapping');
    if (fetch.find('utc-offset') !== undefined) throw fetch.refuse('utcOffset', 'utc-offset', 'utc-offset');
    const source = fetch.find('datasource');
    if (source !== undefined) throw refuse.notSupported(`the data source '${source}'`, fetch.placeOf('datasource'));
    if (fetch.flag('min-active-row-version')) {
      throw refuse.notSupported("'min-active-row-version'", fetch.placeOf('min-active-row-version'));
    }
  }

  #outputs() {
    const binder = new OutputBinder(this.#isAggregate);
    const own = { node: this.#entity, source: 0, table: this.#table, alias: undefined };
    binder.entity(own);
    const links = this.#links.links;
    for (const link of links) binder.entity(link);
    const none = [...this.#entity.all('no-attrs'), ...this.#entity.all('no-attributes')];
    const [bare] = none;
    if (bare !== undefined && this.#isDistinct) throw bare.refuse('noAttributesDistinct', bare.name);
    const hasOwn = this.#entity.all('attribute').length + this.#entity.all('all-attributes').length > 0;
    if (this.#isAggregate && binder.outputs.length === 0) {
      throw this.#entity.refuse('invalidAggregate', 'there is no attribute');
    }
    if (!hasOwn && bare === undefined && !this.#isAggregate) binder.all(own, this.#entity);
    const { primaryKey } = this.#table;
    const isRows = !this.#isAggregate && !this.#isDistinct;
    const hasKey = binder.outputs.some(({ name }) => name === primaryKey.property);
    const outputs = binder.outputs;
    if (isRows && !hasKey) outputs.push({ kind: 'column', name: primaryKey.property, source: 0, column: primaryKey });
    const names = outputs.flatMap((output) => (output.source === 0 ? [output.name] : []));
    const shown = outputs.map(({ column }) => column);
    return { outputs, shown, context: this.#isAggregate ? '' : names.join(',') };
  }

  /** A filter of the entity, in which conditions may be on linked entities by `entityname`. */
  #filter(filter: FetchNode): FlatCondition | undefined {
    const kind = filterKind(filter);
    const of = filter.children.flatMap((child): FlatCondition[] => {
      if (child.name === 'filter') {
        const inner = this.#filter(child);
        return inner === undefined ? [] : [inner];
      }
      if (child.name === 'condition') return [this.#condition(child)];
      return [{ kind: 'row', source: 0, where: this.#links.linkCondition(child, this.#table) }];
    });
    const [first] = of;
    if (first === undefined) return undefined;
    const wheres = of.flatMap((each) =>
      each.kind === 'row' && first.kind === 'row' && each.source === first.source ? [each.where] : [],
    );
    if (first.kind !== 'row' || wheres.length < of.length) return { kind, of };
    return { kind: 'row', source: first.source, where: { kind, of: wheres } };
  }

  #condition(node: FetchNode): FlatCondition {
    this.#links.counted(node);
    const { source, table } = this.#entityOf(node, 'noSuchAlias');
    const compared = node.find('valueof');
    if (compared === undefined) return { kind: 'row', source, where: bindCondition(node, table, this.#scope) };
    const dot = compared.indexOf('.');
    const other = dot < 0 ? { source, table } : this.#named(node, compared.slice(0, dot), 'noSuchAlias', 'valueof');
    const right = other.table.column.get(compared.slice(dot + 1));
    if (right === undefined || right.hidden === true) throw node.refuse('noAttribute', `'${compared}'`, 'valueof');
    const left = columnOf(node, 'attribute', table);
    const { op, condition } = comparedColumns(node, left, right);
    if (other.source === source) return { kind: 'row', source, where: condition };
    return {
      kind: 'compareRows',
      op,
      left: { source, column: left },
      right: { source: other.source, column: right },
    };
  }

  /** The row that `entityname` means; the entity's own without it. */
  #entityOf(node: FetchNode, problem: 'noSuchAlias' | 'linkForOrder'): { source: Source; table: Table } {
    const name = node.find('entityname');
    return name === undefined ? { source: 0, table: this.#table } : this.#named(node, name, problem, 'entityname');
  }

  #named(node: FetchNode, name: string, problem: 'noSuchAlias' | 'linkForOrder', attribute: string) {
    const { links } = this.#links;
    const byAlias = links.find(({ alias }) => alias === name);
    const byTable = links.filter((link) => link.node.find('alias') === undefined && link.table.logicalName === name);
    const found = byAlias ?? (byTable.length === 1 ? byTable[0] : undefined);
    if (found === undefined) throw node.refuse(problem, `'${name}'`, attribute);
    return found;
  }

  /** The entity's orders, then those of its links ("Process link-entity orders first"). */
  #orders(outputs: FlatQuery['outputs']): readonly FlatOrder[] {
    const own = this.#entity.all('order').map((node) => ({ ...this.#entityOf(node, 'linkForOrder'), node }));
    const others = this.#links.links.flatMap(({ node: link, source, table }) =>
      link.all('order').map((node) => ({ node, source, table })),
    );
    return [...own, ...others].map(({ node, source, table }) => {
      const descending = node.flag('descending');
      if (this.#isAggregate) return { kind: 'output', output: this.#orderedAlias(node, outputs), descending };
      if (node.find('alias') !== undefined) throw node.refuse('aliasInOrder', `'${node.get('alias')}'`, 'alias');
      if (node.find('attribute') === undefined) throw node.refuse('attributeRequiredInOrder', 'order');
      const column = columnOf(node, 'attribute', table);
      if (column.type === 'Choices') {
        throw refuse.notSupported('an order by a column with several choices', node.placeOf('attribute'));
      }
      if (!this.#isDistinct) return { kind: 'column', ...this.#orderedColumn(node, source, column), descending };
      const output = outputs.findIndex((each) => each.source === source && each.column === column);
      if (output >= 0) return { kind: 'output', output, descending };
      throw refuse.notSupported('an order by an attribute that a distinct query does not give', node.place);
    });
  }

  #orderedAlias(node: FetchNode, outputs: FlatQuery['outputs']): number {
    if (node.find('attribute') !== undefined) {
      throw node.refuse('attributeInAggregateOrder', `'${node.get('attribute')}'`, 'attribute');
    }
    const alias = node.find('alias');
    if (alias === undefined) throw node.refuse('aliasRequiredInOrder', 'order');
    const found = outputs.findIndex(({ name }) => name === alias);
    if (found < 0) throw node.refuse('linkForOrder', `there is no '${alias}'`, 'alias');
    return found;
  }

  /** "When you order using lookup columns, the results are sorted using the primary name field for the related table." */
  #orderedColumn(node: FetchNode, source: Source, column: ReturnType<typeof columnOf>) {
    const { lookup, table } = column;
    const navigation = lookup && table.navigation.get(lookup.navigation);
    if (navigation?.kind !== 'single') return { source, column };
    if (table.kind === 'virtual') this.#scope.differences.use('virtual-lookup-filter', node.place);
    const { target } = navigation;
    const joined = { kind: 'outer', table: target, column: target.primaryKey, to: { source, column } } as const;
    return { source: this.#links.joins.push(joined), column: target.primaryName };
  }

  #countUpTo(): number | undefined {
    const asked = findSource(this.#scope.options, '$count');
    if (asked !== undefined && asked.text !== 'true' && asked.text !== 'false') {
      throw refuse.badRequest(`'${asked.text.slice(0, 50)}' is no value of $count`, { ...asked, at: 0 });
    }
    const wanted = this.#fetch.flag('returntotalrecordcount') || asked?.text === 'true';
    return wanted ? maxCount : undefined;
  }

  #aggregateLimit(): number | undefined {
    const limit = this.#fetch.number('aggregatelimit');
    return limit === undefined ? undefined : Math.min(limit, maxAggregateRows);
  }

  #page(): { limit: number; number: number } {
    const fetch = this.#fetch;
    const [top, count, page] = [fetch.number('top'), fetch.number('count'), fetch.number('page')];
    const withTop = ['count', 'page', 'paging-cookie'].find((name) => fetch.find(name) !== undefined);
    if (top !== undefined && (withTop !== undefined || fetch.flag('returntotalrecordcount'))) {
      throw fetch.refuse('invalidValue', `'top' cannot stand beside paging attributes`, 'top');
    }
    if ((top ?? count ?? 1) > maxPageSize) {
      throw fetch.refuse('invalidValue', `the most is ${maxPageSize}`, top === undefined ? 'count' : 'top');
    }
    const limit = top ?? count ?? this.#scope.preferences.maxPageSize ?? maxPageSize;
    return { limit, number: page ?? 1 };
  }

  /** Behind the place of the cookie, or so many pages on. */
  #placed(query: FlatQuery, { limit, number }: { limit: number; number: number }): FlatQuery {
    const cookie = this.#fetch.find('paging-cookie');
    const place: TextSource & { at: number } = this.#fetch.placeOf('paging-cookie');
    if (cookie !== undefined && cookie !== '' && number > 1) {
      const after = decodeFetchCookie(cookie, query);
      if (after === 'malformed') throw refuseFetch('cookie', 'it was changed', place);
      if (after === 'other') throw refuseFetch('cookieOrder', 'it belongs to another query, or was changed', place);
      return { ...query, after };
    }
    const offset = (number - 1) * limit;
    if (offset + limit <= maxSimplePaging || number === 1) return { ...query, offset };
    throw refuseFetch(
      'cookie',
      `beyond ${maxSimplePaging} rows a paging cookie is needed`,
      this.#fetch.placeOf('page'),
    );
  }
}
