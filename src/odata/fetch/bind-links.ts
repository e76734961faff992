import type { Column, Model, Table } from '../../metadata/table.ts';
import { compareColumns } from '../bind-comparison.ts';
import type { Join, Source } from '../flat-query.ts';
import { refuse } from '../problems.ts';
import { and, type Condition } from '../query.ts';
import { bindCondition, type ConditionScope, columnOf, comparedColumns } from './bind-condition.ts';
import type { FetchNode } from './fetch-node.ts';

/** Link entities in one query ("Join tables using FetchXml"). */
const maxLinks = 15;
/** Links that may lead to several rows each: what they give is multiplied. */
const maxManyLinks = 5;
/** Conditions in one document, as in `$filter`. */
const maxConditions = 500;

/** How a link type joins; those of the second table only ask whether there are rows ("link-type options"). */
const joinTypes: Readonly<Record<string, Join['kind']>> = {
  inner: 'inner',
  natural: 'inner',
  outer: 'outer',
  matchfirstrowusingcrossapply: 'first',
};

/**
 * What a link that gives no columns means, from the condition that there is a row that meets its filter, and that there is
 * any row. `all` and `not all` are what the vendor documents ("Filter rows using FetchXml"), not what the words say: for `all`
 * rows exist and none of them meets the filter, `not all` is `any`.
 */
const linkConditions: Readonly<Record<string, (meets: Condition, any: Condition) => Condition>> = {
  exists: (meets) => meets,
  in: (meets) => meets,
  any: (meets) => meets,
  'not any': (meets) => ({ kind: 'not', of: meets }),
  all: (meets, any) => ({ kind: 'and', of: [any, { kind: 'not', of: meets }] }),
  'not all': (meets) => meets,
};
const onlyInFilters: readonly string[] = ['any', 'not any', 'all', 'not all'];

/** A link that joins rows, and where it stands. */
export interface JoinedLink {
  readonly node: FetchNode;
  readonly source: Source;
  readonly table: Table;
  /** By which its columns are named in the answer. */
  readonly alias: string;
}

/** Where a link begins. */
export interface LinkStart {
  readonly source: Source;
  readonly table: Table;
}

interface Tie {
  readonly table: Table;
  readonly column: Column;
  readonly to: Column;
  readonly type: string;
}

/** Binds `link-entity` elements: to joins, or to conditions where only the existence of rows is asked for. */
export class LinkBinder {
  readonly joins: Join[] = [];
  readonly links: JoinedLink[] = [];
  readonly #model: Model;
  readonly #scope: ConditionScope;
  #count = 0;
  #many = 0;
  #conditions = 0;

  constructor(model: Model, scope: ConditionScope) {
    this.#model = model;
    this.#scope = scope;
  }

