import { unreachable } from '../kernel/unreachable.ts';
import type { Column } from '../metadata/table.ts';
import { hierarchyCondition, reportsCondition } from './bind-hierarchy.ts';
import { valueOfLiteral } from './bind-literal.ts';
import { edmType } from './edm-type.ts';
import { JsonNumber, type JsonValue } from './json.ts';
import { type Place, refuse } from './problems.ts';
import { and, type Condition, type Value } from './query.ts';
import { getAsker, getGiven, type QueryCall } from './query-call.ts';
import {
  type AskerIds,
  askerLanguage,
  columnsOf,
  parametersOf,
  type QueryFunction,
  type QueryParameter,
  queryFunctions,
} from './query-functions.ts';
import { dayRange, fiscalRange, isFiscalPeriod, monthsOfPeriod, type TimeRange } from './relative-dates.ts';
import type { Literal } from './syntax/tree.ts';
import { isInt32, parseMoment, parseOptions } from './values.ts';

const functionNamespace = 'Microsoft.Dynamics.CRM.';

/** Values in one list (`In`, `in`). */
export const maxListItems = 500;

/** The name of a query function without its namespace; `undefined` when it has another one, or none. */
export const queryFunctionName = (name: string): string | undefined =>
  name.startsWith(functionNamespace) ? name.slice(functionNamespace.length) : undefined;

export interface BoundCall {
  readonly column: Column;
  /** On the row that has the column. */
  readonly condition: Condition;
  /** The function means the contrary (`NotIn`). */
  readonly isNegated: boolean;
}

/** `Microsoft.Dynamics.CRM.<name>(PropertyName='…',…)` in a `$filter`. */
export function bindQueryFunction(call: QueryCall): BoundCall {
  const definition = queryFunctions.get(call.name);
  const fullName = `${functionNamespace}${call.name}`;
  if (definition === undefined) {
    throw refuse.syntax(`An unknown function with name '${fullName}' was found`, call.place);
  }
  if (definition.kind === 'refused') {
    throw refuse.notSupported(`the function '${fullName}' (${definition.why})`, call.place);
  }
  checkParameters(call, fullName, parametersOf(definition));
  const column = columnOf(call, fullName, definition);
  const isNegated = 'negated' in definition && definition.negated === true;
  return { column, condition: meaningOf(definition, column, call), isNegated };
}

function checkParameters({ given, place }: QueryCall, name: string, wanted: readonly QueryParameter[]): void {
  const all: readonly string[] = ['PropertyName', ...wanted];
  const unknown = [...given].find(([parameter]) => !all.includes(parameter));
  if (unknown !== undefined) {
    throw refuse.syntax(`The function '${name}' has no parameter '${unknown[0]}'`, unknown[1].place);
  }
  const missing = all.find((parameter) => !given.has(parameter));
  if (missing !== undefined) throw refuse.syntax(`The function '${name}' needs the parameter '${missing}'`, place);
}

/** `PropertyName` is the logical name of a column, or its name on the wire (`_x_value`). */
function columnOf(call: QueryCall, fullName: string, definition: QueryFunction): Column {
  const { literal, place } = getGiven(call, 'PropertyName');
  if (literal.type !== 'string') throw refuse.syntax(`The parameter 'PropertyName' must be a text`, place);
  const named = call.table.column.get(literal.value) ?? call.table.property.get(literal.value);
  if (named === undefined || named.hidden === true) throw refuse.unknownProperty(literal.value, call.table, place);
  if (columnsOf(definition).includes(named.type)) return named;
  if (definition.kind === 'list' && named.type === 'Choices') {
    throw refuse.notSupported(`'${fullName}' of a column with several choices`, place);
  }
  throw refuse.syntax(
    `The function '${fullName}' cannot be asked of '${named.name}' of type '${edmType(named)}'`,
    place,
  );
}

function meaningOf(definition: QueryFunction, column: Column, call: QueryCall): Condition {
  switch (definition.kind) {
    case 'now':
      return inRange(column, definition.rangeOf(call.asking.now));
    case 'count': {
      const count = wholeNumber(call, 'PropertyValue', 1);
      return inRange(column, definition.rangeOf(definition.unit, count, call.asking.now));
    }
    case 'day':
      return inRange(column, dayRange(definition.part, momentOf(call)));
    case 'fiscalPeriod': {
      const period = fiscalPeriodOf(call, 'PropertyValue1');
      return inRange(column, fiscalRange(yearOf(call, 'PropertyValue2'), period, definition.part));
    }
    case 'anyPeriod':
      return { kind: 'month', column, months: monthsOfPeriod(fiscalPeriodOf(call, 'PropertyValue')) };
    case 'fiscalYear':
      return inRange(column, definition.rangeOf(yearOf(call, 'PropertyValue')));
    case 'between':
      return between(column, call);
    case 'list':
      return { kind: 'in', column, values: listOf(column, call) };
    case 'options':
      return { kind: 'options', column, options: optionsOf(call) };
    case 'asker':
      return { kind: 'in', column, values: askerIds(definition.ids, call) };
    case 'language':
      return { kind: 'compare', op: 'eq', column, value: askerLanguage };
    case 'hierarchy':
      return hierarchyCondition(definition, column, call);
    case 'reports':
      return reportsCondition(definition, column, call);
    case 'refused':
      throw new TypeError('a function that is refused has no meaning');
    default:
      return unreachable(definition);
  }
}

