import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Column } from '../metadata/table.ts';
import { plainNumber, toPlain } from './json.ts';
import { type Place, refuse } from './problems.ts';
import type { Value } from './query.ts';
import type { Literal } from './syntax/tree.ts';
import { formatDecimal, isInt32, parseDecimal, parseInt64, parseMoment, parseOptions } from './values.ts';

/**
 * A literal of a URL as a value of the column it is compared with, or `undefined` where the types do not go together.
 * Not for `null`. Throws (501) for typed literals, (400) for numbers that no column could hold.
 */
export function valueOfLiteral(column: Column, literal: Literal, place: Place): Exclude<Value, null> | undefined {
  if (literal.type === 'typed') throw refuse.notSupported(`a literal of type '${literal.typeName}'`, place);
  switch (column.type) {
    case 'String':
    case 'Memo':
      return literal.type === 'string' ? literal.value : undefined;
    case 'Choices':
      return literal.type === 'string' ? parseOptions(literal.value)?.join() : undefined;
    case 'Guid':
    case 'Lookup':
      // Quotes around a GUID are tolerated (dataverse-web-api 4.10).
      if (literal.type === 'string') return parseGuid(literal.value);
      return literal.type === 'guid' ? literal.text : undefined;
    case 'Boolean':
      return literal.type === 'boolean' ? literal.value : undefined;
    case 'Date':
    case 'DateTime':
      return literal.type === 'date' || literal.type === 'dateTime' ? momentOf(literal.text, place) : undefined;
    case 'Integer':
    case 'Choice':
    case 'BigInt':
    case 'Decimal':
      return literal.type === 'number' ? numberOf(column, literal.text, place) : undefined;
    default:
      return unreachable(column.type);
  }
}

function momentOf(text: string, place: Place): string {
  const moment = parseMoment(text);
  if (moment === undefined) throw refuse.syntax(`'${text}' is no date`, place);
  return moment.utc;
}

function numberOf(column: Column, text: string, place: Place): number | bigint | string | undefined {
  const decimal = parseDecimal(text);
  const canonical = decimal === undefined ? undefined : formatDecimal(decimal);
  if (canonical === undefined) throw refuse.syntax(`The number ${text.slice(0, 80)} is out of range`, place);
  if (column.type === 'Decimal') return canonical;
  if (canonical.includes('.')) return undefined;
  const whole = parseInt64(canonical);
  const fits = whole !== undefined && (column.type === 'BigInt' || isInt32(Number(whole)));
  if (!fits) throw refuse.syntax(`The number ${text.slice(0, 80)} is out of range`, place);
  return column.type === 'BigInt' ? whole : Number(whole);
}

/** Type of a literal in the product's messages. */
export function literalType(literal: Literal): string {
  switch (literal.type) {
    case 'null':
      return '<null>';
    case 'boolean':
      return 'Edm.Boolean';
    case 'number':
      return /^-?\d+$/.test(literal.text) ? 'Edm.Int32' : 'Edm.Decimal';
    case 'string':
      return 'Edm.String';
    case 'guid':
      return 'Edm.Guid';
    case 'date':
      return 'Edm.Date';
    case 'dateTime':
      return 'Edm.DateTimeOffset';
    case 'timeOfDay':
      return 'Edm.TimeOfDay';
    case 'typed':
      return literal.typeName;
    case 'json':
      return 'Edm.Untyped';
    default:
      return unreachable(literal);
  }
}

/** A literal as a parameter of a function. */
export function plainLiteral(literal: Literal): unknown {
  switch (literal.type) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
    case 'typed':
      return literal.value;
    case 'number':
      return plainNumber(literal.text);
    case 'json':
      return toPlain(literal.value);
    case 'guid':
    case 'date':
    case 'dateTime':
    case 'timeOfDay':
      return literal.text;
    default:
      return unreachable(literal);
  }
}
