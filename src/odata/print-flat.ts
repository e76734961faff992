import { unreachable } from '../kernel/unreachable.ts';
import type { FlatCondition, FlatQuery, Join, Output, SourceColumn } from './flat-query.ts';
import { printCondition } from './print-condition.ts';

/** A flat query as short texts, one for each of its parts. */
export function printFlat(query: FlatQuery): readonly string[] {
  const { table, joins, where, outputs, orderBy, limit, offset, answer, aggregateLimit, countUpTo, version } = query;
  const orders = orderBy.map(
    (order) =>
      `${order.kind === 'column' ? printColumn(order) : outputs[order.output]?.name}${order.descending ? ' desc' : ''}`,
  );
  const marks = [
    answer,
    `limit ${limit}`,
    ...(offset === 0 ? [] : [`offset ${offset}`]),
    ...(aggregateLimit === undefined ? [] : [`of ${aggregateLimit}`]),
    ...(countUpTo === undefined ? [] : ['counted']),
    ...(version ? ['etag'] : []),
  ];
  return [
    `${table.logicalName}: ${marks.join(', ')}`,
    ...joins.map(printJoin),
    ...(where === undefined ? [] : [`where ${printFlatCondition(where)}`]),
    ...outputs.map(printOutput),
    ...(orders.length === 0 ? [] : [`by ${orders.join(', ')}`]),
  ];
}

const printColumn = ({ source, column }: SourceColumn): string => `${source}.${column.name}`;

function printJoin({ kind, table, column, to, where, among }: Join): string {
  const conditions = [
    ...(where === undefined ? [] : [` where ${printCondition(where)}`]),
    ...(among === undefined ? [] : [` among ${printCondition(among)}`]),
  ];
  return `${kind} ${table.logicalName}.${column.name} = ${printColumn(to)}${conditions.join('')}`;
}

function printFlatCondition(condition: FlatCondition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `(${condition.of.map(printFlatCondition).join(` ${condition.kind} `)})`;
    case 'row':
      return `${condition.source}[${printCondition(condition.where)}]`;
    case 'compareRows':
      return `${printColumn(condition.left)} ${condition.op} ${printColumn(condition.right)}`;
    default:
      return unreachable(condition);
  }
}

function printOutput(output: Output): string {
  const of = printColumn(output);
  switch (output.kind) {
    case 'column':
      return `${output.name} is ${of}`;
    case 'datePart':
      return `${output.name} is ${output.part} of ${of}`;
    case 'aggregate':
      return `${output.name} is ${output.function} of ${of}`;
    default:
      return unreachable(output);
  }
}
