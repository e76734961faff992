import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/odata/query.ts';
import { encodeSkipToken } from '../../src/odata/skip-token.ts';
import { caught, parse, queryOf, refusalOf, requests, rowId } from './parse-request.ts';

const orders = [
  {
    name: 'text',
    order: 'mshr_jobid',
    table: requests,
    value: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  },
  { name: 'choice', order: 'mshr_status', table: requests, value: fc.integer() },
  {
    name: 'decimal',
    order: 'mshr_compensationlowthreshold',
    table: requests,
    value: fc.constantFrom('0', '-12.5', '12345678901.123456'),
  },
  { name: 'date', order: 'mshr_estimatedstartdate', table: requests, value: fc.constant('2024-02-29T00:00:00Z') },
  { name: 'lookup', order: '_mshr_fk_job_id_value', table: requests, value: fc.uuid() },
  { name: 'boolean', order: 'isdisabled', table: 'systemusers', value: fc.boolean() },
  {
    name: '64 bits',
    order: 'versionnumber',
    table: 'systemusers',
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  },
];

const page = (table: string, order: string, token: string): string =>
  `GET ${table}?$orderby=${order}&$skiptoken=${token}`;

describe('a skip token gives back the place it was made from', () => {
  test.each(orders)('$name', ({ table, order, value }) => {
    fc.assert(
      fc.property(fc.option<Value>(value), fc.uuid(), fc.integer({ min: 1, max: 999_999 }), (first, id, pageNumber) => {
        const parsed = parse(page(table, order, encodeSkipToken(pageNumber, [first, id])));
        expect(parsed.pageNumber).toBe(pageNumber);
        expect(parsed.operation).toMatchObject({ kind: 'retrieveMultiple', pageNumber, query: { after: [first, id] } });
      }),
      { numRuns: 100 },
    );
  });

  test('without an order it is the primary key alone', () => {
    expect(queryOf(`GET ${requests}?$skiptoken=${encodeSkipToken(2, [rowId])}`).after).toEqual([rowId]);
  });

  test('where the order ends with the primary key it may stand once or twice', () => {
    for (const after of [[rowId], [rowId, rowId]]) {
      const url = page('systemusers', 'systemuserid desc', encodeSkipToken(2, after));
      expect(queryOf(url).after).toEqual(after);
    }
  });
});

test('has the product’s shape, and changes from page to page', () => {
  const [second, third] = [encodeSkipToken(2, ['a', rowId]), encodeSkipToken(3, ['b', rowId])].map(decodeURIComponent);
  expect(second).toMatch(/^<cookie pagenumber="2" pagingcookie="[^"<>&]+" istracking="False" \/>$/);
  const cookieOf = (token: string | undefined) => /pagingcookie="([^"]+)"/.exec(token ?? '')?.[1];
  expect(cookieOf(second)).not.toBe(cookieOf(third));
});

describe('a skip token is refused', () => {
  const malformed = '400 0x80060888 the query option $skiptoken is malformed or belongs to another query';
  const forged = (values: unknown, pageNumber = '2'): string =>
    encodeURIComponent(
      `<cookie pagenumber="${pageNumber}" pagingcookie="${Buffer.from(JSON.stringify(values)).toString('base64url')}" istracking="False" />`,
    );
  test.each([
    { name: 'junk', token: 'x' },
    { name: 'no base64', token: encodeURIComponent('<cookie pagenumber="2" pagingcookie="%" istracking="False" />') },
    { name: 'no JSON', token: encodeURIComponent('<cookie pagenumber="2" pagingcookie="eA" istracking="False" />') },
    { name: 'no array', token: forged({}) },
    { name: 'page 0', token: forged(['a', rowId], '0') },
    { name: 'too few values', token: forged([rowId]) },
    { name: 'too many values', token: forged(['a', 'b', rowId]) },
    { name: 'no primary key', token: forged(['a', null]) },
    { name: 'primary key that is no GUID', token: forged(['a', 'x']) },
    { name: 'number for a text', token: forged([5, rowId]) },
    { name: 'object for a text', token: forged([{}, rowId]) },
    { name: 'NUL in a text', token: forged(['\0', rowId]) },
    { name: 'half of a surrogate pair', token: forged(['\ud800', rowId]) },
  ])('$name', ({ token }) => {
    expect(refusalOf(page(requests, 'mshr_jobid', token))).toBe(malformed);
  });

  test.each([
    { order: 'mshr_status', value: 1.5 },
    { order: 'mshr_status', value: '5' },
    { order: 'mshr_status', value: true },
    { order: 'mshr_compensationlowthreshold', value: '1.50' },
    { order: 'mshr_compensationlowthreshold', value: 'x' },
    { order: 'mshr_estimatedstartdate', value: '2024-02-29' },
    { order: '_mshr_fk_job_id_value', value: 5 },
    { order: 'mshr_hcmrecruitingrequestentityid', value: 'x' },
    { order: 'mshr_status', value: ['5'] },
  ])('$value for $order', ({ order, value }) => {
    expect(refusalOf(page(requests, order, forged([value, rowId])))).toBe(malformed);
  });

  test('any text is a place or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(caught(() => parse(page(requests, 'mshr_jobid', forged(value))).operation.kind)).toMatch(
          /^(accepted|400)/,
        );
      }),
    );
  });
});
