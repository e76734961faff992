import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareDecimals,
  formatDecimal,
  isCleanText,
  parseDecimal,
  parseInt64,
  parseMoment,
  roundDecimal,
} from '../../src/odata/values.ts';

function decimal(text: string) {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new TypeError(`${text} is no decimal`);
  return parsed;
}

describe('decimals', () => {
  test.each([
    { text: '0', canonical: '0' },
    { text: '-0.000', canonical: '0' },
    { text: '007.50', canonical: '7.5' },
    { text: '1e3', canonical: '1000' },
    { text: '12.34e-3', canonical: '0.01234' },
    { text: '-1.20E+1', canonical: '-12' },
    { text: '0e99999999999', canonical: '0' },
    { text: '123456789012345678901234567890.123456789', canonical: '123456789012345678901234567890.123456789' },
  ])('$text is $canonical', ({ text, canonical }) => {
    expect(formatDecimal(decimal(text))).toBe(canonical);
  });

  test.each(['', '.5', '5.', '1e', 'x', '1,5', '--1', ' 1', 'NaN', '0x1', '1e64', '1e99999999999', '1'.repeat(65)])(
    '%s is none',
    (text) => expect(parseDecimal(text)).toBeUndefined(),
  );

  test('too many digits after the point have no text', () => {
    expect(formatDecimal(decimal('1e-65'))).toBeUndefined();
    expect(formatDecimal(decimal('1e-99999999999'))).toBeUndefined();
  });

  test.each([
    { text: '1.2345', scale: 2, rounded: '1.23' },
    { text: '1.235', scale: 2, rounded: '1.24' },
    { text: '-1.235', scale: 2, rounded: '-1.24' },
    { text: '9.999', scale: 2, rounded: '10' },
    { text: '0.5', scale: 0, rounded: '1' },
    { text: '0.05', scale: 0, rounded: '0' },
    { text: '0.0005', scale: 3, rounded: '0.001' },
    { text: '-0.0004', scale: 3, rounded: '0' },
    { text: '1e-99999999999', scale: 6, rounded: '0' },
    { text: '1500', scale: 0, rounded: '1500' },
  ])('$text to $scale digits is $rounded', ({ text, scale, rounded }) => {
    expect(formatDecimal(roundDecimal(decimal(text), scale))).toBe(rounded);
  });

  const hundredths = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const asText = (value: bigint): string => `${value}e-2`;

  test('are compared exactly', () => {
    fc.assert(
      fc.property(hundredths, hundredths, (left, right) => {
        const expected = left < right ? -1 : Number(left > right);
        expect(compareDecimals(decimal(asText(left)), decimal(asText(right)))).toBe(expected);
      }),
    );
  });

  test('one value has one text', () => {
    fc.assert(
      fc.property(hundredths, (value) => {
        const canonical = formatDecimal(decimal(asText(value))) ?? '';
        expect(canonical).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
        expect(compareDecimals(decimal(canonical), decimal(asText(value)))).toBe(0);
      }),
    );
  });
});

describe('moments', () => {
  test.each([
    { text: '2024-02-29', utc: '2024-02-29T00:00:00Z' },
    { text: '2024-02-29T23:59:59.999Z', utc: '2024-02-29T23:59:59Z' },
    { text: '2024-02-29t23:59z', utc: '2024-02-29T23:59:00Z' },
    { text: '2024-01-01T00:30:00+01:00', utc: '2023-12-31T23:30:00Z' },
    { text: '2023-12-31T23:30:00-01:00', utc: '2024-01-01T00:30:00Z' },
    { text: '0001-01-01T00:00:00Z', utc: '0001-01-01T00:00:00Z' },
    { text: '0099-12-31', utc: '0099-12-31T00:00:00Z' },
    { text: '9999-12-31T23:59:59', utc: '9999-12-31T23:59:59Z' },
  ])('$text is $utc', ({ text, utc }) => {
    expect(parseMoment(text)?.utc).toBe(utc);
  });

  test.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '0000-01-01',
    '2024-01-01T24:00:00Z',
    '2024-01-01T10:60:00Z',
    '2024-01-01T10:00:60Z',
    '2024-01-01T10:00:00+15:00',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2024-1-1',
    '20240101',
    ' 2024-01-01',
    '2024-01-01T',
    'x',
  ])('%s is none', (text) => expect(parseMoment(text)).toBeUndefined());

  test('any moment keeps its instant', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        expect(parseMoment(value.toISOString())?.utc).toBe(`${value.toISOString().slice(0, 19)}Z`);
      }),
    );
  });
});

test.each([
  { text: '9223372036854775807', value: 9223372036854775807n },
  { text: '-9223372036854775808', value: -9223372036854775808n },
  { text: '9223372036854775808', value: undefined },
  { text: '1.0', value: undefined },
  { text: '', value: undefined },
])('64-bit number $text', ({ text, value }) => expect(parseInt64(text)).toBe(value));

test.each([
  { text: 'æ\u{1f600}', clean: true },
  { text: 'a\0b', clean: false },
  { text: '\ud83d', clean: false },
  { text: '\ude00\ud83d', clean: false },
])('text $text is clean: $clean', ({ text, clean }) => expect(isCleanText(text)).toBe(clean));
