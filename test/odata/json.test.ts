import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/refusal.ts';
import { JsonNumber, type JsonRules, type JsonValue, parseJson, plainNumber, toPlain } from '../../src/odata/json.ts';

const rules: JsonRules = {
  maxDepth: 100,
  refuse: (what, at) => new Refusal('parse', { status: 400, code: '', message: `${what} at ${at}` }),
};

function wellFormed(value: unknown): boolean {
  return !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value));
}

/** Writes numbers as `JSON.parse` would read them; `toPlain` keeps large ones as text. */
function withNumbers(value: JsonValue): JsonValue {
  if (value instanceof JsonNumber) return Number(value.text) as unknown as JsonValue;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (value instanceof Map) return new Map([...value].map(([name, member]) => [name, withNumbers(member)]));
  return value;
}

describe('parseJson', () => {
  test('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue().filter(wellFormed), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Through JSON once more: objects of `toPlain` have no prototype.
        expect(JSON.stringify(toPlain(withNumbers(parseJson(text, rules))))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('refuses whatever JSON.parse refuses', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'null',
      ' ',
      '\\',
      '"',
      '01',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const accepts = (parse: () => unknown): boolean => {
          try {
            parse();
            return true;
          } catch {
            return false;
          }
        };
        const ours = accepts(() => parseJson(text, rules));
        if (ours) expect(() => JSON.parse(text)).not.toThrow();
        else if (accepts(() => JSON.parse(text))) expect(() => parseJson(text, rules)).toThrow(/comes twice/);
      }),
      { numRuns: 3000 },
    );
  });

  test('numbers keep their text', () => {
    expect(parseJson('[1.10,12345678901234567890]', rules)).toEqual([
      new JsonNumber('1.10'),
      new JsonNumber('12345678901234567890'),
    ]);
  });

  test.each([
    { text: '"\\u00e5\\n\\"\\/"', value: 'å\n"/' },
    { text: '"\\ud83d\\ude00"', value: '\u{1f600}' },
  ])('$text', ({ text, value }) => expect(parseJson(text, rules)).toBe(value));

  test.each([
    { text: '"\\x"', refusal: 'unknown escape in a string at 1' },
    { text: '"\\u12"', refusal: 'unknown escape in a string at 1' },
    { text: '"a', refusal: 'unterminated string at 2' },
    { text: '"\\', refusal: 'unknown escape in a string at 1' },
    { text: '', refusal: 'a JSON value expected at 0' },
    { text: '[1 2]', refusal: "',' or ']' expected at 3" },
    { text: `${'['.repeat(102)}`, refusal: 'more than 100 levels at 101' },
    { text: '"\\ude00"', refusal: 'half of a surrogate pair in a string at 0' },
  ])('refuses $text', ({ text, refusal }) => expect(() => parseJson(text, rules)).toThrow(refusal));

  test('takes linear time', () => {
    const started = performance.now();
    const size = 1_000_000;
    for (const text of [
      `"${'\\n'.repeat(size)}"`,
      `[${'1,'.repeat(size)}1]`,
      '[ '.repeat(90) + ' '.repeat(size),
      '1'.repeat(size),
    ]) {
      expect(() => parseJson(text, rules)).not.toThrow(TypeError);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test.each([
  { text: '5', value: 5 },
  { text: '-0.5', value: -0.5 },
  { text: '9007199254740991', value: 9007199254740991 },
  { text: '9007199254740993', value: '9007199254740993' },
  { text: '1e400', value: '1e400' },
])('plain number $text', ({ text, value }) => expect(plainNumber(text)).toBe(value));
