import { unreachable } from '../kernel/unreachable.ts';
import type { Column, ColumnType, Table } from '../metadata/table.ts';
import type { Aliases } from './aliases.ts';
import { literalType, valueOfLiteral } from './bind-literal.ts';
import { type BoundPath, bindPath } from './bind-path.ts';
import { edmType } from './edm-type.ts';
import type { Differences } from './fidelity.ts';
import { type Place, refuse } from './problems.ts';
import type { ComparisonOperator, Condition, TextOperator } from './query.ts';
import type { Argument, Expression, Literal } from './syntax/tree.ts';

/** Comparisons and function calls in one `$filter`. */
const maxConditions = 500;

export interface FilterScope {
  readonly table: Table;
  /** The text that positions count in. */
  readonly text: string;
  /** Absent inside `$expand`, where aliases are not allowed (dataverse-web-api 4.10). */
  readonly aliases: Aliases | undefined;
  readonly differences: Differences;
}

/** The tree of a `$filter` as a condition on rows of a table: names looked up, types checked, values made canonical. */
export const bindFilter = (expression: Expression, scope: FilterScope): Condition =>
  new FilterBinder(scope).condition(expression);

type Operand =
  | { readonly kind: 'column'; readonly path: BoundPath; readonly at: number }
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'condition'; readonly condition: Condition; readonly at: number };

type BinaryExpression = Extract<Expression, { kind: 'binary' }>;
type CallExpression = Extract<Expression, { kind: 'call' }>;

const operators = {
  eq: { name: 'Equal', flipped: 'eq' },
  ne: { name: 'NotEqual', flipped: 'ne' },
  gt: { name: 'GreaterThan', flipped: 'lt' },
  ge: { name: 'GreaterThanOrEqual', flipped: 'le' },
  lt: { name: 'LessThan', flipped: 'gt' },
  le: { name: 'LessThanOrEqual', flipped: 'ge' },
} as const satisfies Record<ComparisonOperator, { readonly name: string; readonly flipped: ComparisonOperator }>;

const isComparison = (op: BinaryExpression['op']): op is ComparisonOperator => op in operators;

const textOperators: ReadonlySet<string> = new Set<TextOperator>(['contains', 'startswith', 'endswith']);
const isTextOperator = (name: string): name is TextOperator => textOperators.has(name);

/** Functions of OData that exist, but not in this service (dataverse-web-api 4.10). */
const otherFunctions: ReadonlySet<string> = new Set(
  (
    'length indexof substring tolower toupper trim concat matchesPattern year month day hour minute second ' +
    'fractionalseconds date time totaloffsetminutes now mindatetime maxdatetime totalseconds round floor ceiling ' +
    'cast isof geo.distance geo.intersects geo.length hassubset hassubsequence case'
  ).split(' '),
);

/** Columns of the same class may be compared with each other. */
const comparisonClass = {
  String: 'text',
  Memo: 'text',
  Guid: 'id',
  Lookup: 'id',
  Integer: 'whole',
  Choice: 'whole',
  BigInt: 'whole',
  Decimal: 'decimal',
  Boolean: 'boolean',
  Date: 'moment',
  DateTime: 'moment',
} as const satisfies Record<ColumnType, string>;

class FilterBinder {
  readonly #scope: FilterScope;
  #conditions = 0;

  constructor(scope: FilterScope) {
    this.#scope = scope;
  }

  condition(expression: Expression): Condition {
    if (expression.kind === 'logical') {
      return { kind: expression.op, of: expression.operands.map((operand) => this.condition(operand)) };
    }
    if (expression.kind === 'unary' && expression.op === 'not') return this.#not(expression.operand, expression.at);
    const operand = this.#operand(expression);
    return this.#asCondition(operand) ?? this.#refuseNotBoolean(operand);
  }

