import type { Column, Table } from '../../metadata/table.ts';
import type { Asking } from '../asking.ts';
import { compareColumns, isOrdered } from '../bind-comparison.ts';
import { bindQueryFunction, valueOfItem } from '../bind-query-function.ts';
import { isEmptyDate } from '../empty-date.ts';
import type { Differences } from '../fidelity.ts';
import { refuse } from '../problems.ts';
import type { ComparisonOperator, Condition, Value } from '../query.ts';
import type { Given } from '../query-call.ts';
import { parametersOf, type QueryParameter, queryFunctions } from '../query-functions.ts';
import { likeCondition, textCondition } from '../text-condition.ts';
import type { FetchNode } from './fetch-node.ts';
import { type FetchOperator, fetchOperators } from './operators.ts';

export interface ConditionScope {
  readonly asking: Asking;
  readonly differences: Differences;
}

/** The column that an element names, which must be there and not hidden. */
export function columnOf(node: FetchNode, attribute: string, table: Table): Column {
  const name = node.get(attribute);
  const column = table.column.get(name);
  if (column !== undefined && column.hidden !== true) return column;
  throw node.refuse('noAttribute', `'${table.logicalName}' has no attribute '${name}'`, attribute);
}

/** A comparison of two columns; what it means where both are of one row. Checks that they can be compared. */
export function comparedColumns(
  node: FetchNode,
  left: Column,
  right: Column,
): { readonly op: ComparisonOperator; readonly condition: Condition } {
  const operator = operatorOf(node);
  if (operator.kind !== 'compare') {
    throw node.refuse('operator', `'${node.get('operator')}' does not compare two columns`, 'operator');
  }
  const { op } = operator;
  const path = (column: Column) => ({ through: [], column });
  const comparison = { op, place: node.placeOf('valueof'), negated: false };
  return { op, condition: compareColumns(comparison, path(left), path(right), (_path, where) => where) };
}

function operatorOf(node: FetchNode): FetchOperator {
  const name = node.get('operator').toLowerCase();
  const operator = fetchOperators.get(name);
  if (operator === undefined) throw node.refuse('operator', `'${name}'`, 'operator');
  return operator;
}

/** `<condition attribute operator value>` on a row of a table. */
export function bindCondition(node: FetchNode, table: Table, scope: ConditionScope): Condition {
  for (const later of ['aggregate', 'alias', 'rowaggregate']) {
    if (node.find(later) !== undefined) {
      throw refuse.notSupported(`the attribute '${later}' of a condition`, node.placeOf(later));
    }
  }
  const column = columnOf(node, 'attribute', table);
  if (column.type === 'Lookup' && table.kind === 'virtual') {
    scope.differences.use('virtual-lookup-filter', node.placeOf('attribute'));
  }
  const operator = operatorOf(node);
  switch (operator.kind) {
    case 'null':
      checkValues(node, 0);
      return { kind: 'compare', op: operator.op, column, value: null };
    case 'compare': {
      const [value] = checkValues(node, 1);
      if (!isOrdered(column.type, operator.op)) {
        throw node.refuse('operator', `values of '${column.name}' have no order`, 'operator');
      }
      const written = valueIn(node, column, value ?? '');
      const isEquality = operator.op === 'eq' || operator.op === 'ne';
      return {
        kind: 'compare',
        op: operator.op,
        column,
        value: isEquality && isEmptyDate(column, written) ? null : written,
      };
    }
    case 'like':
    case 'text': {
      const [value = ''] = checkValues(node, 1);
      if (!column.isText) throw node.refuse('operator', `'${column.name}' is no text`, 'operator');
      const place = node.placeOf('value');
      const of =
        operator.kind === 'like'
          ? likeCondition(column, value, place)
          : textCondition(operator.op, column, value, place);
      return operator.negated ? orAbsent(column, of) : of;
    }
    case 'function':
      return bindFunction(node, table, scope, operator.name, column);
  }
}

/** "Not" operators hold for rows without a value, as `ne` does. */
const orAbsent = (column: Column, of: Condition): Condition => ({
  kind: 'or',
  of: [
    { kind: 'compare', op: 'eq', column, value: null },
    { kind: 'not', of },
  ],
});

/** The values of a condition: the attribute, or elements inside. `count` `undefined`: one or more. */
function checkValues(node: FetchNode, count: number | undefined): readonly string[] {
  const own = node.find('value');
  const inside = node.all('value');
  const values = own === undefined ? inside.map((value) => value.text) : [own, ...inside.map((value) => value.text)];
  const isRight = count === undefined ? values.length > 0 : values.length === count;
  if (isRight) return values;
  throw node.refuse('badCondition', `'${node.get('operator')}' takes ${count ?? 'some'} values, not ${values.length}`);
}

/** Ids may stand in braces, as cookies and user interfaces write them. */
const braces = /^\{(.*)\}$/s;

function valueIn(node: FetchNode, column: Column, text: string): Value {
  const isId = column.type === 'Guid' || column.type === 'Lookup';
  return valueOfItem(column, isId ? text.replace(braces, '$1') : text, node.placeOf('value'));
}

function bindFunction(node: FetchNode, table: Table, scope: ConditionScope, name: string, column: Column): Condition {
  const definition = queryFunctions.get(name);
  if (definition === undefined) throw new TypeError(`there is no query function ${name}`);
  const parameters = definition.kind === 'refused' ? [] : parametersOf(definition);
  const given = givenOf(node, parameters, column);
  const place = node.placeOf('operator');
  given.set('PropertyName', { literal: { type: 'string', value: column.name }, place: node.placeOf('attribute') });
  const { condition, isNegated } = bindQueryFunction({ name, place, table, given, asking: scope.asking });
  return isNegated ? orAbsent(column, condition) : condition;
}

/** The values of a condition as parameters of a query function. */
function givenOf(node: FetchNode, parameters: readonly QueryParameter[], column: Column): Map<string, Given> {
  const place = node.placeOf('value');
  const [first] = parameters;
  if (first === 'PropertyValues') {
    const isId = column.type === 'Guid' || column.type === 'Lookup';
    const values = checkValues(node, undefined).map((text) => (isId ? text.replace(braces, '$1') : text));
    return new Map([[first, { literal: { type: 'json', value: values }, place }]]);
  }
  const values = checkValues(node, parameters.length);
  return new Map(
    parameters.map((parameter, at) => {
      const value = (values[at] ?? '').replace(braces, '$1');
      return [parameter, { literal: { type: 'string', value }, place }];
    }),
  );
}
