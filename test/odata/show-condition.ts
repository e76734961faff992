import { unreachable } from '../../src/kernel/unreachable.ts';
import type { Condition, PatternPart, Value } from '../../src/odata/query.ts';

/** A condition as short text for tables of expectations: `and(status eq 5, not(through job(title eq "x")))`. */
export function showCondition(condition: Condition | undefined): string {
  if (condition === undefined) return 'none';
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `${condition.kind}(${condition.of.map(showCondition).join(', ')})`;
    case 'not':
      return `not(${showCondition(condition.of)})`;
    case 'compare':
      return `${condition.column.name} ${condition.op} ${showValue(condition.value)}`;
    case 'compareColumns':
      return `${condition.left.name} ${condition.op} ${condition.right.name}`;
    case 'text':
      return `${condition.column.name} ${condition.op} ${showValue(condition.value)}`;
    case 'in':
      return `${condition.column.name} in ${condition.values.map(showValue).join('|')}`;
    case 'like':
      return `${condition.column.name} like ${condition.pattern.map(showPart).join(' ')}`;
    case 'month':
      return `${condition.column.name} in months ${condition.months.join('|')}`;
    case 'through': {
      const among = condition.among === undefined ? '' : ` among ${showCondition(condition.among)}`;
      const quantifier = condition.every === true ? 'every' : 'through';
      return `${quantifier} ${condition.navigation.name}(${showCondition(condition.where)})${among}`;
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

const showValue = (value: Value): string => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value));

function showPart(part: PatternPart): string {
  if (part.kind === 'text') return JSON.stringify(part.text);
  if (part.kind !== 'among') return part.kind;
  return `${part.negated ? 'not ' : ''}[${part.ranges.map(([from, to]) => `${from}-${to}`).join('')}]`;
}
