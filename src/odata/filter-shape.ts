import { Refusal } from '../kernel/refusal.ts';
import type { Column } from '../metadata/table.ts';
import { valueOfLiteral } from './bind-literal.ts';
import { isEmptyDate } from './empty-date.ts';
import type { Condition, Value } from './query.ts';
import { decodeComponent } from './syntax/decode.ts';
import { Scanner, type Token } from './syntax/tokens.ts';
import type { Literal } from './syntax/tree.ts';

/** A raw query whose `$filter` has been taken apart: two of the same shape differ in the literals alone. */
export interface ShapedQuery {
  /** The query with places for its literals: never the same for two queries that differ in anything else. */
  readonly shape: string;
  readonly literals: readonly Literal[];
}

const filterOption = /(?:^|&)\$filter=([^&]*)/;

/**
 * The shape of a query (without `?`). Filters of comparisons, `and`, `or`, `not` and parentheses have one; those with
 * calls, lists, lambdas, aliases or JSON are bound by what stands in their literals, and give `undefined`, as does what
 * the parser refuses. `null`, `true` and `false` are part of the shape, and so is the kind of every literal.
 */
export function shapeOfQuery(query: string): ShapedQuery | undefined {
  const found = filterOption.exec(query);
  const raw = found?.[1];
  if (found === null || raw === undefined || raw === '') return undefined;
  const end = found.index + found[0].length;
  const filter = orUndefined(() => shapeOfFilter(decodeComponent(raw, true, { text: query, at: 0 }).trim()));
  if (filter === undefined) return undefined;
  // No raw query holds a line feed, and no decoded text a NUL, so neither can be written by a client. What a client can
  // write comes last.
  const rest = `${query.slice(0, end - raw.length)}\n${query.slice(end)}`;
  return { shape: `${rest}\n${filter.shape}`, literals: filter.literals };
}

function shapeOfFilter(text: string): ShapedQuery | undefined {
  const scanner = new Scanner(text);
  const literals: Literal[] = [];
  let shape = '';
  let copied = 0;
  for (let before: Token | undefined; !scanner.is('end'); ) {
    const token = scanner.next();
    const literal = literalOfToken(token);
    if (literal !== undefined) {
      shape += `${text.slice(copied, token.at)}\0${token.kind}\0`;
      copied = token.end;
      literals.push(literal);
    } else if (!isPlain(token, before)) return undefined;
    before = token;
  }
  return literals.length === 0 ? undefined : { shape: shape + text.slice(copied), literals };
}

function literalOfToken({ kind, text, value }: Token): Literal | undefined {
  switch (kind) {
    case 'string':
      return { type: 'string', value };
    case 'guid':
      return { type: 'guid', text: text.toLowerCase() };
    case 'number':
    case 'date':
    case 'dateTime':
      return { type: kind, text };
    default:
      return undefined;
  }
}

const beforeParenthesis: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/** Names, paths and parentheses, but none that belongs to a call or a list. */
function isPlain({ kind, text }: Token, before: Token | undefined): boolean {
  if (kind === 'name' || text === ')' || text === '/') return true;
  return text === '(' && (before?.kind === 'name' ? beforeParenthesis.has(before.text) : before?.text !== '/');
}

/**
 * The columns that the literals of a filter are compared with, in their order; `undefined` where its condition is not
 * made of comparisons alone, or where putting these literals into their places would give another condition than `where`.
 */
export function literalColumns(where: Condition, literals: readonly Literal[]): readonly Column[] | undefined {
  const places: { readonly column: Column; readonly value: Value }[] = [];
  if (!collectPlaces(where, places) || places.length !== literals.length) return undefined;
  const columns = places.map(({ column }) => column);
  const values = valuesOf(columns, literals);
  return values?.every((value, at) => value === places[at]?.value) ? columns : undefined;
}

function collectPlaces(condition: Condition, places: { column: Column; value: Value }[]): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.every((each) => collectPlaces(each, places));
    case 'not':
      return collectPlaces(condition.of, places);
    case 'through':
      return collectPlaces(condition.where, places);
    case 'compareColumns':
      return true;
    case 'compare':
      if (isLiteral(condition.value)) places.push(condition);
      return true;
    default:
      return false;
  }
}

/** Came of a literal: `null` and booleans are words of the shape. */
const isLiteral = (value: Value): boolean => value !== null && typeof value !== 'boolean';

/**
 * Literals as values of columns; `undefined` where one is refused, which the parser does with its place, or means another
 * condition than most (an empty date is no value).
 */
export function valuesOf(columns: readonly Column[], literals: readonly Literal[]): readonly Value[] | undefined {
  return orUndefined(() => {
    const values: Value[] = [];
    for (const [at, column] of columns.entries()) {
      const literal = literals[at];
      const value = literal && valueOfLiteral(column, literal, { text: '', at: 0 });
      if (value === undefined || isEmptyDate(column, value)) return undefined;
      values.push(value);
    }
    return values;
  });
}

/** A condition with other values in the places of its literals. */
export function withValues(where: Condition, values: readonly Value[]): Condition {
  let at = 0;
  const replace = (condition: Condition): Condition => {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return { kind: condition.kind, of: condition.of.map(replace) };
      case 'not':
        return { kind: 'not', of: replace(condition.of) };
      case 'through':
        return { ...condition, where: replace(condition.where) };
      case 'compare':
        return isLiteral(condition.value) ? { ...condition, value: values[at++] ?? null } : condition;
      default:
        return condition;
    }
  };
  return replace(where);
}

function orUndefined<T>(make: () => T | undefined): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
