import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/kernel/refusal.ts';
import type { Batch, BatchPart } from '../../../src/odata/batch/batch.ts';
import { parseBatch } from '../../../src/odata/batch/parse-batch.ts';

const parse = (body: unknown): Batch =>
  parseBatch(
    { 'content-type': 'application/json' },
    Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  );

function firstPart(request: object): BatchPart {
  const [item] = parse({ requests: [{ id: '1', method: 'post', url: 'a', ...request }] }).items;
  if (item?.kind !== 'single') throw new Error('expected a single request');
  return item.part;
}

describe('a JSON batch', () => {
  test('keeps the digits of numbers and the order of members in bodies', () => {
    const body =
      '{"requests":[{"id":"1","method":"post","url":"a","body":{"b":1.10,"a":12345678901234567890,"c":[true,null,"Å"]}}]}';
    const [item] = parse(body).items;
    expect(item?.kind === 'single' && item.part.body.toString()).toBe(
      '{"b":1.10,"a":12345678901234567890,"c":[true,null,"Å"]}',
    );
  });

  test.each([
    { name: 'JSON without a content type', request: { body: { a: 1 } }, read: '{"a":1}' },
    {
      name: 'JSON with parameters',
      request: { headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: [1] },
      read: '[1]',
    },
    { name: 'text', request: { headers: { 'content-type': 'text/plain' }, body: 'hei' }, read: 'hei' },
    { name: 'bytes', request: { headers: { 'content-type': 'application/octet-stream' }, body: 'aGVp' }, read: 'hei' },
    { name: 'nothing', request: { body: null }, read: '' },
  ])('reads a body of $name', ({ request, read }) => expect(firstPart(request).body.toString()).toBe(read));

  test('puts requests of a group side by side, and single ones by themselves', () => {
    const one = (id: string, more: object = {}) => ({ id, method: 'patch', url: 'a', ...more });
    const { items } = parse({
      requests: [
        one('1'),
        one('2', { atomicityGroup: 'g' }),
        one('3', { atomicityGroup: 'g', dependsOn: ['2', '1'] }),
        one('4', { dependsOn: ['g'], if: '$1/$succeeded' }),
      ],
    });
    expect(
      items.map((item) => (item.kind === 'single' ? item.part.id : [item.group, ...item.parts.map(({ id }) => id)])),
    ).toEqual(['1', ['g', '2', '3'], '4']);
    expect(items[2]?.kind === 'single' && items[2].part.isConditional).toBe(true);
  });

  const fine = { id: '1', method: 'get', url: 'a' };
  test.each([
    { name: 'no object', body: [], says: "needs 'requests'" },
    { name: 'no requests', body: { requests: [] }, says: "needs 'requests'" },
    { name: 'a request that is no object', body: { requests: [1] }, says: 'must be an object' },
    { name: 'no id', body: { requests: [{ method: 'get', url: 'a' }] }, says: "needs 'id'" },
    { name: 'an id that is a number', body: { requests: [{ ...fine, id: 1 }] }, says: "needs 'id'" },
    { name: 'an id with a line end', body: { requests: [{ ...fine, id: '1\r\nX: y' }] }, says: 'an id of a request' },
    { name: 'an id that comes twice', body: { requests: [fine, fine] }, says: "the id '1' is given" },
    { name: 'a member that is not known', body: { requests: [{ ...fine, methods: 'get' }] }, says: 'not known' },
    { name: 'a member that comes twice', body: '{"requests":[{"id":"1","id":"2"}]}', says: "member 'id' comes twice" },
    {
      name: 'headers that are a list',
      body: { requests: [{ ...fine, headers: [] }] },
      says: "'headers' must be an object",
    },
    {
      name: 'a header with a line end',
      body: { requests: [{ ...fine, headers: { Prefer: 'a\r\nX: y' } }] },
      says: 'is not a header',
    },
    {
      name: 'a header whose value is a number',
      body: { requests: [{ ...fine, headers: { Prefer: 1 } }] },
      says: 'must be a text',
    },
    { name: 'a GET with a body', body: { requests: [{ ...fine, body: {} }] }, says: 'GET has a body' },
    {
      name: 'text that is an object',
      body: { requests: [{ ...fine, method: 'post', headers: { 'content-type': 'text/plain' }, body: {} }] },
      says: 'must be a text',
    },
    {
      name: 'a dependency that comes later',
      body: {
        requests: [
          { ...fine, dependsOn: ['2'] },
          { ...fine, id: '2' },
        ],
      },
      says: "depends on '2'",
    },
    { name: 'a dependency on itself', body: { requests: [{ ...fine, dependsOn: ['1'] }] }, says: "depends on '1'" },
    {
      name: 'a group in two places',
      body: {
        requests: [
          { ...fine, atomicityGroup: 'g' },
          { ...fine, id: '2' },
          { ...fine, id: '3', atomicityGroup: 'g' },
        ],
      },
      says: 'must lie side by side',
    },
    {
      name: 'a group called as a request is',
      body: {
        requests: [
          { ...fine, atomicityGroup: '2' },
          { ...fine, id: '2' },
        ],
      },
      says: 'no id be called the same',
    },
    {
      name: '1001 requests',
      body: { requests: Array.from({ length: 1001 }, (_, n) => ({ ...fine, id: String(n) })) },
      says: 'more than 1000 requests',
    },
    { name: 'deep nesting', body: `${'['.repeat(100)}${']'.repeat(100)}`, says: 'more than 68 levels' },
    { name: 'text that is not JSON', body: '{"requests":', says: 'a JSON value expected at position 12' },
  ])('is refused for $name', ({ body, says }) => {
    expect(() => parse(body)).toThrow(Refusal);
    expect(() => parse(body)).toThrow(says);
  });
});
