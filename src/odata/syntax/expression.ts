import { refuse, type Source } from '../problems.ts';
import { Scanner } from './tokens.ts';
import type { Argument, ArithmeticWord, ComparisonWord, Expression, Literal, PathStep } from './tree.ts';

/** Parentheses, calls, lambdas and signs inside each other, and links of one chain of comparisons or arithmetic. */
export const maxDepth = 100;

/** A whole text as one expression (`$filter`, a parameter alias). */
export function parseExpression(source: Source | string): Expression {
  const scanner = new Scanner(source);
  const expression = new ExpressionParser(scanner).parse();
  if (!scanner.is('end')) throw scanner.refuse('Syntax error');
  return expression;
}

/** Words of one level of precedence, loosest first (OData 4.01 section 5.1.1.16). */
const levels: readonly ReadonlySet<string>[] = [
  new Set(['eq', 'ne']),
  new Set(['gt', 'ge', 'lt', 'le']),
  new Set(['add', 'sub']),
  new Set(['mul', 'div', 'divby', 'mod']),
];

/** Recursive descent over the expression grammar. Leaves the scanner at the first token that is not part of it. */
export class ExpressionParser {
  readonly #scanner: Scanner;
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  parse(): Expression {
    return this.#nested(() => this.#logical('or', () => this.#logical('and', () => this.#binary(0))));
  }

  /** `name/name/…` of `$select` and `$expand`. */
  path(): readonly PathStep[] {
    return this.#path([this.#plainStep()], () => this.#plainStep());
  }