  /** The links directly inside an element: joins are collected, the conditions of the others are given back. */
  bind(parent: FetchNode, start: LinkStart): { readonly source: Source; readonly where: Condition }[] {
    return parent.all('link-entity').flatMap((node) => {
      const tie = this.#tie(node, start.table);
      const kind = Object.hasOwn(joinTypes, tie.type) ? joinTypes[tie.type] : undefined;
      if (kind !== undefined) return this.#join(node, start, tie, kind);
      if (onlyInFilters.includes(tie.type)) {
        throw node.refuse('linkType', `'${tie.type}' stands in a filter only`, 'link-type');
      }
      return [{ source: start.source, where: this.#exists(node, tie) }];
    });
  }

  /** A `filter` on one row, with the links in it. `undefined` when it is empty. */
  filter(filter: FetchNode, table: Table, alias: string | undefined): Condition | undefined {
    const of = filter.children.flatMap((child): Condition[] => {
      if (child.name === 'filter') return this.#list(this.filter(child, table, alias));
      if (child.name === 'link-entity') return [this.linkCondition(child, table)];
      this.counted(child);
      const other = child.find('entityname');
      if (other !== undefined && other !== alias) {
        throw refuse.notSupported('a condition on another entity in a link-entity', child.placeOf('entityname'));
      }
      return [this.#condition(child, table)];
    });
    return of.length === 0 ? undefined : { kind: filterKind(filter), of };
  }

  #condition(node: FetchNode, table: Table): Condition {
    const compared = node.find('valueof');
    if (compared === undefined) return bindCondition(node, table, this.#scope);
    if (compared.includes('.')) {
      throw refuse.notSupported(
        'a comparison with a column of another entity in a link-entity',
        node.placeOf('valueof'),
      );
    }
    return comparedColumns(node, columnOf(node, 'attribute', table), columnOf(node, 'valueof', table)).condition;
  }

  counted(node: FetchNode): void {
    if (++this.#conditions > maxConditions) throw refuse.limit('conditions in fetchXml', maxConditions, node.place);
  }

  /** A link inside a filter. */
  linkCondition(node: FetchNode, table: Table): Condition {
    const tie = this.#tie(node, table);
    if (Object.hasOwn(linkConditions, tie.type)) return this.#exists(node, tie);
    throw node.refuse('linkType', `'${tie.type}' does not stand in a filter`, 'link-type');
  }

  #list(condition: Condition | undefined): Condition[] {
    return condition === undefined ? [] : [condition];
  }

  #join(node: FetchNode, start: LinkStart, tie: Tie, kind: Join['kind']) {
    const { table, column, to } = tie;
    if (kind !== 'first' && column !== table.primaryKey && ++this.#many > maxManyLinks) {
      throw refuse.limit('link-entities that lead to many rows', maxManyLinks, node.place);
    }
    const alias = node.find('alias') ?? `${table.logicalName}${this.#count}`;
    if (!/^[A-Za-z_]\w{0,99}$/.test(alias)) throw node.refuse('invalidAlias', `'${alias}'`, 'alias');
    if (this.links.some((link) => link.alias === alias)) throw refuse.duplicateAlias(alias, node.placeOf('alias'));
    const where = and(this.#guard(table), ...node.all('filter').map((filter) => this.filter(filter, table, alias)));
    const source = this.joins.push({
      kind,
      table,
      column,
      to: { source: start.source, column: to },
      ...(where && { where }),
    });
    this.links.push({ node, source, table, alias });
    return this.bind(node, { source, table });
  }

  /** Conditions of links that give no columns. */
  #exists(node: FetchNode, { table, column, to, type }: Tie): Condition {
    for (const child of node.children) {
      if (child.name !== 'filter' && child.name !== 'link-entity') {
        throw child.refuse('invalidNode', `a link of type '${type}' gives no columns`);
      }
    }
    const inner = node.all('link-entity').map((child) => {
      const tie = this.#tie(child, table);
      const kind = Object.hasOwn(joinTypes, tie.type) ? joinTypes[tie.type] : undefined;
      if (kind === 'outer' || kind === 'first') {
        throw refuse.notSupported(`a link of type '${tie.type}' inside one of type '${type}'`, child.place);
      }
      return this.#exists(child, kind === 'inner' ? { ...tie, type: 'exists' } : tie);
    });
    const alias = node.find('alias');
    const guard = this.#guard(table);
    const where = and(guard, ...node.all('filter').map((filter) => this.filter(filter, table, alias)), ...inner);
    const linked = (condition: Condition | undefined): Condition => ({
      kind: 'linked',
      column: to,
      target: column,
      where: condition ?? { kind: 'always' },
    });
    const meaning = linkConditions[type];
    if (meaning === undefined) throw new TypeError(`${type} is no condition`);
    return meaning(linked(where), linked(guard));
  }

  #tie(node: FetchNode, parent: Table): Tie {
    if (++this.#count > maxLinks) throw node.refuse('tooManyLinks', `the most is ${maxLinks}`);
    const name = node.get('name');
    const table = this.#model.table.get(name);
    if (table === undefined || (table.kind !== 'native' && table.kind !== 'virtual')) {
      throw node.refuse('noEntity', `'${name}'`, 'name');
    }
    if (table.kind === 'virtual' || parent.kind === 'virtual') {
      this.#scope.differences.use('virtual-link', node.place);
    }
    if (node.find('from') === undefined || node.find('to') === undefined) {
      throw node.refuse('attributePair', "'from' and 'to' are needed");
    }
    const column = columnOf(node, 'from', table);
    const to = columnOf(node, 'to', parent);
    this.#checkTie(node, column, to);
    const type = node.find('link-type')?.toLowerCase() ?? 'inner';
    if (Object.hasOwn(joinTypes, type) || Object.hasOwn(linkConditions, type)) return { table, column, to, type };
    throw node.refuse('linkType', `'${type}'`, 'link-type');
  }

  #checkTie(node: FetchNode, column: Column, to: Column): void {
    try {
      const comparison = { op: 'eq', place: node.placeOf('from'), negated: false } as const;
      compareColumns(comparison, { through: [], column }, { through: [], column: to }, (_path, where) => where);
    } catch {
      throw node.refuse('linkTypes', `'${column.name}', '${to.name}'`, 'from');
    }
    // Each row of the parent looks for its own: without an index that would be every row for every row.
    if (isIndexed(column)) return;
    throw refuse.notSupported(`a link from '${column.name}', which no index has,`, node.placeOf('from'));
  }

  /** Rows that tie two others together are shown to who may see both of those. */
  #guard(table: Table): Condition | undefined {
    if (table.intersect !== true) return undefined;
    const ends = this.#model.tables.flatMap((each) =>
      [...each.navigation.values()].flatMap((navigation) =>
        navigation.kind === 'manyToMany' && navigation.intersect === table
          ? [{ column: navigation.ownColumn, target: each.primaryKey }]
          : [],
      ),
    );
    return and(...ends.map((end): Condition => ({ kind: 'linked', ...end, where: { kind: 'always' } })));
  }
}

function isIndexed(column: Column): boolean {
  const { table } = column;
  return (
    column.type === 'Lookup' ||
    column === table.primaryKey ||
    column === table.primaryName ||
    // Very many rows have the same legal entity.
    (column === table.naturalKey[0] && column !== table.company) ||
    (table.intersect === true && column.type === 'Guid') ||
    table.indexed?.includes(column.name) === true
  );
}

/** `and` or `or`. */
export function filterKind(filter: FetchNode): 'and' | 'or' {
  if (filter.flag('isquickfindfields')) {
    throw refuse.notSupported('a quick find filter', filter.placeOf('isquickfindfields'));
  }
  const type = filter.find('type')?.toLowerCase() ?? 'and';
  if (type === 'and' || type === 'or') return type;
  throw filter.refuse('filterType', `'${type}'`, 'type');
}
