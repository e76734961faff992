import { unreachable } from '../../src/kernel/unreachable.ts';
import { JsonNumber, type JsonValue } from '../../src/odata/json.ts';
import type { Argument, Expression, Literal, PathStep } from '../../src/odata/syntax/tree.ts';

/** A tree without its positions, as JSON values, for comparison. */
export function withoutPositions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPositions);
  if (node instanceof Map) return [...node].map(withoutPositions);
  if (node instanceof JsonNumber) return { number: node.text };
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => name !== 'at')
      .map(([name, value]) => [name, withoutPositions(value)]),
  );
}

/** How tightly each operator binds, loosest first (OData 4.01 section 5.1.1.16). */
const precedence: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['eq', 'ne'],
  ['gt', 'ge', 'lt', 'le'],
  ['add', 'sub'],
  ['mul', 'div', 'divby', 'mod'],
  ['not', 'negate'],
  ['has', 'in'],
];
const primary = precedence.length;
const levelOf = (op: string): number => precedence.findIndex((words) => words.includes(op));

/** The text of a tree, with parentheses only where the grammar needs them. Written apart from the parser. */
export function printExpression(expression: Expression, least = 0): string {
  const [text, level] = print(expression);
  return level < least ? `(${text})` : text;
}

function print(expression: Expression): readonly [text: string, level: number] {
  switch (expression.kind) {
    case 'literal':
      return [printLiteral(expression.literal), primary];
    case 'alias':
      return [expression.name, primary];
    case 'path':
      return [expression.steps.map(printStep).join('/'), primary];
    case 'call':
      return [`${expression.name}(${printArguments(expression.arguments)})`, primary];
    case 'list':
      return [`(${expression.items.map((item) => printExpression(item)).join(',')})`, primary];
    case 'logical': {
      const level = levelOf(expression.op);
      const operands = expression.operands.map((operand) => printExpression(operand, level + 1));
      return [operands.join(` ${expression.op} `), level];
    }
    case 'binary': {
      const level = levelOf(expression.op);
      const left = printExpression(expression.left, level === primary - 1 ? primary : level);
      return [`${left} ${expression.op} ${printExpression(expression.right, level + 1)}`, level];
    }
    case 'unary': {
      const level = levelOf(expression.op);
      return [`${expression.op === 'not' ? 'not' : '-'} ${printExpression(expression.operand, level)}`, level];
    }
    default:
      return unreachable(expression);
  }
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'name':
    case 'dollar':
      return step.name;
    case 'star':
      return '*';
    case 'call':
      return `${step.name}(${printArguments(step.arguments)})`;
    case 'lambda':
      return step.where === undefined ? `${step.op}()` : `${step.op}(${step.variable}:${printExpression(step.where)})`;
    default:
      return unreachable(step);
  }
}

const printArguments = (given: readonly Argument[]): string =>
  given.map(({ name, value }) => (name === undefined ? '' : `${name}=`) + printExpression(value)).join(',');

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function printLiteral(literal: Literal): string {
  switch (literal.type) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(literal.value);
    case 'string':
      return quote(literal.value);
    case 'typed':
      return literal.typeName + quote(literal.value);
    case 'json':
      return printJson(literal.value);
    case 'number':
    case 'guid':
    case 'date':
    case 'dateTime':
    case 'timeOfDay':
      return literal.text;
    default:
      return unreachable(literal);
  }
}

function printJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
