import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { columnDefaults } from '../metadata/limits.ts';
import type { Column, Model } from '../metadata/table.ts';
import { edmType } from './edm-type.ts';
import { JsonNumber, type JsonValue } from './json.ts';
import { refuse } from './problems.ts';
import type { Value } from './query.ts';
import {
  compareDecimals,
  type Decimal,
  fitsInt64,
  formatDecimal,
  isInt32,
  parseDecimal,
  parseInt64,
  parseMoment,
  parseOptions,
  roundDecimal,
} from './values.ts';

export interface ValueRules {
  readonly model: Model;
  /** `IEEE754Compatible=true` in the content type. */
  readonly numbersAsText: boolean;
}

type Given = Exclude<JsonValue, null>;

/** A member of a JSON body as a value of its column. Refuses wrong types, lengths, ranges and options. */
export function valueOfJson(column: Column, given: Given, rules: ValueRules): Exclude<Value, null> {
  switch (column.type) {
    case 'String':
    case 'Memo':
      return textOf(column, given);
    case 'Guid':
    case 'Lookup':
      return (typeof given === 'string' ? parseGuid(given) : undefined) ?? wrongType(column, given);
    case 'Boolean':
      return typeof given === 'boolean' ? given : wrongType(column, given);
    case 'Date':
    case 'DateTime':
      return momentOf(column, given);
    case 'Integer':
      return integerOf(column, given);
    case 'Choice':
      return optionOf(column, given, rules.model);
    case 'Choices':
      return optionsOf(column, given, rules.model);
    case 'BigInt':
      return bigIntegerOf(column, given, rules);
    case 'Decimal':
      return decimalOf(column, given, rules);
    default:
      return unreachable(column.type);
  }
}

function wrongType(column: Column, given: Given): never {
  throw refuse.wrongType(column, edmType(column), describe(given));
}

function describe(given: Given): string {
  if (given instanceof JsonNumber) return `the number ${given.text.slice(0, 50)}`;
  if (typeof given === 'string') return 'a text';
  if (typeof given === 'boolean') return 'a boolean';
  return Array.isArray(given) ? 'an array' : 'an object';
}

function textOf(column: Column, given: Given): string {
  if (typeof given !== 'string') return wrongType(column, given);
  if (given.length > column.maxLength) throw refuse.tooLong(column);
  return given;
}

/**
 * A date column keeps the date only. Where an offset puts the moment on another day in UTC than the one written, nobody
 * can know which was meant: refused.
 */
function momentOf(column: Column, given: Given): string {
  const moment = typeof given === 'string' ? parseMoment(given) : undefined;
  if (moment === undefined) return wrongType(column, given);
  if (column.type === 'DateTime') return moment.utc;
  if (!moment.utc.startsWith(moment.date)) return wrongType(column, given);
  return `${moment.date}T00:00:00Z`;
}

function integerOf(column: Column, given: Given): number {
  if (!(given instanceof JsonNumber) || !/^-?\d+$/.test(given.text)) return wrongType(column, given);
  const value = Number(given.text);
  if (!isInt32(value)) throw refuse.outOfRange(column);
  if (value < (column.min ?? value) || value > (column.max ?? value)) throw refuse.outOfRange(column);
  return value === 0 ? 0 : value;
}

function optionOf(column: Column, given: Given, model: Model): number {
  const value = integerOf(column, given);
  if (column.choice !== undefined) refuseOthers(column, [value], model);
  return value;
}

/** Numbers of options with commas between them, in any order. */
function optionsOf(column: Column, given: Given, model: Model): string {
  const options = typeof given === 'string' ? parseOptions(given) : undefined;
  if (options === undefined) return wrongType(column, given);
  refuseOthers(column, options, model);
  return options.join();
}

function refuseOthers(column: Column, values: readonly number[], model: Model): void {
  const accepted = model.choice.get(column.choice ?? '')?.options.map((option) => option.value) ?? [];
  const other = values.find((value) => !accepted.includes(value));
  if (other !== undefined) throw refuse.invalidOption(column, other, accepted);
}

function numberTextOf(column: Column, given: Given, { numbersAsText }: ValueRules): string {
  if (given instanceof JsonNumber) return given.text;
  return numbersAsText && typeof given === 'string' ? given : wrongType(column, given);
}

function bigIntegerOf(column: Column, given: Given, rules: ValueRules): bigint {
  const text = numberTextOf(column, given, rules);
  if (!/^-?\d+$/.test(text)) return wrongType(column, given);
  const value = parseInt64(text);
  if (value === undefined || value < (column.min ?? value) || value > (column.max ?? value)) {
    throw refuse.outOfRange(column);
  }
  return value;
}

/** Kept exactly, but for digits beyond the column's scale, which are rounded as the product does. */
function decimalOf(column: Column, given: Given, rules: ValueRules): string {
  const text = numberTextOf(column, given, rules);
  const parsed = parseDecimal(text);
  if (parsed === undefined) {
    if (given instanceof JsonNumber || /^[-+]?[\d.eE+-]+$/.test(text)) throw refuse.outOfRange(column);
    return wrongType(column, given);
  }
  const value = roundDecimal(parsed, column.scale);
  const most = limitOf(column.max ?? columnDefaults.decimalMax);
  const least = limitOf(column.min ?? -columnDefaults.decimalMax);
  const canonical = formatDecimal(value);
  if (canonical === undefined || compareDecimals(value, most) > 0 || compareDecimals(value, least) < 0) {
    throw refuse.outOfRange(column);
  }
  // Kept as a whole number of its smallest unit, of 64 bits: less than some columns of many digits may have.
  if (!fitsInt64(value, column.scale)) throw refuse.outOfRange(column);
  return canonical;
}

function limitOf(limit: number): Decimal {
  const decimal = parseDecimal(String(limit));
  if (decimal === undefined) throw new TypeError(`${limit} is no limit of a decimal column`);
  return decimal;
}
