import type { Column } from '../../metadata/table.ts';

/**
 * Decimals are counted in their column's smallest unit, as a 64-bit whole number: 12.5 with two digits is 1250n. SQLite
 * stores that number; for PostgreSQL it bounds what `numeric` may hold, so that both databases take the same values.
 */
export const smallestNumber = -(2n ** 63n);
export const largestNumber = 2n ** 63n - 1n;

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

export interface Scaled {
  /** The largest number of units that is not above the value. */
  readonly floor: bigint;
  /** The value is just that many units. */
  readonly exact: boolean;
}

/** Decimal text to units of `scale` digits after the point. Throws TypeError when it is not decimal text. */
export function scaleDecimal(text: string, scale: number): Scaled {
  const [, sign = '', whole = '', fraction = ''] = decimalPattern.exec(text) ?? notDecimal(text);
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  const exact = !/[1-9]/.test(fraction.slice(scale));
  if (sign === '') return { floor: kept, exact };
  return { floor: exact ? -kept : -kept - 1n, exact };
}

/** Digits after the point of a column's numbers. */
export const digitsOf = ({ type, scale }: Column): number => (type === 'Decimal' ? scale : 0);

/** `units / divisor` in units of one digit more or less: rounded half away from zero, or cut off towards it. */
export function divideUnits(units: bigint, divisor: bigint, how: 'round' | 'cut'): bigint {
  const negative = units < 0n;
  const twice = (negative ? -units : units) * 2n;
  const result = how === 'cut' ? twice / (2n * divisor) : (twice + divisor) / (2n * divisor);
  return negative ? -result : result;
}

/** Decimal text to units, rounded half away from zero as PostgreSQL's `numeric` does. */
export function roundDecimal(text: string, scale: number): bigint {
  const negative = text.startsWith('-');
  const { floor } = scaleDecimal(negative ? text.slice(1) : text, scale + 1);
  const rounded = (floor + 5n) / 10n;
  return negative ? -rounded : rounded;
}

/** Units to canonical decimal text: no exponent, no needless zeros. */
export function decimalText(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Any decimal text in canonical form. */
export function canonicalDecimal(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = decimalPattern.exec(text) ?? notDecimal(text);
  const trimmed = fraction.replace(/0+$/, '');
  const digits = whole.replace(/^0+(?=\d)/, '') + (trimmed === '' ? '' : `.${trimmed}`);
  return digits === '0' ? '0' : sign + digits;
}

function notDecimal(text: string): never {
  throw new TypeError(`not a decimal: ${text}`);
}
