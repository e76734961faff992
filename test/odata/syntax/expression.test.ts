import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonNumber, type JsonValue } from '../../../src/odata/json.ts';
import { parseExpression } from '../../../src/odata/syntax/expression.ts';
import type { Argument, Expression, Literal, PathStep } from '../../../src/odata/syntax/tree.ts';
import { caught } from '../parse-request.ts';
import { printExpression, withoutPositions } from '../print-expression.ts';

describe('precedence', () => {
  test.each([
    { text: 'a or b and c', same: 'a or (b and c)' },
    { text: 'a and b or c and d', same: '(a and b) or (c and d)' },
    { text: 'a eq 1 and b eq 2', same: '(a eq 1) and (b eq 2)' },
    { text: 'a gt b eq c lt d', same: '(a gt b) eq (c lt d)' },
    { text: 'a add b mul c eq d', same: '(a add (b mul c)) eq d' },
    { text: 'a sub b sub c', same: '(a sub b) sub c' },
    { text: 'not a eq b', same: '(not a) eq b' },
    { text: 'not a and b', same: '(not a) and b' },
    { text: '- a mul b', same: '(- a) mul b' },
    { text: 'not x has y', same: 'not (x has y)' },
    { text: 'a or b or c', same: 'a or b or c' },
  ])('$text is $same', ({ text, same }) => {
    expect(withoutPositions(parseExpression(text))).toEqual(withoutPositions(parseExpression(same)));
  });

  test.each([
    { text: '(a or b) and c', other: 'a or b and c' },
    { text: 'not (a eq b)', other: 'not a eq b' },
    { text: 'a sub (b sub c)', other: 'a sub b sub c' },
    { text: 'a or (b or c)', other: 'a or b or c' },
  ])('$text is not $other', ({ text, other }) => {
    expect(withoutPositions(parseExpression(text))).not.toEqual(withoutPositions(parseExpression(other)));
  });
});

describe('literals', () => {
  const guid = 'AAAAAAAA-0000-4000-8000-00000000000f';
  test.each<{ text: string; literal: Literal }>([
    { text: 'null', literal: { type: 'null' } },
    { text: 'true', literal: { type: 'boolean', value: true } },
    { text: '-5', literal: { type: 'number', text: '-5' } },
    { text: '1.50E-3', literal: { type: 'number', text: '1.50E-3' } },
    { text: '-INF', literal: { type: 'number', text: '-INF' } },
    { text: 'NaN', literal: { type: 'number', text: 'NaN' } },
    { text: "''", literal: { type: 'string', value: '' } },
    { text: "''''", literal: { type: 'string', value: "'" } },
    { text: "'a''b;),/'", literal: { type: 'string', value: "a'b;),/" } },
    { text: guid, literal: { type: 'guid', text: guid.toLowerCase() } },
    {
      text: '12345678-0000-4000-8000-00000000000f',
      literal: { type: 'guid', text: '12345678-0000-4000-8000-00000000000f' },
    },
    { text: '2024-05-01', literal: { type: 'date', text: '2024-05-01' } },
    { text: '2024-05-01T10:00:00.123+02:00', literal: { type: 'dateTime', text: '2024-05-01T10:00:00.123+02:00' } },
    { text: '10:30', literal: { type: 'timeOfDay', text: '10:30' } },
    { text: "duration'PT1H'", literal: { type: 'typed', typeName: 'duration', value: 'PT1H' } },
    { text: "A.B'x'", literal: { type: 'typed', typeName: 'A.B', value: 'x' } },
    {
      text: `["a",1.50,{"b":null}]`,
      literal: { type: 'json', value: ['a', new JsonNumber('1.50'), new Map([['b', null]])] },
    },
    { text: `{'@odata.id':'accounts(1)'}`, literal: { type: 'json', value: new Map([['@odata.id', 'accounts(1)']]) } },
  ])('$text', ({ text, literal }) => {
    expect(parseExpression(text)).toEqual({ kind: 'literal', at: 0, literal });
  });

  test.each([
    '5L',
    '5a',
    '1.2.3',
    "1'x'",
    '2024-05-01T10:00:00',
    '2024-05-01x',
    '12345678-0000-4000-8000-00000000000fa',
    '- ',
    '["a"',
    '{"a":1,"a":2}',
    '["\\u0000"]',
    '@',
    '$',
  ])('%s is none', (text) =>
    expect(caught(() => parseExpression(text))).toMatch(/^400 0x80060888 .* at position \d+ in /),
  );
});

const name = fc.constantFrom('a', 'mshr_x', '_b_value', 'Æøå', 'eq_', 'abcdefab');
const path = (step: fc.Arbitrary<PathStep>): fc.Arbitrary<Expression> =>
  fc.tuple(name, fc.array(step, { maxLength: 2 })).map(([first, rest]) => ({
    kind: 'path',
    at: 0,
    steps: [{ kind: 'name', at: 0, name: first }, ...rest],
  }));
const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const json = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => typeof value === 'object' && value !== null)
  .map(fromPlain);