  #not(operand: Expression, at: number): Condition {
    const inner = operand.kind === 'logical' || operand.kind === 'unary' ? undefined : this.#operand(operand);
    if (inner === undefined) return { kind: 'not', of: this.condition(operand) };
    const condition = this.#asCondition(inner);
    if (condition !== undefined) return { kind: 'not', of: condition };
    // `not a eq 1` is `(not a) eq 1`: `not` binds tighter than comparisons (OData 4.01 section 5.1.1.16).
    throw refuse.syntax(
      `A unary operator with an incompatible type was detected. Found operand type '${this.#typeOf(inner)}' for operator kind 'Not' (a negated comparison needs parentheses)`,
      this.#place(at),
    );
  }

  #asCondition(operand: Operand): Condition | undefined {
    if (operand.kind === 'condition') return operand.condition;
    if (operand.kind === 'literal') {
      if (operand.literal.type === 'null') return { kind: 'never' };
      if (operand.literal.type !== 'boolean') return undefined;
      return { kind: operand.literal.value ? 'always' : 'never' };
    }
    if (operand.path.column.type !== 'Boolean') return undefined;
    return this.#reach(operand.path, (column) => ({ kind: 'compare', op: 'eq', column, value: true }));
  }

  #refuseNotBoolean(operand: Operand): never {
    throw refuse.syntax(
      `The $filter expression must evaluate to a single boolean value, not '${this.#typeOf(operand)}',`,
      this.#place(operand.at),
    );
  }

  #operand(expression: Expression): Operand {
    const { at } = expression;
    switch (expression.kind) {
      case 'literal':
        return { kind: 'literal', literal: expression.literal, at };
      case 'alias':
        return { kind: 'literal', literal: this.#alias(expression.name, at), at };
      case 'path':
        return { kind: 'column', path: this.#path(expression.steps), at };
      case 'call':
        return { kind: 'condition', condition: this.#call(expression), at };
      case 'binary':
        return { kind: 'condition', condition: this.#binary(expression), at };
      case 'unary':
        if (expression.op === 'negate') throw refuse.notSupported('arithmetic', this.#place(at));
        return { kind: 'condition', condition: this.condition(expression), at };
      case 'logical':
        return { kind: 'condition', condition: this.condition(expression), at };
      case 'list':
        throw refuse.syntax('Syntax error: a list does not belong here', this.#place(at));
      default:
        return unreachable(expression);
    }
  }

  #binary(expression: BinaryExpression): Condition {
    const { op, at } = expression;
    if (op === 'in') {
      throw refuse.syntax("The operator 'in' is not part of OData 4.0: Syntax error", this.#place(at));
    }
    if (op === 'has') throw refuse.notSupported("the operator 'has'", this.#place(at));
    if (!isComparison(op)) throw refuse.notSupported(`the arithmetic operator '${op}'`, this.#place(at));
    const left = this.#operand(expression.left);
    const right = this.#operand(expression.right);
    this.#count();
    if (left.kind === 'column' && right.kind === 'column') return this.#compareColumns(op, left, right, at);
    if (left.kind === 'column' && right.kind === 'literal') return this.#compare(op, left.path, right, at);
    if (left.kind === 'literal' && right.kind === 'column') {
      return this.#compare(operators[op].flipped, right.path, left, at);
    }
    return this.#compareBoolean(op, left, right, at);
  }

  #compare(
    op: ComparisonOperator,
    path: BoundPath,
    { literal, at: literalAt }: Extract<Operand, { kind: 'literal' }>,
    at: number,
  ): Condition {
    if (literal.type === 'null') return this.#compareNull(op, path);
    const { column } = path;
    const value = valueOfLiteral(column, literal, this.#place(literalAt));
    const ordered = column.type !== 'Boolean' || op === 'eq' || op === 'ne';
    if (value === undefined || !ordered) {
      throw refuse.incompatibleTypes(edmType(column), literalType(literal), operators[op].name, this.#place(at));
    }
    // `nav/x ne 1` also holds where there is no row to have an x.
    const negated = op === 'ne' && path.through.length > 0;
    const condition = this.#reach(path, () => ({ kind: 'compare', op: negated ? 'eq' : op, column, value }));
    return negated ? { kind: 'not', of: condition } : condition;
  }

  #compareNull(op: ComparisonOperator, path: BoundPath): Condition {
    // OData 4.01 section 5.1.1.1: an order comparison with null is false.
    if (op !== 'eq' && op !== 'ne') return { kind: 'never' };
    // `nav/x eq null` also holds where there is no row to have an x.
    const negated = op === 'eq' && path.through.length > 0;
    const condition = this.#reach(path, (column) => ({
      kind: 'compare',
      op: negated ? 'ne' : op,
      column,
      value: null,
    }));
    return negated ? { kind: 'not', of: condition } : condition;
  }

  #compareColumns(
    op: ComparisonOperator,
    left: Extract<Operand, { kind: 'column' }>,
    right: Extract<Operand, { kind: 'column' }>,
    at: number,
  ): Condition {
    const leftClass = comparisonClass[left.path.column.type];
    const ordered = leftClass !== 'boolean' || op === 'eq' || op === 'ne';
    if (leftClass !== comparisonClass[right.path.column.type] || !ordered) {
      throw refuse.incompatibleTypes(this.#typeOf(left), this.#typeOf(right), operators[op].name, this.#place(at));
    }
    if (left.path.through.length + right.path.through.length > 0) {
      throw refuse.notSupported('a comparison of two columns of which one is in another row', this.#place(at));
    }
    this.#noteLookup(left.path);
    this.#noteLookup(right.path);
    return { kind: 'compareColumns', op, left: left.path.column, right: right.path.column };
  }

  /** `contains(…) eq true` and the like; anything else here has wrong types or compares constants. */
  #compareBoolean(op: ComparisonOperator, left: Operand, right: Operand, at: number): Condition {
    const [condition, other] = left.kind === 'condition' ? [left, right] : [right, left];
    if (condition.kind !== 'condition') throw refuse.notSupported('a comparison of two constants', this.#place(at));
    const isFlag = other.kind === 'literal' && other.literal.type === 'boolean';
    if (!isFlag || (op !== 'eq' && op !== 'ne')) {
      throw refuse.incompatibleTypes(this.#typeOf(left), this.#typeOf(right), operators[op].name, this.#place(at));
    }
    const holds = other.literal.value === (op === 'eq');
    return holds ? condition.condition : { kind: 'not', of: condition.condition };
  }

  #call(expression: CallExpression): Condition {
    const { name, at } = expression;
    this.#count();
    if (isTextOperator(name)) return this.#textCall(name, expression.arguments, at);
    if (otherFunctions.has(name) || name.startsWith('Microsoft.Dynamics.CRM.')) {
      throw refuse.notSupported(`the function '${name}'`, this.#place(at));
    }
    throw refuse.syntax(`An unknown function with name '${name}' was found`, this.#place(at));
  }

  #textCall(op: TextOperator, given: readonly Argument[], at: number): Condition {
    const [first, second] = given.map((argument) => this.#operand(argument.value));
    const named = given.some((argument) => argument.name !== undefined);
    const isText = first?.kind === 'column' && first.path.column.isText;
    const value = second?.kind === 'literal' && second.literal.type === 'string' ? second.literal.value : undefined;
    if (given.length !== 2 || named || !isText || value === undefined) {
      throw refuse.syntax(
        `No function signature for the function with name '${op}' matches the specified arguments: a text column and a text are expected`,
        this.#place(at),
      );
    }
    return this.#reach(first.path, (column) => ({ kind: 'text', op, column, value }));
  }

  #path(steps: Extract<Expression, { kind: 'path' }>['steps']): BoundPath {
    return bindPath(steps, this.#scope.table, (at) => this.#place(at));
  }

  /** A condition on the last row of a path, seen from the first. */
  #reach({ through, column }: BoundPath, make: (column: Column) => Condition): Condition {
    this.#noteLookup({ through, column });
    return through.reduceRight<Condition>(
      (where, navigation) => ({ kind: 'through', navigation, where }),
      make(column),
    );
  }

  #noteLookup({ through, column }: BoundPath): void {
    const isVirtual = (table: Table): boolean => table.kind === 'virtual';
    const crosses = through.some((navigation) => isVirtual(navigation.table));
    if (crosses || (column.type === 'Lookup' && isVirtual(column.table))) {
      this.#scope.differences.use('virtual-lookup-filter');
    }
  }

  #alias(name: string, at: number): Literal {
    const place = this.#place(at);
    if (this.#scope.aliases === undefined)
      throw refuse.syntax('A parameter alias is not allowed inside $expand', place);
    return this.#scope.aliases.get(name, place);
  }

  #typeOf(operand: Operand): string {
    if (operand.kind === 'column') return edmType(operand.path.column);
    return operand.kind === 'literal' ? literalType(operand.literal) : 'Edm.Boolean';
  }

  #count(): void {
    if (++this.#conditions > maxConditions) throw refuse.limit('conditions in $filter', maxConditions);
  }

  #place(at: number): Place {
    return { text: this.#scope.text, at };
  }
}
