import { JsonNumber, type JsonObject, type JsonValue } from '../json.ts';
import { refuse } from '../problems.ts';
import { element, textElement } from '../xml.ts';
import { fetchOperators } from './operators.ts';

type Lines = readonly string[];

/** Filters inside each other. */
const maxDepth = 20;

/** Names of `ConditionOperator` that are no query functions, as FetchXML has them. */
const plainOperators: Readonly<Record<string, string>> = {
  Equal: 'eq',
  NotEqual: 'ne',
  GreaterThan: 'gt',
  GreaterEqual: 'ge',
  LessThan: 'lt',
  LessEqual: 'le',
  Null: 'null',
  NotNull: 'not-null',
  Like: 'like',
  NotLike: 'not-like',
  BeginsWith: 'begins-with',
  DoesNotBeginWith: 'not-begin-with',
  EndsWith: 'ends-with',
  DoesNotEndWith: 'not-end-with',
};

/** By the name of `ConditionOperator`: query functions have the same one there. */
const operatorNames: ReadonlyMap<string, string> = new Map([
  ...Object.entries(plainOperators),
  ...[...fetchOperators].flatMap(([name, operator]) =>
    operator.kind === 'function' ? [[operator.name, name] as const] : [],
  ),
]);

export interface FetchText {
  /** Logical name of the table, as it was given. */
  readonly entityName: string;
  readonly fetchXml: string;
}

/**
 * A `QueryExpression` ("QueryExpression ComplexType") as the FetchXML that asks for the ids of its rows, so that there is
 * one reader of conditions. Links, `TopCount` and `Distinct` are refused (501); what only shapes an answer is passed over.
 */
export function queryExpressionToFetch(expression: JsonObject, subject: string): FetchText {
  const reader = new ExpressionReader(subject);
  const entityName = expression.get('EntityName');
  if (typeof entityName !== 'string') throw refuse.payload(subject, "a query must have its 'EntityName'.");
  for (const [member, isEmpty] of unbuilt) {
    if (!isEmpty(expression.get(member))) throw refuse.notSupported(`'${member}' in a query of '${subject}'`);
  }
  const criteria = expression.get('Criteria') ?? null;
  const filters = criteria === null ? [] : [reader.filter(criteria, 1)];
  const lines = element('fetch', {}, [element('entity', { name: entityName }, [element('no-attrs', {}), ...filters])]);
  return { entityName, fetchXml: lines.map((line) => line.trim()).join('') };
}

const isNone = (value: JsonValue | undefined): boolean => value === undefined || value === null;
const unbuilt: readonly (readonly [member: string, isEmpty: (value: JsonValue | undefined) => boolean])[] = [
  ['LinkEntities', (value) => isNone(value) || (Array.isArray(value) && value.length === 0)],
  ['TopCount', isNone],
  ['Distinct', (value) => isNone(value) || value === false],
  ['SubQueryExpression', isNone],
];

class ExpressionReader {
  readonly #subject: string;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** `FilterExpression`. */
  filter(given: JsonValue, depth: number): Lines {
    if (!(given instanceof Map)) throw this.#refuse('a filter must be an object');
    if (depth > maxDepth) throw refuse.limit('filters inside each other', maxDepth);
    const operator = given.get('FilterOperator') ?? 'And';
    if (operator !== 'And' && operator !== 'Or') throw this.#refuse("'FilterOperator' must be And or Or");
    return element('filter', { type: operator === 'Or' ? 'or' : 'and' }, [
      ...this.#list(given, 'Conditions').map((condition) => this.#condition(condition)),
      ...this.#list(given, 'Filters').map((filter) => this.filter(filter, depth + 1)),
    ]);
  }

  /** `ConditionExpression`. */
  #condition(given: JsonValue): Lines {
    if (!(given instanceof Map)) throw this.#refuse('a condition must be an object');
    const [attribute, operator, entity] = ['AttributeName', 'Operator', 'EntityName'].map((name) => given.get(name));
    if (typeof attribute !== 'string') throw this.#refuse("a condition must have its 'AttributeName'");
    const name = typeof operator === 'string' ? operatorNames.get(operator) : undefined;
    if (name === undefined) throw this.#refuse(`there is no operator ${this.#shown(operator)}`);
    if (!isNone(entity)) throw refuse.notSupported(`'EntityName' of a condition in '${this.#subject}'`);
    const values = this.#list(given, 'Values').map((value) => textElement('value', this.#value(value)));
    return element('condition', { attribute, operator: name }, values);
  }

  /** A value is written alone, or as an object that names its type ("Object ComplexType"). */
  #value(given: JsonValue): string {
    const value = given instanceof Map ? (given.get('Value') ?? null) : given;
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (value instanceof JsonNumber) return value.text;
    throw this.#refuse('a value must be a text, a number or true or false');
  }

  #list(given: JsonObject, member: string): readonly JsonValue[] {
    const list = given.get(member) ?? [];
    if (Array.isArray(list)) return list as readonly JsonValue[];
    throw this.#refuse(`'${member}' must be a list`);
  }

  #shown = (value: JsonValue | undefined): string =>
    typeof value === 'string' ? `'${value.slice(0, 50)}'` : 'like that';

  #refuse = (what: string): Error => refuse.payload(this.#subject, `${what}.`);
}
