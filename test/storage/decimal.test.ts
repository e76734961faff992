import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDecimal, decimalText, roundDecimal, scaleDecimal } from '../../src/storage/sql/decimal.ts';

describe('decimals', () => {
  test.each([
    ['12.5', 2, 1250n, true],
    ['-12.5', 2, -1250n, true],
    ['12.509', 2, 1250n, false],
    ['-12.509', 2, -1251n, false],
    ['-0.001', 2, -1n, false],
    ['0.000', 2, 0n, true],
    ['99999999999999999999.9', 0, 99999999999999999999n, false],
  ] as const)('%s in units of %d digits is at least %d (exact: %s)', (text, scale, floor, exact) => {
    expect(scaleDecimal(text, scale)).toEqual({ floor, exact });
  });

  test.each([
    ['1.005', 2, 101n],
    ['-1.005', 2, -101n],
    ['-1.0049', 2, -100n],
    ['1.0049999', 2, 100n],
    ['0.5', 0, 1n],
    ['-0.5', 0, -1n],
    ['7', 3, 7000n],
  ] as const)('%s rounded to %d digits is %d units', (text, scale, units) => {
    expect(roundDecimal(text, scale)).toBe(units);
  });

  test.each(['', '1e3', '.5', '5.', '+1', '1,5', ' 1', 'NaN', '--1', '1.2.3'])('%j is not a decimal', (text) => {
    expect(() => scaleDecimal(text, 2)).toThrow(TypeError);
    expect(() => canonicalDecimal(text)).toThrow(TypeError);
  });

  test('text and units lead to each other', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.integer({ min: 0, max: 10 }),
        (units, scale) => {
          const text = decimalText(units, scale);
          expect(scaleDecimal(text, scale)).toEqual({ floor: units, exact: true });
          expect(canonicalDecimal(text)).toBe(text);
        },
      ),
    );
  });
});