function inRange(column: Column, { from, before }: TimeRange): Condition {
  const condition = and(
    from === undefined ? undefined : { kind: 'compare', op: 'ge', column, value: from },
    before === undefined ? undefined : { kind: 'compare', op: 'lt', column, value: before },
  );
  return condition ?? { kind: 'compare', op: 'ne', column, value: null };
}

/** Whole numbers are also taken as text. */
function wholeNumber(call: QueryCall, parameter: QueryParameter, least: number): number {
  const { literal, place } = getGiven(call, parameter);
  const text = literal.type === 'number' ? literal.text : literal.type === 'string' ? literal.value : '';
  const number = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (isInt32(number) && number >= least) return number;
  throw refuse.syntax(`The parameter '${parameter}' must be a whole number from ${least} on`, place);
}

function yearOf(call: QueryCall, parameter: QueryParameter): number {
  const year = wholeNumber(call, parameter, 1);
  if (year <= 9999) return year;
  throw refuse.syntax(`The parameter '${parameter}' must be a year`, getGiven(call, parameter).place);
}

function fiscalPeriodOf(call: QueryCall, parameter: QueryParameter): number {
  const period = wholeNumber(call, parameter, 1);
  if (isFiscalPeriod(period)) return period;
  throw refuse.syntax(`The parameter '${parameter}' must be a fiscal period`, getGiven(call, parameter).place);
}

function momentOf(call: QueryCall): Date {
  const { literal, place } = getGiven(call, 'PropertyValue');
  const text = literal.type === 'string' ? literal.value : 'text' in literal ? literal.text : '';
  const moment = parseMoment(text);
  if (moment === undefined) throw refuse.syntax(`The parameter 'PropertyValue' must be a date`, place);
  return new Date(moment.utc);
}

function between(column: Column, call: QueryCall): Condition {
  const values = listOf(column, call);
  const [from = null, to = null] = values;
  if (values.length !== 2) {
    throw refuse.syntax(`The parameter 'PropertyValues' must be two values`, getGiven(call, 'PropertyValues').place);
  }
  return {
    kind: 'and',
    of: [
      { kind: 'compare', op: 'ge', column, value: from },
      { kind: 'compare', op: 'le', column, value: to },
    ],
  };
}

/** A JSON array; each value may be written as text, whatever the column's type. */
function listOf(column: Column, call: QueryCall): readonly Value[] {
  const { place } = getGiven(call, 'PropertyValues');
  return itemsOf(call).map((item) => valueOfItem(column, item, place));
}

/** Numbers of options, each once. */
function optionsOf(call: QueryCall): readonly number[] {
  const { place } = getGiven(call, 'PropertyValues');
  const options = itemsOf(call).map((item) => {
    const text = item instanceof JsonNumber ? item.text : typeof item === 'string' ? item : '';
    const [option, ...others] = parseOptions(text) ?? [];
    if (option !== undefined && others.length === 0) return option;
    throw refuse.syntax(`A value in 'PropertyValues' is no number of an option`, place);
  });
  return [...new Set(options)];
}

function itemsOf(call: QueryCall): readonly JsonValue[] {
  const { literal, place } = getGiven(call, 'PropertyValues');
  const items = literal.type === 'json' && Array.isArray(literal.value) ? (literal.value as readonly JsonValue[]) : [];
  if (items.length === 0) throw refuse.syntax(`The parameter 'PropertyValues' must be a list of values`, place);
  if (items.length > maxListItems) throw refuse.limit(`values in 'PropertyValues'`, maxListItems, place);
  return items;
}

/** A value that may be written as text, whatever the column's type. */
export function valueOfItem(column: Column, item: JsonValue, place: Place): Value {
  const literal = literalOf(column, item);
  const value = literal === undefined ? undefined : valueOfLiteral(column, literal, place);
  if (value !== undefined) return value;
  throw refuse.syntax(`A value in 'PropertyValues' does not fit '${column.name}' of type '${edmType(column)}'`, place);
}

function literalOf(column: Column, item: JsonValue): Literal | undefined {
  if (typeof item === 'boolean') return { type: 'boolean', value: item };
  const text = item instanceof JsonNumber ? item.text : typeof item === 'string' ? item : undefined;
  if (text === undefined) return undefined;
  switch (column.type) {
    case 'Boolean':
      return text === 'true' || text === '1'
        ? { type: 'boolean', value: true }
        : text === 'false' || text === '0'
          ? { type: 'boolean', value: false }
          : undefined;
    case 'Integer':
    case 'BigInt':
    case 'Decimal':
    case 'Choice':
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? { type: 'number', text } : undefined;
    case 'Date':
    case 'DateTime':
      return { type: 'dateTime', text };
    default:
      return typeof item === 'string' ? { type: 'string', value: item } : undefined;
  }
}

function askerIds(ids: readonly AskerIds[], { asking, place }: QueryCall): readonly Value[] {
  const asker = getAsker(asking, place);
  const known: Record<AskerIds, readonly Value[]> = {
    user: [asker.userId],
    businessUnit: [asker.businessUnitId],
    roleBusinessUnits: asker.roleBusinessUnitIds,
    teams: asker.teamIds,
  };
  return ids.flatMap((name) => known[name]);
}
