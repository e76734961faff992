import type { Column, Table } from '../../../src/metadata/table.ts';
import type { Asked, AskedExpand } from './make.ts';
import type { ColumnPath, Filter, SortKey, Wire } from './oracle.ts';

/** A query as a client writes it: path and query of the request. */
export function printQuery({ table, where, order, columns, top, counted, expand }: Asked): string {
  const options = [
    where === undefined ? undefined : `$filter=${encodeURIComponent(printFilter(where))}`,
    order.length === 0 ? undefined : `$orderby=${encodeURIComponent(printOrder(order))}`,
    columns === undefined ? undefined : `$select=${columns.map((column) => column.property).join(',')}`,
    top === undefined ? undefined : `$top=${top}`,
    counted ? '$count=true' : undefined,
    expand.length === 0 ? undefined : `$expand=${encodeURIComponent(expand.map(printExpand).join(','))}`,
  ];
  const query = options.filter((option) => option !== undefined).join('&');
  return `${table.entitySetName}${query === '' ? '' : `?${query}`}`;
}

function printExpand({ navigation, columns, where, order, top, inner }: AskedExpand): string {
  const options = [
    `$select=${columns.map((column) => column.property).join(',')}`,
    where === undefined ? undefined : `$filter=${printFilter(where)}`,
    order.length === 0 ? undefined : `$orderby=${printOrder(order)}`,
    top === undefined ? undefined : `$top=${top}`,
    inner === undefined ? undefined : `$expand=${inner.name}($select=${nameOf(inner.target)})`,
  ];
  return `${navigation.name}(${options.filter((option) => option !== undefined).join(';')})`;
}

const nameOf = (table: Table): string => table.primaryName.property;

const printOrder = (order: readonly SortKey[]): string =>
  order.map(({ path, descending }) => `${printPath(path, '')}${descending ? ' desc' : ''}`).join(',');

const printPath = ({ through, column }: ColumnPath, prefix: string): string =>
  prefix + [...through.map(({ name }) => name), column.property].join('/');

function printFilter(filter: Filter, prefix = '', depth = 0): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.of.map((each) => printFilter(each, prefix, depth)).join(` ${filter.kind} `)})`;
    case 'not':
      return `not (${printFilter(filter.of, prefix, depth)})`;
    case 'compare':
      return `${printPath(filter.path, prefix)} ${filter.op} ${printValue(filter.path.column, filter.value)}`;
    case 'columns':
      return `${prefix}${filter.left.property} ${filter.op} ${prefix}${filter.right.property}`;
    case 'text':
      return `${filter.op}(${printPath(filter.path, prefix)},${quoted(filter.text)})`;
    case 'in':
      return `${printPath(filter.path, prefix)} in (${filter.values.map((value) => printValue(filter.path.column, value)).join(',')})`;
    case 'call': {
      const way = filter.path.through.map(({ name }) => `${name}/`).join('');
      const property = filter.path.column.name;
      return `${prefix}${way}Microsoft.Dynamics.CRM.${filter.name}(PropertyName='${property}'${filter.parameters})`;
    }
    case 'lambda': {
      const variable = `v${depth}`;
      const where =
        filter.where === undefined ? '' : `${variable}:${printFilter(filter.where, `${variable}/`, depth + 1)}`;
      return `${prefix}${filter.navigation.name}/${filter.op}(${where})`;
    }
  }
}

function printValue(column: Column, value: Wire): string {
  return typeof value === 'string' && column.isText ? quoted(value) : String(value);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
