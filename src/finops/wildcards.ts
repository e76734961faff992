import type { Condition, Pattern } from '../odata/query.ts';

/**
 * The condition with asterisks at work: `eq '*text*'` is how finance and operations is asked what contains a text
 * (human-resources-security 5.5, end).
 */
export function withWildcards(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map(withWildcards) };
    case 'not':
      return { ...condition, of: withWildcards(condition.of) };
    case 'compare': {
      const { op, column, value } = condition;
      if (!column.isText || typeof value !== 'string' || !value.includes('*')) return condition;
      if (op !== 'eq' && op !== 'ne') return condition;
      const like: Condition = { kind: 'like', column, pattern: patternOf(value) };
      return op === 'eq' ? like : { kind: 'not', of: like };
    }
    default:
      return condition;
  }
}

/** Asterisks stand for any text, everything else for itself. */
const patternOf = (text: string): Pattern =>
  text
    .split(/(\*)/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? { kind: 'any' } : { kind: 'text', text: part }));
