import { refuse, type Source } from '../problems.ts';
import { ExpressionParser } from './expression.ts';
import { Scanner } from './tokens.ts';
import type { Expression, PathStep } from './tree.ts';

/** One step of `$apply` (OData Extension for Data Aggregation 4.0 section 3), of which the service has three. */
export type Transformation =
  | { readonly kind: 'filter'; readonly at: number; readonly where: Expression }
  | { readonly kind: 'aggregate'; readonly at: number; readonly items: readonly AggregateItem[] }
  | {
      readonly kind: 'groupby';
      readonly at: number;
      readonly paths: readonly GroupPath[];
      readonly items: readonly AggregateItem[];
    };

export interface GroupPath {
  readonly at: number;
  readonly steps: readonly PathStep[];
}

export interface AggregateItem {
  readonly at: number;
  /** Absent for `$count`. */
  readonly of?: { readonly path: GroupPath; readonly method: string; readonly methodAt: number };
  readonly alias: string;
  readonly aliasAt: number;
}

/** Transformations that exist, but not in this service ("Dataverse supports only a subset of these aggregate methods"). */
const otherTransformations: readonly string[] = (
  'identity concat compute expand search skip top orderby topcount topsum toppercent bottomcount bottomsum bottompercent ' +
  'nest addnested join outerjoin ancestors descendants traverse rolluprecursive'
).split(' ');

/** `filter(…)/groupby((a,b/c),aggregate(d with sum as e,$count as f))`. */
export function parseApply(source: Source | string): readonly Transformation[] {
  const scanner = new Scanner(source);
  const parser = new ApplyParser(scanner);
  const found = [parser.transformation()];
  while (scanner.take('/')) found.push(parser.transformation());
  if (!scanner.is('end')) throw scanner.refuse('Syntax error');
  return found;
}

class ApplyParser {
  readonly #scanner: Scanner;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  transformation(): Transformation {
    const { at, text } = this.#scanner.token;
    if (!this.#scanner.is('name')) throw this.#scanner.refuse('A transformation expected');
    if (otherTransformations.includes(text)) {
      throw refuse.notSupported(`the transformation '${text}' in $apply`, this.#scanner.place());
    }
    switch (text) {
      case 'filter':
        return { kind: 'filter', at, where: this.#inParentheses(() => new ExpressionParser(this.#scanner).parse()) };
      case 'aggregate':
        return { kind: 'aggregate', at, items: this.#aggregate() };
      case 'groupby':
        return { kind: 'groupby', at, ...this.#inParentheses(() => this.#groups()) };
      default:
        throw refuse.syntax(`Unknown transformation '${text}': Syntax error`, this.#scanner.place());
    }
  }

  #inParentheses<T>(parse: () => T): T {
    this.#scanner.next();
    return this.#parenthesized(parse);
  }

  #parenthesized<T>(parse: () => T): T {
    this.#scanner.expect('(');
    const result = parse();
    this.#scanner.expect(')');
    return result;
  }

  #groups(): { paths: readonly GroupPath[]; items: readonly AggregateItem[] } {
    const paths = this.#parenthesized(() => this.#list(() => this.#groupPath()));
    if (!this.#scanner.take(',')) return { paths, items: [] };
    const { text } = this.#scanner.token;
    if (this.#scanner.is('name', 'aggregate')) return { paths, items: this.#aggregate() };
    if (this.#scanner.is('name') && (otherTransformations.includes(text) || text === 'filter' || text === 'groupby')) {
      throw refuse.notSupported(`the transformation '${text}' inside groupby`, this.#scanner.place());
    }
    throw this.#scanner.refuse("'aggregate' expected");
  }

  #groupPath(): GroupPath {
    const { at, text } = this.#scanner.token;
    if (this.#scanner.is('name', 'rollup') && this.#scanner.followedBy('(')) {
      throw refuse.notSupported(`'${text}' in groupby`, this.#scanner.place());
    }
    return { at, steps: new ExpressionParser(this.#scanner).path() };
  }

  #aggregate(): readonly AggregateItem[] {
    return this.#inParentheses(() => this.#list(() => this.#item()));
  }

  #list<T>(parse: () => T): readonly T[] {
    const items = [parse()];
    while (this.#scanner.take(',')) items.push(parse());
    return items;
  }

  #item(): AggregateItem {
    const { at } = this.#scanner.token;
    if (this.#scanner.is('dollar', '$count')) {
      this.#scanner.next();
      return { at, ...this.#alias() };
    }
    const path = this.#groupPath();
    if (!this.#scanner.takeWord('with')) throw this.#scanner.refuse("'with' expected");
    const { text: method, at: methodAt } = this.#scanner.token;
    if (!this.#scanner.is('name')) throw this.#scanner.refuse('An aggregation method expected');
    this.#scanner.next();
    if (this.#scanner.is('name', 'from')) {
      throw refuse.notSupported("'from' in an aggregate expression", this.#scanner.place());
    }
    return { at, of: { path, method, methodAt }, ...this.#alias() };
  }

  #alias(): { alias: string; aliasAt: number } {
    if (!this.#scanner.takeWord('as')) throw this.#scanner.refuse("'as' expected");
    const { text, at } = this.#scanner.token;
    if (!this.#scanner.is('name') || text.includes('.')) throw this.#scanner.refuse('A name expected');
    this.#scanner.next();
    return { alias: text, aliasAt: at };
  }
}