  /** The inside of parentheses, which have been opened, up to and with the closing one. */
  arguments(): readonly Argument[] {
    const found: Argument[] = [];
    if (this.#scanner.take(')')) return found;
    do found.push(this.#argument());
    while (this.#scanner.take(','));
    this.#scanner.expect(')');
    return found;
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > maxDepth) throw this.#tooDeep();
    const result = parse();
    this.#depth--;
    return result;
  }

  #tooDeep(): Error {
    return refuse.syntax(`The expression is nested more than ${maxDepth} levels deep`, this.#scanner.place());
  }

  #logical(op: 'and' | 'or', operand: () => Expression): Expression {
    const { at } = this.#scanner.token;
    const first = operand();
    if (!this.#scanner.is('name', op)) return first;
    const operands = [first];
    while (this.#scanner.takeWord(op)) operands.push(operand());
    return { kind: 'logical', at, op, operands };
  }

  #binary(level: number): Expression {
    const words = levels[level];
    if (words === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let links = 0; this.#scanner.token.kind === 'name' && words.has(this.#scanner.token.text); links++) {
      if (links >= maxDepth) throw this.#tooDeep();
      const { text, at } = this.#scanner.next();
      left = { kind: 'binary', at, op: text as ComparisonWord | ArithmeticWord, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    const { at } = this.#scanner.token;
    if (this.#scanner.takeWord('not')) {
      return { kind: 'unary', at, op: 'not', operand: this.#nested(() => this.#unary()) };
    }
    if (this.#scanner.take('-')) {
      return { kind: 'unary', at, op: 'negate', operand: this.#nested(() => this.#unary()) };
    }
    return this.#hasOrIn();
  }

  #hasOrIn(): Expression {
    const left = this.#primary();
    const { at } = this.#scanner.token;
    if (this.#scanner.takeWord('has')) return { kind: 'binary', at, op: 'has', left, right: this.#primary() };
    if (!this.#scanner.takeWord('in')) return left;
    return { kind: 'binary', at, op: 'in', left, right: this.#list() };
  }

  #list(): Expression {
    const { at } = this.#scanner.token;
    if (!this.#scanner.take('(')) return this.#primary();
    const items = [this.parse()];
    while (this.#scanner.take(',')) items.push(this.parse());
    this.#scanner.expect(')');
    return { kind: 'list', at, items };
  }

  #primary(): Expression {
    const { kind, at, text } = this.#scanner.token;
    if (kind === 'alias') {
      this.#scanner.next();
      return { kind: 'alias', at, name: text };
    }
    if (kind === 'punctuation') return this.#bracketed();
    const literal = this.#literal();
    if (literal !== undefined) return { kind: 'literal', at, literal };
    if (kind !== 'name' && kind !== 'dollar') throw this.#scanner.refuse('Expression expected');
    const first = this.#callStep(true);
    if (first.kind === 'call' && !this.#atSlash()) return first;
    return { kind: 'path', at, steps: this.#path([first], () => this.#callStep(false)) };
  }

  #bracketed(): Expression {
    const { at } = this.#scanner.token;
    if (this.#scanner.is('punctuation', '[') || this.#scanner.is('punctuation', '{')) {
      return { kind: 'literal', at, literal: { type: 'json', value: this.#scanner.json() } };
    }
    if (!this.#scanner.take('(')) throw this.#scanner.refuse('Expression expected');
    const inner = this.parse();
    this.#scanner.expect(')');
    return inner;
  }

  #literal(): Literal | undefined {
    const literal = this.#literalOfToken();
    if (literal !== undefined) this.#scanner.next();
    return literal;
  }

  #literalOfToken(): Literal | undefined {
    const { kind, text, value } = this.#scanner.token;
    switch (kind) {
      case 'string':
        return { type: 'string', value };
      case 'guid':
        return { type: 'guid', text: text.toLowerCase() };
      case 'typed':
        return { type: 'typed', typeName: text, value };
      case 'number':
      case 'date':
      case 'dateTime':
      case 'timeOfDay':
        return { type: kind, text };
      case 'name':
        return wordLiterals.get(text);
      default:
        return undefined;
    }
  }

  #atSlash(): boolean {
    return this.#scanner.adjacent && this.#scanner.is('punctuation', '/');
  }

  /** The steps that follow, each after a slash. */
  #path(steps: PathStep[], step: () => PathStep): readonly PathStep[] {
    while (this.#atSlash()) {
      this.#scanner.next();
      if (!this.#scanner.adjacent) throw this.#scanner.refuse('Syntax error');
      steps.push(step());
    }
    return steps;
  }

  /** A step without parentheses of its own. */
  #plainStep(): Extract<PathStep, { kind: 'name' | 'dollar' | 'star' }> {
    const { kind, text, at } = this.#scanner.token;
    const isStar = this.#scanner.is('punctuation', '*');
    if (kind !== 'name' && kind !== 'dollar' && !isStar) throw this.#scanner.refuse('A name expected');
    this.#scanner.next();
    if (isStar) return { kind: 'star', at };
    return { kind: kind === 'dollar' ? 'dollar' : 'name', at, name: text };
  }

  /** A step that may be a function call, or `any(…)` and `all(…)` where there is something in front of it. */
  #callStep(isFirst: boolean): PathStep {
    const step = this.#plainStep();
    const isCall = this.#scanner.adjacent && this.#scanner.is('punctuation', '(');
    if (!isCall || step.kind === 'star') return step;
    if (step.kind === 'dollar' && withParentheses.has(step.name)) {
      throw refuse.notSupported(`'${step.name}(…)' in a path`, this.#scanner.place(step.at));
    }
    if (step.kind === 'dollar') return step;
    this.#scanner.next();
    if (!isFirst && (step.name === 'any' || step.name === 'all')) return this.#lambda(step.name, step.at);
    return { kind: 'call', at: step.at, name: step.name, arguments: this.arguments() };
  }

  #lambda(op: 'any' | 'all', at: number): PathStep {
    if (op === 'any' && this.#scanner.take(')')) return { kind: 'lambda', at, op };
    const isVariable = this.#scanner.is('name') && !this.#scanner.token.text.includes('.');
    if (!isVariable) throw this.#scanner.refuse('A variable name expected');
    const variable = this.#scanner.next().text;
    this.#scanner.expect(':');
    const where = this.parse();
    this.#scanner.expect(')');
    return { kind: 'lambda', at, op, variable, where };
  }

  #argument(): Argument {
    const { at } = this.#scanner.token;
    if (!this.#scanner.is('name') || !this.#scanner.followedBy('=')) return { at, value: this.parse() };
    const name = this.#scanner.next().text;
    this.#scanner.expect('=');
    return { at, name, value: this.parse() };
  }
}

/** Steps that OData gives options or a condition in parentheses. */
const withParentheses: ReadonlySet<string> = new Set(['$count', '$filter']);

const wordLiterals: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['null', { type: 'null' }],
  ['true', { type: 'boolean', value: true }],
  ['false', { type: 'boolean', value: false }],
  ['INF', { type: 'number', text: 'INF' }],
  ['NaN', { type: 'number', text: 'NaN' }],
]);
