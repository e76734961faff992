import { unreachable } from '../kernel/unreachable.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Aliases } from './aliases.ts';
import type { Asking } from './asking.ts';
import { type Comparison, compareColumns, compareWithLiteral, isComparison, operators } from './bind-comparison.ts';
import { literalType, valueOfLiteral } from './bind-literal.ts';
import { type BoundPath, bindNavigation, bindPath, bindWay } from './bind-path.ts';
import { bindQueryFunction, maxListItems, queryFunctionName } from './bind-query-function.ts';
import { edmType } from './edm-type.ts';
import type { Differences } from './fidelity.ts';
import { type Place, refuse, type Source } from './problems.ts';
import type { Condition, TextOperator, Value } from './query.ts';
import type { Given } from './query-call.ts';
import type { Argument, Expression, Literal, PathStep } from './syntax/tree.ts';
import { textCondition } from './text-condition.ts';

/** Comparisons and function calls in one `$filter`. */
const maxConditions = 500;
/** Lambda operators inside each other. */
const maxLambdas = 10;

export interface FilterScope {
  readonly table: Table;
  /** The text that positions count in. */
  readonly source: Source;
  /** Absent inside `$expand`, where aliases are not allowed (dataverse-web-api 4.10). */
  readonly aliases: Aliases | undefined;
  readonly differences: Differences;
  readonly asking: Asking;
}

/** The tree of a `$filter` as a condition on rows of a table: names looked up, types checked, values made canonical. */
export const bindFilter = (expression: Expression, scope: FilterScope): Condition =>
  new FilterBinder(scope, []).condition(expression);

type Operand =
  | { readonly kind: 'column'; readonly path: BoundPath; readonly place: Place }
  | { readonly kind: 'literal'; readonly literal: Literal; readonly place: Place }
  /** `holds` is asked once; with `true` it gives the negation. */
  | { readonly kind: 'condition'; readonly holds: (negated: boolean) => Condition; readonly place: Place };

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;
type CallStep = Extract<PathStep, { kind: 'call' }>;
type LambdaStep = Extract<PathStep, { kind: 'lambda' }>;

const textOperators: ReadonlySet<string> = new Set<TextOperator>(['contains', 'startswith', 'endswith']);
const isTextOperator = (name: string): name is TextOperator => textOperators.has(name);

/** Functions of OData 4.01 that exist, but not in this service (dataverse-web-api 4.10). */
const otherFunctions: readonly string[] = (
  'length indexof substring tolower toupper trim concat matchesPattern year month day hour minute second ' +
  'fractionalseconds date time totaloffsetminutes now mindatetime maxdatetime totalseconds round floor ceiling ' +
  'cast isof geo.distance geo.intersects geo.length hassubset hassubsequence case'
).split(' ');

/** `not` is carried down to the comparisons, each of which knows what it means for absent values. */
class FilterBinder {
  readonly #scope: FilterScope;
  /** Variables of the lambda operators around, the innermost last: paths begin with that one. */
  readonly #variables: readonly string[];
  readonly #count: { conditions: number };

  constructor(scope: FilterScope, variables: readonly string[], count = { conditions: 0 }) {
    this.#scope = scope;
    this.#variables = variables;
    this.#count = count;
  }

  condition(expression: Expression, negated = false): Condition {
    if (expression.kind === 'logical') {
      const kind = negated === (expression.op === 'and') ? 'or' : 'and';
      return { kind, of: expression.operands.map((operand) => this.condition(operand, negated)) };
    }
    if (expression.kind === 'unary' && expression.op === 'not') return this.#not(expression)(negated);
    const operand = this.#operand(expression);
    return this.#asCondition(operand, negated) ?? this.#refuseNotBoolean(operand);
  }

