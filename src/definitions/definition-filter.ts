import { parseGuid } from '../kernel/ids.ts';
import { type Place, refuse } from '../odata/problems.ts';
import { parseExpression } from '../odata/syntax/expression.ts';
import type { Expression, Literal, PathStep } from '../odata/syntax/tree.ts';
import { refuseDefinition } from './definition-problems.ts';
import {
  type Definition,
  type EnumType,
  namespace,
  type PrimitiveType,
  type TypeShape,
  type ValueType,
} from './definition-type.ts';

/** Does a definition meet a `$filter`? */
export type Predicate = (definition: Definition) => boolean;

type Scalar = string | number | boolean | null;
type Comparison = (left: Scalar, right: Scalar) => boolean;

/** Order comparisons with null are false (OData 4.01 section 5.1.1.1). */
const ordered =
  (holds: (order: number) => boolean): Comparison =>
  (left, right) =>
    left !== null && right !== null && holds(left < right ? -1 : left > right ? 1 : 0);

const comparisons: Readonly<Record<string, Comparison>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
};

const mostConditions = 100;

/**
 * The `$filter` of metadata entities (learn.microsoft.com, "Query table definitions"): comparisons of primitive and
 * enumeration properties, also inside complex ones, with `and`, `or`, `not`. No functions.
 */
export function bindDefinitionFilter(type: TypeShape, text: string): Predicate {
  return new Binder(type, text).predicate(parseExpression(text));
}

class Binder {
  readonly #type: TypeShape;
  readonly #text: string;
  #conditions = 0;

  constructor(type: TypeShape, text: string) {
    this.#type = type;
    this.#text = text;
  }

  predicate(expression: Expression): Predicate {
    switch (expression.kind) {
      case 'logical': {
        const parts = expression.operands.map((operand) => this.predicate(operand));
        return expression.op === 'and'
          ? (definition) => parts.every((part) => part(definition))
          : (definition) => parts.some((part) => part(definition));
      }
      case 'unary': {
        if (expression.op !== 'not') throw refuse.notSupported('arithmetic', this.#place(expression.at));
        const inner = this.predicate(expression.operand);
        return (definition) => !inner(definition);
      }
      case 'binary':
        return this.#comparison(expression);
      case 'path': {
        const { read, type } = this.#path(expression.steps);
        if (type.name !== 'Boolean') throw this.#notBoolean(expression.at);
        return (definition) => read(definition) === true;
      }
      case 'call':
        throw refuseDefinition.function(expression.name);
      default:
        throw this.#notBoolean(expression.at);
    }
  }

  #comparison({ op, left, right, at }: Extract<Expression, { kind: 'binary' }>): Predicate {
    const compare = comparisons[op];
    if (compare === undefined) throw refuse.notSupported(`the operator '${op}'`, this.#place(at));
    if (++this.#conditions > mostConditions) throw refuse.limit('conditions in $filter', mostConditions);
    if (left.kind === 'call') throw refuseDefinition.function(left.name);
    if (left.kind !== 'path' || right.kind !== 'literal') {
      throw refuse.notSupported('a comparison of anything but a property with a value', this.#place(at));
    }
    const { read, type } = this.#path(left.steps);
    const value = scalarOf(type, right.literal, op);
    return (definition) => compare(read(definition), value);
  }

  #path(steps: readonly PathStep[]): { read: (definition: Definition) => Scalar; type: PrimitiveType | EnumType } {
    const names = steps.map((step) => this.#nameOf(step));
    const [first = '', ...rest] = names;
    const property = this.#type.property.get(first);
    if (property === undefined) throw refuseDefinition.unknownProperty(first, this.#type);
    const type = memberType(property.type, names, this.#type);
    return { read: (definition) => memberOf(definition.read(first), rest), type };
  }

  #nameOf(step: PathStep): string {
    if (step.kind === 'name') return step.name;
    throw refuse.notSupported(
      `'${step.kind === 'star' ? '*' : 'name' in step ? step.name : step.op}' in a path`,
      this.#place(step.at),
    );
  }

  #notBoolean(at: number): Error {
    return refuse.syntax('The $filter expression must evaluate to a single boolean value', this.#place(at));
  }

  #place(at: number): Place {
    return { text: this.#text, at };
  }
}

/** Type at the end of a path; `Label` and collections end in nothing that can be compared. */
function memberType(type: ValueType, names: readonly string[], of: TypeShape): PrimitiveType | EnumType {
  let current = type;
  for (const name of names.slice(1)) {
    const next = current.kind === 'complex' ? current.members[name] : undefined;
    if (next === undefined || (current.kind === 'complex' && current.name === 'Label')) {
      throw refuseDefinition.unknownProperty(names.join('/'), of);
    }
    current = next;
  }
  if (current.kind === 'primitive' || current.kind === 'enum') return current;
  throw refuseDefinition.complexFilter(names.join('/'), current.kind === 'complex' ? current.name : 'Collection');
}

function memberOf(value: unknown, names: readonly string[]): Scalar {
  let current = value;
  for (const name of names) {
    current = typeof current === 'object' && current !== null ? Reflect.get(current, name) : null;
  }
  return typeof current === 'string' || typeof current === 'number' || typeof current === 'boolean' ? current : null;
}

function scalarOf(type: PrimitiveType | EnumType, literal: Literal, operator: string): Scalar {
  if (literal.type === 'null') return null;
  const value = type.kind === 'enum' ? enumValue(type, literal) : primitiveValue(type, literal);
  if (value !== undefined) return value;
  const expected = type.kind === 'enum' ? namespace + type.name : `Edm.${type.name}`;
  throw refuseDefinition.filterTypes(expected, `Edm.${literal.type}`, operator);
}

/** `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`, also by number. */
function enumValue(type: EnumType, literal: Literal): Scalar | undefined {
  if (literal.type !== 'typed' || literal.typeName !== namespace + type.name) return undefined;
  const { value } = literal;
  if (Object.hasOwn(type.members, value)) return value;
  const named = Object.entries(type.members).find(([, number]) => String(number) === value);
  if (named === undefined) throw refuseDefinition.enumMember(value, namespace + type.name);
  return named[0];
}

function primitiveValue({ name }: PrimitiveType, literal: Literal): Scalar | undefined {
  switch (name) {
    case 'String':
      return literal.type === 'string' ? literal.value : undefined;
    case 'Boolean':
      return literal.type === 'boolean' ? literal.value : undefined;
    case 'Guid':
      if (literal.type === 'string') return parseGuid(literal.value);
      return literal.type === 'guid' ? literal.text : undefined;
    case 'DateTimeOffset':
      return literal.type === 'dateTime' ? literal.text : undefined;
    default:
      return literal.type === 'number' ? Number(literal.text) : undefined;
  }
}
