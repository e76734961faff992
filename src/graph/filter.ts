import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Argument, Expression, Literal, PathStep } from '../odata/syntax/tree.ts';
import type { EntityType, Property, PropertyKind } from './entity-type.ts';
import { findName } from './names.ts';
import { graphRefusal } from './problems.ts';

export interface Filter<T> {
  readonly test: (row: T, directory: DirectorySnapshot) => boolean;
  /** Needs the advanced query parameters (Microsoft's "advanced query capabilities"). */
  readonly advanced: boolean;
}

/** What is compared: text without regard to case, moments as milliseconds. */
type Compared = string | number | boolean | null;
type Test<T> = (row: T, directory: DirectorySnapshot) => boolean;

/**
 * A parsed `$filter` as a test of rows. Microsoft Graph's table of operators for directory objects is followed: `eq`,
 * `in`, `startswith`, and `any` over lists always; `ne` and `not` with the advanced parameters only.
 */
export function compileFilter<T>(type: EntityType<T>, expression: Expression): Filter<T> {
  const compiler = new FilterCompiler(type);
  return { test: compiler.compile(expression), advanced: compiler.advanced };
}

const unsupported = (what: string) => graphRefusal('unsupportedFilter', [what]);

/** Most alternatives of one `or` or `in`, as in Microsoft Graph. */
const alternativesLimit = 15;
/** Most comparisons of one filter: each is made for every row. */
const comparisonsLimit = 100;

class FilterCompiler<T> {
  readonly #type: EntityType<T>;
  #comparisons = 0;
  advanced = false;

  constructor(type: EntityType<T>) {
    this.#type = type;
  }

  compile(expression: Expression): Test<T> {
    switch (expression.kind) {
      case 'logical':
        return this.#logical(expression);
      case 'unary': {
        if (expression.op !== 'not') throw unsupported('arithmetic');
        this.advanced = true;
        const inner = this.compile(expression.operand);
        return (row, directory) => !inner(row, directory);
      }
      case 'binary':
        return this.#binary(expression);
      case 'call':
        return this.#startsWith(expression);
      case 'path':
        return this.#any(expression.steps);
      case 'literal':
      case 'alias':
      case 'list':
        throw unsupported(`a bare ${expression.kind}`);
      default:
        return unreachable(expression);
    }
  }

