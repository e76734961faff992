import { unreachable } from '../kernel/unreachable.ts';
import type { Condition, PatternPart, Value } from './query.ts';

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
    case 'options':
      return `${condition.column.name} has one of ${condition.options.join('|')}`;
    case 'like':
      return `${condition.column.name} like ${condition.pattern.map(printPart).join(' ')}`;
    case 'bits':
      return `${condition.column.name} has bits ${condition.mask}`;
    case 'month':
      return `${condition.column.name} in months ${condition.months.join('|')}`;
    case 'through': {
      const among = condition.among === undefined ? '' : ` among ${printCondition(condition.among)}`;
      const quantifier = condition.every === true ? 'every' : 'through';
      return `${quantifier} ${condition.navigation.name}(${printCondition(condition.where)})${among}`;
    }
    case 'linked': {
      const { column, target, where, among } = condition;
      const seen = among === undefined ? '' : ` among ${printCondition(among)}`;
      return `linked ${column.name}=${target.table.logicalName}.${target.name}(${printCondition(where)})${seen}`;
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

export const printValue = (value: Value): string => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));

function printPart(part: PatternPart): string {
  if (part.kind === 'text') return JSON.stringify(part.text);
  if (part.kind !== 'among') return part.kind;
  return `${part.negated ? 'not ' : ''}[${part.ranges.map(([from, to]) => `${from}-${to}`).join('')}]`;
}