  #not({ operand, at }: Of<'unary'>): (negated: boolean) => Condition {
    if (operand.kind === 'logical' || operand.kind === 'unary') return (negated) => this.condition(operand, !negated);
    const inner = this.#operand(operand);
    if (isBoolean(inner)) return (negated) => this.#asCondition(inner, !negated) ?? this.#refuseNotBoolean(inner);
    // `not a eq 1` is `(not a) eq 1`: `not` binds tighter than comparisons (OData 4.01 section 5.1.1.16).
    throw refuse.syntax(
      `A unary operator with an incompatible type was detected. Found operand type '${typeOf(inner)}' for operator kind 'Not' (a negated comparison needs parentheses)`,
      this.#place(at),
    );
  }

  #asCondition(operand: Operand, negated: boolean): Condition | undefined {
    if (operand.kind === 'condition') return operand.holds(negated);
    if (operand.kind === 'literal') {
      if (operand.literal.type === 'null') return { kind: 'never' };
      if (operand.literal.type !== 'boolean') return undefined;
      return { kind: operand.literal.value === negated ? 'never' : 'always' };
    }
    const { column } = operand.path;
    if (column.type !== 'Boolean') return undefined;
    return this.#reach(operand.path, negation({ kind: 'compare', op: 'eq', column, value: true }, negated));
  }

  #refuseNotBoolean(operand: Operand): never {
    throw refuse.syntax(
      `The $filter expression must evaluate to a single boolean value, not '${typeOf(operand)}',`,
      operand.place,
    );
  }

  #operand(expression: Expression): Operand {
    const place = this.#place(expression.at);
    switch (expression.kind) {
      case 'literal':
        return { kind: 'literal', literal: expression.literal, place };
      case 'alias':
        return this.#alias(expression.name, place);
      case 'path':
        return this.#path(expression.steps, place);
      case 'call':
        return { kind: 'condition', holds: this.#call(expression, place), place };
      case 'binary':
        return { kind: 'condition', holds: this.#binary(expression, place), place };
      case 'unary':
        if (expression.op === 'negate') throw refuse.notSupported('arithmetic', place);
        return { kind: 'condition', holds: this.#not(expression), place };
      case 'logical':
        return { kind: 'condition', holds: (negated) => this.condition(expression, negated), place };
      case 'list':
        throw refuse.syntax('Syntax error: a list does not belong here', place);
      default:
        return unreachable(expression);
    }
  }

  #alias(name: string, place: Place): Operand {
    const { aliases } = this.#scope;
    if (aliases === undefined) throw refuse.syntax('A parameter alias is not allowed inside $expand', place);
    const { value, source } = aliases.get(name, place);
    if (value.kind === 'literal') return { kind: 'literal', literal: value.literal, place };
    return new FilterBinder({ ...this.#scope, source }, this.#variables, this.#count).#operand(value);
  }

  #binary({ op, left: leftSide, right: rightSide }: Of<'binary'>, place: Place): (negated: boolean) => Condition {
    if (op === 'has') throw refuse.notSupported("the operator 'has'", place);
    if (op === 'in') return this.#in(leftSide, rightSide, place);
    if (!isComparison(op)) throw refuse.notSupported(`the arithmetic operator '${op}'`, place);
    const left = this.#operand(leftSide);
    const right = this.#operand(rightSide);
    this.#counted(place);
    const reach = this.#reach.bind(this);
    return (negated) => {
      const comparison: Comparison = { op, place, negated };
      if (left.kind === 'column' && right.kind === 'column') {
        return compareColumns(comparison, left.path, right.path, reach);
      }
      if (left.kind === 'column' && right.kind === 'literal') {
        return compareWithLiteral(comparison, left.path, right, reach);
      }
      if (left.kind === 'literal' && right.kind === 'column') {
        return compareWithLiteral({ ...comparison, op: operators[op].flipped }, right.path, left, reach);
      }
      return this.#compareBoolean(comparison, left, right);
    };
  }

  /** `contains(…) eq true` and the like; anything else here has wrong types or compares constants. */
  #compareBoolean({ op, place, negated }: Comparison, left: Operand, right: Operand): Condition {
    const [condition, other] = left.kind === 'condition' ? [left, right] : [right, left];
    if (condition.kind !== 'condition') throw refuse.notSupported('a comparison of two constants', place);
    if (isBoolean(other) && other.kind !== 'literal')
      throw refuse.notSupported('a comparison of two conditions', place);
    const isFlag = other.kind === 'literal' && other.literal.type === 'boolean';
    if (!isFlag || (op !== 'eq' && op !== 'ne')) {
      throw refuse.incompatibleTypes(typeOf(left), typeOf(right), operators[op].name, place);
    }
    const asked = other.literal.value === (op === 'eq');
    return condition.holds(asked === negated);
  }

  /** `column in (1,2)`: of OData 4.01; the real product parses it and has not built it. */
  #in(leftSide: Expression, rightSide: Expression, place: Place): (negated: boolean) => Condition {
    this.#scope.differences.use('in-operator', place);
    const left = this.#operand(leftSide);
    if (left.kind !== 'column') throw refuse.syntax("Syntax error: a property must stand before 'in'", left.place);
    if (rightSide.kind !== 'list') {
      throw refuse.syntax("Syntax error: a list in parentheses must follow 'in'", this.#place(rightSide.at));
    }
    if (rightSide.items.length > maxListItems) throw refuse.limit("values after 'in'", maxListItems, place);
    const { column } = left.path;
    const values = rightSide.items.map((item) => this.#listValue(column, item, place));
    this.#counted(place);
    const condition: Condition = { kind: 'in', column, values };
    return (negated) => {
      if (negated || !values.includes(null)) return this.#reach(left.path, negation(condition, negated));
      // With null in the list it also holds where there is no row to have a value.
      return this.#reach(left.path, condition, negation(condition, true));
    };
  }

  #listValue(column: Column, item: Expression, place: Place): Value {
    const operand = this.#operand(item);
    if (operand.kind !== 'literal') throw refuse.syntax('Syntax error: a literal expected in the list', operand.place);
    if (operand.literal.type === 'null') return null;
    const value = valueOfLiteral(column, operand.literal, operand.place);
    if (value !== undefined) return value;
    throw refuse.incompatibleTypes(edmType(column), literalType(operand.literal), 'In', place);
  }

  #path(written: readonly PathStep[], place: Place): Operand {
    const steps = this.#withoutVariable(written);
    const last = steps.at(-1);
    if (last?.kind === 'lambda') return { kind: 'condition', holds: this.#lambda(steps, last), place };
    if (last?.kind === 'call' && queryFunctionName(last.name) !== undefined) {
      return { kind: 'condition', holds: this.#queryFunction(steps, last), place };
    }
    const path = bindPath(steps, this.#scope.table, (at) => this.#place(at));
    return { kind: 'column', path, place };
  }

  /** Inside a lambda operator every path begins with its variable; other rows cannot be looked at from there. */
  #withoutVariable(steps: readonly PathStep[]): readonly PathStep[] {
    const [first, next] = steps;
    const variable = this.#variables.at(-1);
    if (first === undefined) throw new TypeError('a path has at least one step');
    if (variable === undefined) return steps;
    const name = first.kind === 'name' ? first.name : '';
    if (name === variable) {
      if (next !== undefined) return steps.slice(1);
      throw refuse.syntax(`Syntax error: a property must follow the range variable '${name}'`, this.#place(first.at));
    }
    throw refuse.notSupported(
      `a property of another row than '${variable}' in its lambda expression`,
      this.#place(first.at),
    );
  }

  /** `collection/any(v:…)`, `collection/all(v:…)`, `collection/any()`. */
  #lambda(steps: readonly PathStep[], lambda: LambdaStep): (negated: boolean) => Condition {
    const placeOf = (at: number): Place => this.#place(at);
    const [first, ...between] = steps.slice(0, -1);
    if (first === undefined) throw refuse.syntax('Syntax error: a collection expected', placeOf(lambda.at));
    const navigation = bindNavigation(first, this.#scope.table, placeOf, lambda);
    if (navigation.kind === 'single') {
      if (between.length === 0) throw refuse.syntax(`'${lambda.op}' needs a collection`, placeOf(lambda.at));
      // "You can't include conditions on collections nested in a lookup" (Filter rows using OData).
      throw refuse.notSupported(`'${lambda.op}' on a collection behind a lookup`, placeOf(lambda.at));
    }
    const [next] = between;
    if (next !== undefined) throw refuse.notSupported('a path through a collection', placeOf(next.at));
    this.#counted(placeOf(lambda.at));
    if (navigation.table.kind === 'virtual') this.#scope.differences.use('virtual-lookup-filter');
    const where = this.#lambdaBody(lambda, navigation.target);
    const through: Condition = { kind: 'through', navigation, where, ...(lambda.op === 'all' && { every: true }) };
    return (negated) => negation(through, negated);
  }

  #lambdaBody({ variable, where, at }: LambdaStep, table: Table): Condition {
    if (variable === undefined || where === undefined) return { kind: 'always' };
    const place = this.#place(at);
    if (this.#variables.includes(variable)) {
      throw refuse.syntax(`The range variable '${variable}' has already been declared: Syntax error`, place);
    }
    if (this.#variables.length >= maxLambdas) {
      throw refuse.limit('lambda operators inside each other', maxLambdas, place);
    }
    const scope = { ...this.#scope, table };
    return new FilterBinder(scope, [...this.#variables, variable], this.#count).condition(where);
  }

  #call(expression: Of<'call'>, place: Place): (negated: boolean) => Condition {
    const { name } = expression;
    if (queryFunctionName(name) !== undefined) {
      const variable = this.#variables.at(-1);
      if (variable === undefined) return this.#queryFunction([], expression);
      throw refuse.notSupported(`'${name}' without '${variable}/' in front of it`, place);
    }
    this.#counted(place);
    if (isTextOperator(name)) return this.#textCall(name, expression.arguments, place);
    if (otherFunctions.includes(name)) throw refuse.notSupported(`the function '${name}'`, place);
    throw refuse.syntax(`An unknown function with name '${name}' was found`, place);
  }

  #queryFunction(steps: readonly PathStep[], call: Of<'call'> | CallStep): (negated: boolean) => Condition {
    const place = this.#place(call.at);
    this.#counted(place);
    const name = queryFunctionName(call.name) ?? '';
    const { table, asking } = this.#scope;
    if (table.kind === 'administration') throw refuse.notSupported(`the function '${call.name}'`, place);
    const { through, target } = bindWay(steps.slice(0, -1), table, (at) => this.#place(at), {
      kind: 'name',
      at: call.at,
      name: call.name,
    });
    const given = this.#given(call.arguments);
    const { column, condition, isNegated } = bindQueryFunction({ name, place, table: target, given, asking });
    const path = { through, column };
    return (negated) => {
      if (!isNegated) return this.#reach(path, negation(condition, negated));
      // "Not" functions hold for rows without a value, as `ne` does.
      return negated ? this.#reach(path, condition) : this.#reach(path, orAbsent(column, condition), condition);
    };
  }

  #given(given: readonly Argument[]): ReadonlyMap<string, Given> {
    const found = new Map<string, Given>();
    for (const { name, value, at } of given) {
      const place = this.#place(at);
      if (name === undefined) throw refuse.syntax('Syntax error: a parameter needs its name', place);
      if (found.has(name)) throw refuse.syntax(`The parameter '${name}' comes twice`, place);
      const operand = this.#operand(value);
      if (operand.kind !== 'literal') throw refuse.syntax(`The parameter '${name}' needs a literal`, place);
      found.set(name, { literal: operand.literal, place: operand.place });
    }
    return found;
  }

  #textCall(op: TextOperator, given: readonly Argument[], place: Place): (negated: boolean) => Condition {
    const [first, second] = given.map((argument) => this.#operand(argument.value));
    const named = given.some((argument) => argument.name !== undefined);
    const isText = first?.kind === 'column' && first.path.column.isText;
    const isValue = second?.kind === 'literal' && second.literal.type === 'string';
    if (given.length !== 2 || named || !isText || !isValue) {
      throw refuse.syntax(
        `No function signature for the function with name '${op}' matches the specified arguments: a text column and a text are expected`,
        place,
      );
    }
    const condition = textCondition(op, first.path.column, second.literal.value, second.place);
    return (negated) => this.#reach(first.path, negation(condition, negated));
  }

  /** A condition on the last row of a path, seen from the first. */
  #reach({ through, column }: BoundPath, where: Condition, opposite?: Condition): Condition {
    const isVirtual = (table: Table): boolean => table.kind === 'virtual';
    const crosses = through.some((navigation) => isVirtual(navigation.table));
    if (crosses || (column.type === 'Lookup' && isVirtual(column.table))) {
      this.#scope.differences.use('virtual-lookup-filter');
    }
    if (opposite === undefined || through.length === 0) return along(through, where);
    return { kind: 'not', of: along(through, opposite) };
  }

  #counted(place: Place): void {
    if (++this.#count.conditions > maxConditions) throw refuse.limit('conditions in $filter', maxConditions, place);
  }

  #place(at: number): Place {
    return { ...this.#scope.source, at };
  }
}

const negation = (condition: Condition, negated: boolean): Condition =>
  negated ? { kind: 'not', of: condition } : condition;

const orAbsent = (column: Column, condition: Condition): Condition => ({
  kind: 'or',
  of: [
    { kind: 'compare', op: 'eq', column, value: null },
    { kind: 'not', of: condition },
  ],
});

const along = (through: BoundPath['through'], where: Condition): Condition =>
  through.reduceRight<Condition>((inner, navigation) => ({ kind: 'through', navigation, where: inner }), where);

const isBoolean = (operand: Operand): boolean =>
  operand.kind === 'condition' || typeOf(operand) === 'Edm.Boolean' || typeOf(operand) === '<null>';

function typeOf(operand: Operand): string {
  if (operand.kind === 'column') return edmType(operand.path.column);
  return operand.kind === 'literal' ? literalType(operand.literal) : 'Edm.Boolean';
}