  #logical({ op, operands }: Extract<Expression, { kind: 'logical' }>): Test<T> {
    if (op === 'or') checkAlternatives(operands.length);
    const tests = operands.map((each) => this.compile(each));
    return op === 'and'
      ? (row, directory) => tests.every((test) => test(row, directory))
      : (row, directory) => tests.some((test) => test(row, directory));
  }

  #binary({ op, left, right }: Extract<Expression, { kind: 'binary' }>): Test<T> {
    const { property, kind } = this.#property(left);
    const read = (row: T, directory: DirectorySnapshot): Compared => readValue(kind, property, row, directory);
    if (op === 'in') {
      const items = itemsOf(right);
      checkAlternatives(items.length);
      const values = items.map((each) => literalOf(kind, each));
      return (row, directory) => values.includes(read(row, directory));
    }
    const value = literalOf(kind, right);
    if (op === 'eq') return (row, directory) => read(row, directory) === value;
    if (op === 'ne') {
      this.advanced = true;
      return (row, directory) => read(row, directory) !== value;
    }
    const order = kind === 'moment' && typeof value === 'number' ? orders.get(op) : undefined;
    if (order === undefined) throw unsupported(`the operator \`${op}\``);
    return (row, directory) => {
      const found = read(row, directory);
      return typeof found === 'number' && typeof value === 'number' && order(found, value);
    };
  }

  #startsWith({ name, arguments: [first, second, ...more] }: Extract<Expression, { kind: 'call' }>): Test<T> {
    const isKnown = name.toLowerCase() === 'startswith' && more.length === 0;
    if (!isKnown || first === undefined || second === undefined) throw unsupported(`the function \`${name}\``);
    const { property, kind } = this.#property(first.value);
    const prefix = prefixOf(kind, second);
    return (row, directory) => String(readValue(kind, property, row, directory) ?? '').startsWith(prefix);
  }

  /** `identifierUris/any(x:x eq '…')`, or with `startswith(x,'…')`. */
  #any(steps: readonly PathStep[]): Test<T> {
    const [name, lambda, ...more] = steps;
    if (name?.kind !== 'name' || lambda?.kind !== 'lambda' || lambda.op !== 'any' || more.length > 0) {
      throw unsupported('a path');
    }
    const property = this.#find(name.name);
    const { where, variable } = lambda;
    if (property.kind !== 'texts' || where === undefined) throw unsupported('`any`');
    const test = elementTest(where, variable);
    return (row, directory) => textsOf(property, row, directory).some(test);
  }

  #property(expression: Expression): { property: Property<T>; kind: PropertyKind } {
    const [name, ...more] = expression.kind === 'path' ? expression.steps : [];
    if (name?.kind !== 'name' || more.length > 0) throw unsupported('a comparison that does not begin with a property');
    const property = this.#find(name.name);
    if (property.kind === undefined || property.kind === 'texts') throw unsupported(`the property \`${name.name}\``);
    return { property, kind: property.kind };
  }

  #find(text: string): Property<T> {
    if (++this.#comparisons > comparisonsLimit) throw unsupported(`more than ${comparisonsLimit} comparisons`);
    const name = findName(Object.keys(this.#type.properties), text);
    const property = name === undefined ? undefined : this.#type.properties[name];
    if (property === undefined) throw graphRefusal('noSuchProperty', [text, this.#type.name]);
    return property;
  }
}

function checkAlternatives(count: number): void {
  if (count > alternativesLimit) throw graphRefusal('tooManyAlternatives', [count, alternativesLimit]);
}

const orders: ReadonlyMap<string, (one: number, other: number) => boolean> = new Map([
  ['gt', (one, other) => one > other],
  ['ge', (one, other) => one >= other],
  ['lt', (one, other) => one < other],
  ['le', (one, other) => one <= other],
]);

function readValue<T>(kind: PropertyKind, property: Property<T>, row: T, directory: DirectorySnapshot): Compared {
  const value = property.get(row, { directory, selected: false });
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  return kind === 'moment' ? Date.parse(value) : value.toLowerCase();
}

function textsOf<T>(property: Property<T>, row: T, directory: DirectorySnapshot): readonly string[] {
  const value = property.get(row, { directory, selected: false });
  return Array.isArray(value) ? value.map((each) => String(each).toLowerCase()) : [];
}

function elementTest(where: Expression, variable: string | undefined): (text: string) => boolean {
  if (where.kind === 'binary' && where.op === 'eq' && isVariable(where.left, variable)) {
    const value = literalOf('text', where.right);
    return (text) => text === value;
  }
  if (where.kind === 'call' && where.name.toLowerCase() === 'startswith') {
    const [first, second, ...more] = where.arguments;
    if (first !== undefined && second !== undefined && more.length === 0 && isVariable(first.value, variable)) {
      const prefix = prefixOf('text', second);
      return (text) => text.startsWith(prefix);
    }
  }
  throw unsupported('what stands inside `any`');
}

const isVariable = (expression: Expression, variable: string | undefined): boolean =>
  expression.kind === 'path' &&
  expression.steps.length === 1 &&
  expression.steps[0]?.kind === 'name' &&
  expression.steps[0].name === variable;

function prefixOf(kind: PropertyKind, { value }: Argument): string {
  const prefix = kind === 'text' ? literalOf(kind, value) : null;
  if (typeof prefix !== 'string') throw unsupported('`startswith` here');
  return prefix;
}

const itemsOf = (expression: Expression): readonly Expression[] =>
  expression.kind === 'list' ? expression.items : [expression];

/** The value of a literal that fits a property of this kind. */
function literalOf(kind: PropertyKind, expression: Expression): Compared {
  if (expression.kind !== 'literal') throw unsupported('a comparison with something that is no literal');
  const { literal } = expression;
  if (literal.type === 'null') return null;
  const value = fitting(kind, literal);
  if (value === undefined) throw graphRefusal('incompatibleTypes', [kind, literal.type]);
  return value;
}

function fitting(kind: PropertyKind, literal: Literal): Compared | undefined {
  switch (kind) {
    case 'text':
    case 'texts':
      return literal.type === 'string' ? literal.value.toLowerCase() : undefined;
    case 'guid':
      if (literal.type === 'guid') return literal.text;
      return literal.type === 'string' ? parseGuid(literal.value) : undefined;
    case 'flag':
      return literal.type === 'boolean' ? literal.value : undefined;
    case 'moment': {
      const moment = literal.type === 'dateTime' || literal.type === 'date' ? Date.parse(literal.text) : Number.NaN;
      return Number.isNaN(moment) ? undefined : moment;
    }
    default:
      return unreachable(kind);
  }
}
