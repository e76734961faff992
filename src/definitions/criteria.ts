import { refuseChange } from './change/change-problems.ts';
import type { DefinitionBody } from './change/definition-body.ts';
import { refuseDefinition } from './definition-problems.ts';
import { type Definition, namespace, type TypeShape } from './definition-type.ts';

export type Predicate = (definition: Definition) => boolean;

type Scalar = string | number | boolean | null;
type Test = (value: Scalar, wanted: readonly Scalar[]) => boolean;

const first = (wanted: readonly Scalar[]): Scalar => wanted[0] ?? null;

const above = (value: Scalar, limit: Scalar): boolean => value !== null && limit !== null && value > limit;

const operators: Readonly<Record<string, Test>> = {
  Equals: (value, wanted) => value === first(wanted),
  NotEquals: (value, wanted) => value !== first(wanted),
  In: (value, wanted) => wanted.includes(value),
  NotIn: (value, wanted) => !wanted.includes(value),
  GreaterThan: (value, wanted) => above(value, first(wanted)),
  LessThan: (value, wanted) => above(first(wanted), value),
};

const deepest = 10;

/** A `MetadataFilterExpression` (learn.microsoft.com, "Query schema definitions"); `undefined` when there is none. */
export function criteriaOf(type: TypeShape, filter: DefinitionBody | undefined, depth = 0): Predicate | undefined {
  if (filter === undefined) return undefined;
  if (depth > deepest) throw refuseChange.limit('levels of filters', deepest);
  const parts = [
    ...filter.objects('Conditions').map((condition) => conditionOf(type, condition)),
    ...filter.objects('Filters').flatMap((each) => criteriaOf(type, each, depth + 1) ?? []),
  ];
  if (parts.length === 0) return undefined;
  const isOr = filter.text('FilterOperator') === 'Or';
  return (definition) => (isOr ? parts.some((part) => part(definition)) : parts.every((part) => part(definition)));
}

function conditionOf(type: TypeShape, condition: DefinitionBody): Predicate {
  const name = condition.requireText('PropertyName');
  const operator = condition.requireText('ConditionOperator');
  const test = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (test === undefined) throw refuseDefinition.enumMember(operator, `${namespace}MetadataConditionOperator`);
  if (!type.property.has(name)) throw refuseDefinition.unknownProperty(name, type);
  const wanted = wantedOf(condition.members['Value']);
  return (definition) => test(scalarOf(definition.read(name)), wanted);
}

/** The value of a condition: as an object with a type (`System.String`), or bare; several for `In`. */
function wantedOf(given: unknown): readonly Scalar[] {
  const value: unknown = isObject(given) && 'Value' in given ? given['Value'] : given;
  return (Array.isArray(value) ? value : [value]).map(textOrValue);
}

/** Values travel as text beside the name of their type. */
function textOrValue(value: unknown): Scalar {
  if (value === 'true' || value === 'false') return value === 'true';
  return scalarOf(value);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value that can be compared; of a managed property what it is. */
function scalarOf(value: unknown): Scalar {
  const bare = isObject(value) ? value['Value'] : value;
  return typeof bare === 'string' || typeof bare === 'number' || typeof bare === 'boolean' ? bare : null;
}