function fromPlain(value: unknown): JsonValue {
  if (typeof value === 'number') return new JsonNumber(JSON.stringify(value));
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, member]) => [key, fromPlain(member)]));
  }
  return value as null | boolean | string;
}

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.constant<Literal>({ type: 'null' }),
  fc.boolean().map((value): Literal => ({ type: 'boolean', value })),
  fc.constantFrom('0', '-5', '12.50', '1e10', '-INF').map((number): Literal => ({ type: 'number', text: number })),
  text.map((value): Literal => ({ type: 'string', value })),
  fc.uuid().map((guid): Literal => ({ type: 'guid', text: guid })),
  fc.constant<Literal>({ type: 'dateTime', text: '2024-05-01T10:00:00Z' }),
  text.map((value): Literal => ({ type: 'typed', typeName: 'A.B', value })),
  json.map((value): Literal => ({ type: 'json', value })),
);

/** Trees as the parser makes them: chains of one logical operator lie side by side. */
const { expression } = fc.letrec<{ expression: Expression; step: PathStep; argument: Argument }>((tie) => ({
  step: fc.oneof(
    name.map((word): PathStep => ({ kind: 'name', at: 0, name: word })),
    fc.constant<PathStep>({ kind: 'dollar', at: 0, name: '$count' }),
    fc.constant<PathStep>({ kind: 'lambda', at: 0, op: 'any' }),
    tie('expression').map((where): PathStep => ({ kind: 'lambda', at: 0, op: 'all', variable: 'v', where })),
  ),
  argument: fc.oneof(
    tie('expression').map((value): Argument => ({ at: 0, value })),
    fc.tuple(name, tie('expression')).map(([word, value]): Argument => ({ at: 0, name: word, value })),
  ),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    literal.map((value): Expression => ({ kind: 'literal', at: 0, literal: value })),
    path(tie('step')),
    fc.constant<Expression>({ kind: 'alias', at: 0, name: '@p1' }),
    fc
      .tuple(fc.constantFrom('eq', 'ne', 'gt', 'le', 'add', 'mul', 'mod', 'has'), tie('expression'), tie('expression'))
      .map(([op, left, right]): Expression => ({ kind: 'binary', at: 0, op: op as 'eq', left, right })),
    fc.tuple(tie('expression'), fc.array(tie('expression'), { minLength: 1, maxLength: 3 })).map(
      ([left, items]): Expression => ({
        kind: 'binary',
        at: 0,
        op: 'in',
        left,
        right: { kind: 'list', at: 0, items },
      }),
    ),
    fc
      .tuple(fc.constantFrom('not', 'negate'), tie('expression'))
      .map(([op, operand]): Expression => ({ kind: 'unary', at: 0, op: op as 'not', operand })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('expression'), { minLength: 2, maxLength: 4 }))
      .map(([op, operands]): Expression => ({ kind: 'logical', at: 0, op: op as 'and', operands })),
    fc
      .tuple(fc.constantFrom('contains', 'Microsoft.Dynamics.CRM.In'), fc.array(tie('argument'), { maxLength: 3 }))
      .map(([word, given]): Expression => ({ kind: 'call', at: 0, name: word, arguments: given })),
  ),
}));

describe('any tree', () => {
  test('printed and parsed again is the same tree', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(withoutPositions(parseExpression(printExpression(tree)))).toEqual(withoutPositions(tree));
      }),
      { numRuns: 1500 },
    );
  });

  test('every position lies inside the text', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const printed = printExpression(tree);
        for (const [, at] of JSON.stringify(parseExpression(printed)).matchAll(/"at":(\d+)/g)) {
          expect(Number(at)).toBeLessThan(printed.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('any text', () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          '(',
          ')',
          "'",
          ',',
          '/',
          ' ',
          'eq',
          'and',
          'not',
          'a',
          '-',
          '1',
          '@p',
          '$x',
          '[',
          '{',
          '"',
          ':',
          '=',
          'in',
          'any(',
          '2024-01-01',
          'T',
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join('')),
  );
  test('parses or is refused, and never breaks', () => {
    fc.assert(
      fc.property(junk, (given) => {
        expect(caught(() => parseExpression(given))).toMatch(/^(accepted|400|501)/);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    { name: 'a long chain', make: (size: number) => 'a eq 1 or '.repeat(size / 10).concat('true') },
    { name: 'a long string', make: (size: number) => `'${"''".repeat(size / 2)}'` },
    { name: 'an open string', make: (size: number) => `'${'x'.repeat(size)}` },
    { name: 'a long name', make: (size: number) => 'a'.repeat(size) },
    { name: 'a long number', make: (size: number) => '1'.repeat(size) },
    { name: 'spaces', make: (size: number) => `${' '.repeat(size)}a` },
    { name: 'dots', make: (size: number) => 'a.'.repeat(size / 2) },
    { name: 'open parentheses', make: (size: number) => '('.repeat(size) },
    { name: 'a long array', make: (size: number) => `[${'1,'.repeat(size / 2)}1]` },
    { name: 'open arrays', make: (size: number) => '['.repeat(size) },
    { name: 'a long path', make: (size: number) => 'a/'.repeat(size / 2).concat('a') },
    { name: 'hexadecimal digits', make: (size: number) => 'abcdefab-'.repeat(size / 9) },
  ])('takes linear time: $name', ({ make }) => {
    const started = performance.now();
    caught(() => parseExpression(make(1_000_000)));
    // A quadratic parser needs minutes for a million characters.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
