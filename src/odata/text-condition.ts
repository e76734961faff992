import type { Column } from '../metadata/table.ts';
import { type Place, refuse } from './problems.ts';
import type { Condition, PatternPart, TextOperator } from './query.ts';
import { parsePattern } from './wildcards.ts';

/** Wildcards in one text, and its characters: what databases match without effort. */
const maxWildcards = 20;
const maxPatternLength = 1000;

function checkWildcards(wildcards: number, value: string, place: Place): void {
  if (wildcards > maxWildcards) throw refuse.limit('wildcards in a text', maxWildcards, place);
  if (value.length > maxPatternLength) {
    throw refuse.limit('characters in a text with wildcards', maxPatternLength, place);
  }
}

/** A text that has the form of a pattern from its beginning to its end (`like` in FetchXML). */
export function likeCondition(column: Column, value: string, place: Place): Condition {
  const pattern = parsePattern(value);
  checkWildcards(pattern.filter((part) => part.kind !== 'text').length, value, place);
  const isAny = (part: PatternPart | undefined): boolean => part?.kind === 'any';
  const texts = pattern.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const [text = ''] = texts;
  // What an index can serve is asked for in its own words.
  if (texts.length === pattern.length) return { kind: 'compare', op: 'eq', column, value: texts.join('') };
  if (pattern.length === 2 && texts.length === 1 && isAny(pattern[1]))
    return { kind: 'text', op: 'startswith', column, value: text };
  if (pattern.length === 2 && texts.length === 1 && isAny(pattern[0]))
    return { kind: 'text', op: 'endswith', column, value: text };
  if (pattern.length === 3 && texts.length === 1 && isAny(pattern[0]) && isAny(pattern[2])) {
    return { kind: 'text', op: 'contains', column, value: text };
  }
  return { kind: 'like', column, pattern };
}

/** Wildcards are Dataverse's, so they mean nothing in Human Resources' administration. */
export function textCondition(op: TextOperator, column: Column, value: string, place: Place): Condition {
  const pattern = column.table.kind === 'administration' ? [] : parsePattern(value);
  const wildcards = pattern.filter((part) => part.kind !== 'text').length;
  if (wildcards === 0) {
    const [only] = pattern;
    return { kind: 'text', op, column, value: only?.kind === 'text' ? only.text : value };
  }
  checkWildcards(wildcards, value, place);
  // "Using trailing wildcards isn't supported" (Use wildcard characters): they make the function another one.
  if (op === 'startswith' && pattern[0]?.kind === 'any') {
    throw refuse.notSupported("a '%' at the beginning of a text that 'startswith' looks for", place);
  }
  if (op === 'endswith' && pattern.at(-1)?.kind === 'any') {
    throw refuse.notSupported("a '%' at the end of a text that 'endswith' looks for", place);
  }
  const any = { kind: 'any' } as const;
  const before = op === 'startswith' ? [] : [any];
  const after = op === 'endswith' ? [] : [any];
  return { kind: 'like', column, pattern: [...before, ...pattern, ...after] };
}
