import { unreachable } from '../kernel/unreachable.ts';
import type { AnswerShape } from './answer-shape.ts';
import type { Operation } from './operation.ts';
import { printCondition, printValue } from './print-condition.ts';
import { printFlat } from './print-flat.ts';
import type { Expand, Order, Query } from './query.ts';

/**
 * What a URL asks for, as short text: the same text for the same meaning, whatever the spelling. What is not asked for is
 * left out: `select` when all columns are given, `limit` when it is a whole page.
 */
export function printOperation(operation: Operation, answer: AnswerShape): string {
  return `${printTarget(operation, answer.kind === 'member' || answer.kind === 'count')}${printAnswer(answer)}`;
}

const unlimited = (query: Query): Query => ({ ...query, limit: undefined });

function printTarget(operation: Operation, isPart: boolean): string {
  switch (operation.kind) {
    case 'retrieve':
      return `row ${operation.query.table.entitySetName}(${operation.id})${printQuery(unlimited(operation.query))}`;
    case 'retrieveMultiple':
      return `rows ${operation.query.table.entitySetName}${printQuery(operation.query)}`;
    case 'count':
      return `count ${operation.query.table.entitySetName}${printQuery(unlimited(operation.query))}`;
    case 'flat':
      return printFlat(operation.query).join('; ');
    case 'retrieveRelated': {
      const { navigation, id } = operation;
      const query = isPart || navigation.kind === 'single' ? unlimited(operation.query) : operation.query;
      return `related ${navigation.table.entitySetName}(${id})/${navigation.name}${printQuery(query)}`;
    }
    case 'message': {
      const { name, bound, parameters } = operation;
      const row = bound === undefined ? '' : `${bound.table.entitySetName}(${bound.id})/`;
      return `message ${row}${name}${JSON.stringify(parameters)}`;
    }
    default:
      throw new TypeError(`${operation.kind} is no read`);
  }
}

function printAnswer(answer: AnswerShape): string {
  switch (answer.kind) {
    case 'rows':
    case 'flat':
      return '';
    case 'property':
      return ` as ${answer.raw ? 'text' : 'property'} ${answer.column.property}`;
    case 'member':
    case 'count':
    case 'references':
      return ` as ${answer.kind}`;
    default:
      return unreachable(answer);
  }
}

/** The largest page, which is also what comes without a limit. */
const wholePage = 5000;

function printQuery(query: Query): string {
  const { table, columns, where, orderBy, expand, limit, countUpTo, after } = query;
  const isAll = columns.length === table.property.size;
  const isLimited = limit !== undefined && limit !== wholePage;
  const parts = [
    isAll || columns.length === 0 ? '' : ` select ${columns.map((column) => column.property).join(',')}`,
    where === undefined ? '' : ` where ${printCondition(where)}`,
    orderBy.length === 0 ? '' : ` order ${orderBy.map(printOrder).join(',')}`,
    expand.length === 0 ? '' : ` expand ${expand.map(printExpand).join(';')}`,
    isLimited ? ` limit ${limit}` : '',
    countUpTo === undefined ? '' : ' counted',
    after === undefined ? '' : ` after ${after.map(printValue).join(',')}`,
  ];
  return parts.join('');
}

const printOrder = ({ column, descending, through = [] }: Order): string =>
  `${descending ? '-' : ''}${[...through.map(({ navigation }) => navigation.name), column.name].join('/')}`;

function printExpand({ navigation, query, reference, pageSize }: Expand): string {
  if (reference === true) return `${navigation.name}/$ref`;
  const page = pageSize === undefined ? '' : ` paged`;
  const inner = printQuery(pageSize === undefined ? query : unlimited(query));
  return `${navigation.name}(${`${inner}${page}`.trim()})`;
}
