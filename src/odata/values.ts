/**
 * Canonical texts of numbers and dates (see `Value` in query.ts). Used for URLs, bodies and skip tokens alike, so that
 * one value has one form.
 */

/** `digits` x 10^-`scale`. `digits` has no leading or trailing zero; zero is `''` with scale 0 and no sign. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const zero: Decimal = { negative: false, digits: '', scale: 0 };

/** More than this many digits before or after the point is no value of any column. */
const maxDecimalDigits = 64;

/** A decimal number as written in JSON or a URL, without loss. `undefined` when it is not one or absurdly large. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalPattern.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = trimLeadingZeros(whole + fraction);
  if (digits === '') return zero;
  const kept = trimTrailingZeros(digits);
  const scale = fraction.length - Number(exponent) - (digits.length - kept.length);
  if (kept.length - scale > maxDecimalDigits) return undefined;
  return { negative: sign === '-', digits: kept, scale };
}

function trimLeadingZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}

function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** Rounds to `scale` digits after the point, halves away from zero, as the product does with surplus digits. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  const keep = value.digits.length - (value.scale - scale);
  if (keep < 0) return zero;
  const roundUp = (value.digits[keep] ?? '0') >= '5';
  const rounded = BigInt(value.digits.slice(0, keep) || '0') + (roundUp ? 1n : 0n);
  if (rounded === 0n) return zero;
  const text = rounded.toString();
  const digits = trimTrailingZeros(text);
  return { negative: value.negative, digits, scale: scale - (text.length - digits.length) };
}

/** Canonical text: `-12.5`, no exponent, no superfluous zeros. `undefined` with more than 64 digits after the point. */
export function formatDecimal(value: Decimal): string | undefined {
  const { digits, scale } = value;
  if (digits === '') return '0';
  if (scale > maxDecimalDigits) return undefined;
  const sign = value.negative ? '-' : '';
  if (scale <= 0) return sign + digits + '0'.repeat(-scale);
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale, 0);
  const difference = scaled(left, scale) - scaled(right, scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function scaled(value: Decimal, scale: number): bigint {
  const magnitude = BigInt((value.digits || '0') + '0'.repeat(scale - value.scale));
  return value.negative ? -magnitude : magnitude;
}

/** Can it be counted in units of 10^-`scale` in 64 bits? It has no more digits after the point than that. */
export function fitsInt64(value: Decimal, scale: number): boolean {
  const units = scaled(value, scale);
  return BigInt.asIntN(64, units) === units;
}

const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const dateTimePattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,12})?)?(?:([Zz])|([+-])(\d\d):(\d\d))?$/;

/** A moment, and the calendar date that was written with it. */
export interface Moment {
  /** `YYYY-MM-DDThh:mm:ssZ`; fractions of a second are cut off. */
  readonly utc: string;
  /** `YYYY-MM-DD` as written, in whatever offset. */
  readonly date: string;
  readonly hasOffset: boolean;
}

/** A date, or a date and time with or without an offset (without: UTC). `undefined` when it is none that exists. */
export function parseMoment(text: string): Moment | undefined {
  const match = datePattern.exec(text) ?? dateTimePattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', zulu, sign, offsetHour = '0', offsetMinute = '0'] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const written = `${year}-${month}-${day}`;
  // A part out of its range moved the date on.
  if (Number(year) === 0 || date.toISOString().slice(0, 10) !== written) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 14 || Number(offsetMinute) > 59) return undefined;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const shifted = new Date(date.getTime() - offset * 60_000);
  if (shifted.getUTCFullYear() < 1 || shifted.getUTCFullYear() > 9999) return undefined;
  return {
    utc: `${shifted.toISOString().slice(0, 19)}Z`,
    date: written,
    hasOffset: zulu !== undefined || sign !== undefined,
  };
}

/** NUL cannot be stored by PostgreSQL, half a surrogate pair cannot be sent as UTF-8. */
export const isCleanText = (text: string): boolean =>
  !/[\0\ud800-\udfff]/.test(text) || !(text.includes('\0') || /\p{Surrogate}/u.test(text));

export const isInt32 = (value: number): boolean => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;

/** A whole number of 64 bits as written, or `undefined`. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^-?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Options in one value: more than a choice has. */
const mostOptions = 1000;

/**
 * Numbers of options with commas between them, as the options themselves: ascending, each once. `undefined` when it is no
 * such text.
 */
export function parseOptions(text: string): readonly number[] | undefined {
  if (!/^ *-?\d{1,10} *(?:, *-?\d{1,10} *)*$/.test(text)) return undefined;
  const options = new Set(text.split(',').map(Number));
  if (options.size > mostOptions || ![...options].every(isInt32)) return undefined;
  return [...options].map((option) => (option === 0 ? 0 : option)).sort((a, b) => a - b);
}
