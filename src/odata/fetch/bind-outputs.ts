import type { Column, Table } from '../../metadata/table.ts';
import type { AggregateFunction, DatePart, Output, Source } from '../flat-query.ts';
import { checkAggregate, maxOutputs } from '../joined-rows.ts';
import { refuse } from '../problems.ts';
import { columnOf } from './bind-condition.ts';
import type { FetchNode } from './fetch-node.ts';

/** An entity or a link-entity, as far as its columns are concerned. */
export interface OutputEntity {
  readonly node: FetchNode;
  readonly source: Source;
  readonly table: Table;
  /** Stands in front of the names of its columns; absent for the query's own table. */
  readonly alias: string | undefined;
}

const aggregates: Readonly<Record<string, AggregateFunction>> = {
  avg: 'average',
  count: 'count',
  countcolumn: 'countColumn',
  max: 'max',
  min: 'min',
  sum: 'sum',
};

const dateParts: Readonly<Record<string, DatePart>> = {
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
  'fiscal-period': 'fiscalPeriod',
  'fiscal-year': 'fiscalYear',
};

/** Collects the columns of an answer from `attribute` elements. */
export class OutputBinder {
  readonly outputs: Output[] = [];
  readonly #isAggregate: boolean;
  readonly #aliased = new Set<string>();

  constructor(isAggregate: boolean) {
    this.#isAggregate = isAggregate;
  }

  entity(entity: OutputEntity): void {
    const { node } = entity;
    for (const each of node.all('attribute')) this.#attribute(entity, each);
    for (const each of node.all('all-attributes')) this.all(entity, each);
  }

  /** All columns that are ever shown. */
  all({ source, table, alias }: OutputEntity, node: FetchNode): void {
    if (this.#isAggregate) throw node.refuse('attributeWithAggregate', 'all attributes');
    for (const column of table.property.values())
      this.#column(node, source, column, nameOf(column, alias), { unnamed: true });
  }

  #attribute(entity: OutputEntity, node: FetchNode): void {
    if (node.find('rowaggregate') !== undefined) {
      throw refuse.notSupported("'rowaggregate'", node.placeOf('rowaggregate'));
    }
    const column = columnOf(node, 'name', entity.table);
    const alias = node.find('alias');
    if (alias !== undefined && !/^[A-Za-z_]\w{0,99}$/.test(alias)) {
      throw node.refuse('invalidAlias', `'${alias}'`, 'alias');
    }
    if (this.#isAggregate) this.#inGroup(entity, node, column, alias);
    else if (node.find('aggregate') !== undefined || node.flag('groupby', 'groupBy')) {
      throw node.refuse('invalidAggregate', "'aggregate' of the fetch element is not true");
    } else {
      this.#column(node, entity.source, column, alias ?? nameOf(column, entity.alias));
      if (alias !== undefined) this.#aliased.add(alias);
    }
  }

  #column(node: FetchNode, source: Source, column: Column, name: string, more: { readonly unnamed?: true } = {}): void {
    const twin = this.outputs.find((output) => output.name === name);
    const isSame = twin !== undefined && twin.source === source && twin.column === column && !this.#aliased.has(name);
    if (!isSame) this.#add(node, { kind: 'column', name, source, column, ...more });
  }

  #inGroup({ source }: OutputEntity, node: FetchNode, column: Column, alias: string | undefined): void {
    const named = node.find('aggregate')?.toLowerCase();
    const isKey = node.flag('groupby', 'groupBy');
    if (named === undefined && !isKey) throw node.refuse('attributeWithAggregate', `'${column.name}'`);
    if (named !== undefined && isKey) throw node.refuse('groupAndAggregate', `'${column.name}'`);
    if (alias === undefined) throw node.refuse('invalidAlias', `'${column.name}' has none`);
    if (named === undefined) {
      this.#key(node, source, column, alias);
      return;
    }
    const of = Object.hasOwn(aggregates, named) ? aggregates[named] : undefined;
    if (of === undefined) throw node.refuse('invalidAggregate', `'${named}'`, 'aggregate');
    const isDistinct = of === 'countColumn' && node.flag('distinct', 'distinct');
    checkAggregate(named, of, column, node.placeOf('aggregate'));
    this.#add(node, {
      kind: 'aggregate',
      function: isDistinct ? 'countDistinct' : of,
      name: alias,
      source,
      column,
    });
  }

  #key(node: FetchNode, source: Source, column: Column, name: string): void {
    node.flag('usertimezone');
    const grouping = node.find('dategrouping')?.toLowerCase();
    if (grouping === undefined) {
      this.#add(node, { kind: 'column', name, source, column });
      return;
    }
    const part = Object.hasOwn(dateParts, grouping) ? dateParts[grouping] : undefined;
    const isDate = column.type === 'Date' || column.type === 'DateTime';
    if (part === undefined || !isDate) throw node.refuse('dateGrouping', `'${grouping}'`, 'dategrouping');
    this.#add(node, { kind: 'datePart', part, name, source, column });
  }

  #add(node: FetchNode, output: Output): void {
    if (this.outputs.length >= maxOutputs) throw refuse.limit('columns in fetchXml', maxOutputs, node.place);
    if (this.outputs.some(({ name }) => name === output.name)) throw refuse.duplicateAlias(output.name, node.place);
    this.outputs.push(output);
  }
}

const nameOf = (column: Column, alias: string | undefined): string =>
  alias === undefined ? column.property : `${alias}.${column.name}`;
