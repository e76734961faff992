import { unreachable } from '../kernel/unreachable.ts';
import type { Operation } from './operation.ts';
import type { Condition, Expand, Order, PatternPart, Query, Value } from './query.ts';
import type { AnswerShape } from './request-scope.ts';

/** A condition as short text: `and(status eq 5, not(through job(title eq "x")))`. Columns by their logical names. */
export function printCondition(condition: Condition | undefined): string {
  if (condition === undefined) return 'none';
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `${condition.kind}(${condition.of.map(printCondition).join(', ')})`;
    case 'not':
      return `not(${printCondition(condition.of)})`;
    case 'compare':
      return `${condition.column.name} ${condition.op} ${printValue(condition.value)}`;
    case 'compareColumns':
      return `${condition.left.name} ${condition.op} ${condition.right.name}`;
    case 'text':
      return `${condition.column.name} ${condition.op} ${printValue(condition.value)}`;
    case 'in':
      return `${condition.column.name} in ${condition.values.map(printValue).join('|')}`;
    case 'like':
      return `${condition.column.name} like ${condition.pattern.map(printPart).join(' ')}`;
    case 'month':
      return `${condition.column.name} in months ${condition.months.join('|')}`;
    case 'through': {
      const among = condition.among === undefined ? '' : ` among ${printCondition(condition.among)}`;
      const quantifier = condition.every === true ? 'every' : 'through';
      return `${quantifier} ${condition.navigation.name}(${printCondition(condition.where)})${among}`;
    }
    case 'hierarchy':
      return `${condition.column.name} ${condition.direction}${condition.orEqual ? ' or equal' : ''} ${condition.id} by ${condition.parent.name}`;
    case 'always':
    case 'never':
      return condition.kind;
    default:
      return unreachable(condition);
  }
}

const printValue = (value: Value): string => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));

function printPart(part: PatternPart): string {
  if (part.kind === 'text') return JSON.stringify(part.text);
  if (part.kind !== 'among') return part.kind;
  return `${part.negated ? 'not ' : ''}[${part.ranges.map(([from, to]) => `${from}-${to}`).join('')}]`;
}

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
