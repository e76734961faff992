import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { parseGuid } from '../../kernel/ids.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import type { Column } from '../../metadata/table.ts';
import type { ComparisonOperator, Value } from '../../odata/query.ts';
import type { Alphabet } from '../alphabet.ts';
import { orderKey, wellFormed } from '../text-key.ts';
import { decimalText, largestNumber, roundDecimal, type Scaled, scaleDecimal, smallestNumber } from './decimal.ts';
import type { Dialect, Present, SqlValue } from './dialect.ts';

/** Values of the code to values of the database, checked: what does not fit its column is a fault of ours (TypeError). */
export interface Codec {
  readonly dialect: Dialect;
  readonly alphabet: Alphabet;
  readonly columnShapes: ColumnShapes;
}

/** Texts of lists of columns that are kept, at most twice as many. */
const keptTexts = 500;

/**
 * What lists of columns add to a shape: a number, which stays with the list's text while it is kept and is never given
 * to another. `Query.columns` is usually one of few arrays that live as long as the model or a kept request, so a list
 * is joined once, and what is hashed for each statement is short.
 */
export class ColumnShapes {
  readonly #ofLists = new WeakMap<readonly Column[], string>();
  readonly #ofTexts = new BoundedCache<string>(keptTexts);
  #last = 0;

  of(columns: readonly Column[]): string {
    const known = this.#ofLists.get(columns);
    if (known !== undefined) return known;
    const text = columns.map((column) => column.name).join();
    const shape = this.#ofTexts.get(text) ?? this.#number(text);
    this.#ofLists.set(columns, shape);
    return shape;
  }

  #number(text: string): string {
    const shape = `[${++this.#last}]`;
    this.#ofTexts.set(text, shape);
    return shape;
  }
}

export const makeCodec = (dialect: Dialect, alphabet: Alphabet): Codec => ({
  dialect,
  alphabet,
  columnShapes: new ColumnShapes(),
});

/** A value to store. Decimals are rounded to their column's scale. */
export function storedValue(codec: Codec, column: Column, value: Value): SqlValue {
  return value === null ? null : codec.dialect.encode(column, checked(column, value));
}

/** A value to compare `comparedColumn(column)` with, for values that the column can hold. */
export function comparedValue(codec: Codec, column: Column, value: Present): SqlValue {
  if (column.isText) return orderKey(textOf(column, value), codec.alphabet);
  return codec.dialect.encode(column, checked(column, value));
}

/**
 * A comparison with any value, turned into one with a value that the column can hold: `n > 1.5` of a whole number is
 * `n > 1`. A comparison that no present value meets (`n = 1.5`) becomes one with the largest number.
 */
export function fittedComparison(
  codec: Codec,
  column: Column,
  op: ComparisonOperator,
  value: Present,
): { readonly op: ComparisonOperator; readonly value: SqlValue } | 'always' {
  const scale = scaleOf(column);
  if (scale === undefined) return { op, value: comparedValue(codec, column, value) };
  const { op: fittedOp, units } = fitNumber(op, scaledNumber(column, value, scale));
  if (fittedOp === 'always') return 'always';
  return { op: fittedOp, value: codec.dialect.encode(column, numberOf(column, units)) };
}

/** Digits after the point of a column that holds numbers. */
function scaleOf(column: Column): number | undefined {
  if (column.type === 'Decimal') return column.scale;
  return column.type === 'Integer' || column.type === 'Choice' || column.type === 'BigInt' ? 0 : undefined;
}

function scaledNumber(column: Column, value: Present, scale: number): Scaled {
  if (typeof value === 'bigint') return { floor: value * 10n ** BigInt(scale), exact: true };
  if (typeof value === 'string' && column.type === 'Decimal') return scaleDecimal(value, scale);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(column, value);
  if (Number.isInteger(value)) return { floor: BigInt(value) * 10n ** BigInt(scale), exact: true };
  if (scale > 0) return scaleDecimal(value.toFixed(20), scale);
  return { floor: BigInt(Math.floor(value)), exact: false };
}

function fitNumber(
  op: ComparisonOperator,
  { floor, exact }: Scaled,
): { readonly op: ComparisonOperator | 'always'; readonly units: bigint } {
  const inside = floor >= smallestNumber && floor <= largestNumber;
  if (inside && exact) return { op, units: floor };
  if (op === 'eq') return { op: 'gt', units: largestNumber };
  if (op === 'ne') return { op: 'always', units: 0n };
  const above = op === 'gt' || op === 'ge';
  if (inside) return { op: above ? 'gt' : 'le', units: floor };
  if (floor > largestNumber) return { op: above ? 'gt' : 'le', units: largestNumber };
  return { op: above ? 'ge' : 'lt', units: smallestNumber };
}

const numberOf = (column: Column, units: bigint): Present =>
  column.type === 'Decimal' ? decimalText(units, column.scale) : units;

function checked(column: Column, value: Present): Present {
  switch (column.type) {
    case 'String':
    case 'Memo':
      return wellFormed(storableText(column, textOf(column, value)));
    case 'Choices':
      if (typeof value !== 'string' || !optionNumbers.test(value)) throw wrongType(column, value);
      return value;
    case 'Guid':
    case 'Lookup':
      if (typeof value !== 'string' || parseGuid(value) !== value) throw wrongType(column, value);
      return value;
    case 'Date':
    case 'DateTime':
      if (typeof value !== 'string' || !timestamp.test(value)) throw wrongType(column, value);
      return value;
    case 'Boolean':
      if (typeof value !== 'boolean') throw wrongType(column, value);
      return value;
    case 'Integer':
    case 'Choice':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(column, value);
      if (value < -smallIntegers || value >= smallIntegers) throw new TypeError(tooLarge(column));
      return wholeNumber(column, value);
    case 'BigInt':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(column, value);
      return wholeNumber(column, value);
    case 'Decimal':
      if (typeof value !== 'string') throw wrongType(column, value);
      return decimalText(inRange(column, roundDecimal(value, column.scale)), column.scale);
    default:
      return unreachable(column.type);
  }
}

/** `Integer` and `Choice` have 32 bits. */
const smallIntegers = 2 ** 31;
const optionNumbers = /^-?\d+(?:,-?\d+)*$/;
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function textOf(column: Column, value: Present): string {
  if (typeof value !== 'string') throw wrongType(column, value);
  return value;
}

function storableText(column: Column, text: string): string {
  if (text.includes('\0')) throw new TypeError(`text of \`${column.name}\` holds the character U+0000`);
  return text;
}

function wholeNumber(column: Column, value: number | bigint): number | bigint {
  if (typeof value === 'bigint') return inRange(column, value);
  if (!Number.isSafeInteger(value)) throw wrongType(column, value);
  return value;
}

function inRange(column: Column, units: bigint): bigint {
  if (units < smallestNumber || units > largestNumber) throw new TypeError(tooLarge(column));
  return units;
}

const tooLarge = (column: Column): string => `number too large for \`${column.name}\``;

function wrongType(column: Column, value: Present): TypeError {
  return new TypeError(`a ${typeof value} (or its form) does not fit \`${column.name}\` of type ${column.type}`);
}
