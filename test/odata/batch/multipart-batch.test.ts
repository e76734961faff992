import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/kernel/refusal.ts';
import type { Batch } from '../../../src/odata/batch/batch.ts';
import { parseHead } from '../../../src/odata/batch/headers-of-part.ts';
import { parseBatch } from '../../../src/odata/batch/parse-batch.ts';
import { writeBatch } from '../../support/batch.ts';

const parse = (body: string | Buffer, type = 'multipart/mixed; boundary=b'): Batch =>
  parseBatch({ 'content-type': type }, Buffer.isBuffer(body) ? body : Buffer.from(body));

const lines = (...list: string[]): string => list.join('\r\n');

const part = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary', ''];
const get = (url: string): string[] => ['--b', ...part, `GET ${url} HTTP/1.1`, '', ''];

/** What was read, without what is always the same. */
const show = (batch: Batch): unknown[] =>
  batch.items.map((item) =>
    item.kind === 'single'
      ? [item.part.method, item.part.url, item.part.body.toString()]
      : item.parts.map(({ id, method, url }) => [id, method, url]),
  );

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return `${error.problem.status} ${error.problem.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a multipart batch that is accepted', () => {
  test.each([
    {
      name: 'a GET whose part ends without an empty line',
      body: lines('', '--b', ...part, 'GET a HTTP/1.1', 'Accept: application/json', '--b--', ''),
      read: [['GET', 'a', '']],
    },
    {
      name: 'text before the first boundary and after the last',
      body: lines('hello', ...get('a'), '--b--', 'bye'),
      read: [['GET', 'a', '']],
    },
    {
      name: 'lines that end in LF alone',
      body: lines(...get('a'), '--b--').replaceAll('\r\n', '\n'),
      read: [['GET', 'a', '']],
    },
    { name: 'no line end after the last boundary', body: lines(...get('a'), '--b--'), read: [['GET', 'a', '']] },
    {
      name: 'spaces behind a boundary',
      body: lines('--b  ', ...part, 'GET a HTTP/1.1', '', '--b-- \t'),
      read: [['GET', 'a', '']],
    },
    {
      name: 'a line that only begins with the boundary',
      body: lines('--b', ...part, 'POST a HTTP/1.1', '', '{"x":1}', '--bb', '--b-', ' --b', '--b--'),
      read: [['POST', 'a', '{"x":1}\r\n--bb\r\n--b-\r\n --b']],
    },
    {
      name: 'the boundary inside a body, where it is no line of its own',
      body: lines('--b', ...part, 'POST a HTTP/1.1', '', '{"x":"--b"}', '--b--'),
      read: [['POST', 'a', '{"x":"--b"}']],
    },
    {
      name: 'headers in another case, folded, and in another order',
      body: lines(
        '--b',
        'CONTENT-TRANSFER-ENCODING:BINARY',
        'content-TYPE:',
        ' application/http; msgtype=request',
        '',
        'GET a',
        '',
        '--b--',
      ),
      read: [['GET', 'a', '']],
    },
    {
      name: 'a URL with spaces and letters that are not encoded',
      body: lines(...get("a?$filter=n eq 'Åse'"), '--b--'),
      read: [['GET', "a?$filter=n%20eq%20'%c3%85se'", '']],
    },
    {
      name: 'empty lines before the request line',
      body: lines('--b', ...part, '', '', 'GET a HTTP/1.1', '', '--b--'),
      read: [['GET', 'a', '']],
    },
    {
      name: 'a change set with and without ids',
      body: writeBatch(
        [
          [
            { method: 'POST', url: 'a', id: '1', body: {} },
            { method: 'PATCH', url: '$1', body: {} },
          ],
        ],
        'b',
      ),
      read: [
        [
          ['1', 'POST', 'a'],
          [undefined, 'PATCH', '$1'],
        ],
      ],
    },
    {
      name: 'an id among the headers of the request',
      body: lines('--b', ...part, 'GET a HTTP/1.1', 'Content-ID: <7>', '', '--b--'),
      read: [['GET', 'a', '']],
    },
  ])('$name', ({ body, read }) => expect(show(parse(body))).toEqual(read));

  test.each([
    'multipart/mixed;boundary=b',
    'Multipart/Mixed; charset=utf-8; Boundary="b"',
    'multipart/mixed; boundary = b',
    'multipart/mixed;boundary="b";type=x',
  ])('the content type %s', (type) =>
    expect(show(parse(lines(...get('a'), '--b--'), type))).toEqual([['GET', 'a', '']]),
  );

  test.each(["a'()+_,-./:=?", 'with space inside', 'x'.repeat(200)])('the boundary %s', (boundary) => {
    const body = writeBatch([{ url: 'a' }], boundary);
    expect(show(parse(body, `multipart/mixed; boundary="${boundary}"`))).toEqual([['GET', 'a', '']]);
  });

  test('a thousand requests, those in change sets counted', () => {
    const half = Array.from({ length: 500 }, () => ({ method: 'POST', url: 'a', body: {} }));
    expect(parse(writeBatch([...half, half], 'b')).items).toHaveLength(501);
  });
});

describe('a multipart batch that is refused as a whole', () => {
  const set = (...inner: string[]): string =>
    lines('--b', 'Content-Type: multipart/mixed; boundary=c', '', ...inner, '--b--');

  test.each([
    {
      name: 'without a boundary in its content type',
      type: 'multipart/mixed',
      body: lines(...get('a'), '--b--'),
      says: '400 needs a boundary',
    },
    {
      name: 'with an empty boundary',
      type: 'multipart/mixed; boundary=""',
      body: '----',
      says: '400 needs a boundary',
    },
    {
      name: 'with a boundary of 201 characters',
      type: `multipart/mixed; boundary=${'x'.repeat(201)}`,
      body: '',
      says: '400 needs a boundary',
    },
    { name: 'whose boundary is not in the body', body: 'hello', says: '400 is not found in the body' },
    { name: 'without the last boundary', body: lines(...get('a')), says: '400 the boundary that ends it is missing' },
    {
      name: 'that is cut off',
      body: lines(...get('a'), '--b', ...part, 'POST a HT'),
      says: '400 the boundary that ends it is missing',
    },
    { name: 'that is empty', body: '--b--', says: '400 it holds no request' },
    {
      name: 'with a request in front of the first boundary',
      body: lines(...part, 'GET a HTTP/1.1', '', ...get('b'), '--b--'),
      says: '400 in front of the first boundary',
    },
    {
      name: 'with a request behind the last boundary',
      body: lines(...get('a'), '--b--', ...part, 'get b HTTP/1.1', ''),
      says: '400 behind the boundary that ends it',
    },
    {
      name: 'with a request inside another one',
      body: lines(...get('a'), ...part, 'GET b HTTP/1.1', '', '--b--'),
      says: '400 inside another one',
    },
    {
      name: 'with a part that is not a request',
      body: lines('--b', 'Content-Type: text/plain', '', 'x', '--b--'),
      says: '400 application/http',
    },
    {
      name: 'with a part without headers',
      body: lines('--b', '', 'GET a HTTP/1.1', '', '--b--'),
      says: '400 application/http',
    },
    {
      name: 'with base64',
      body: lines('--b', 'Content-Type: application/http', 'Content-Transfer-Encoding: base64', '', 'R0VU', '--b--'),
      says: '400 content transfer encoding',
    },
    {
      name: 'with a header that is none',
      body: lines('--b', ...part, 'GET a HTTP/1.1', 'no colon', '', '--b--'),
      says: "400 'no colon' is not a header",
    },
    {
      name: 'with a lone CR in a header',
      body: lines('--b', ...part, 'GET a HTTP/1.1', 'X: a\rContent-ID: 9', '', '--b--'),
      says: '400 is not a header',
    },
    {
      name: 'with a lone CR in the request line',
      body: lines('--b', ...part, 'GET a\r HTTP/1.1', '', '--b--'),
      says: '400 is not the request line',
    },
    {
      name: 'with NUL in a header',
      body: lines('--b', ...part, 'GET a HTTP/1.1', 'X: \0', '', '--b--'),
      says: '400 is not a header',
    },
    {
      name: 'with two content types in a part',
      body: lines('--b', 'Content-Type: application/http', ...part, 'GET a HTTP/1.1', '', '--b--'),
      says: '400 comes twice',
    },
    {
      name: 'with an id that could end a line',
      body: lines('--b', ...part.slice(0, 2), 'Content-ID: 1 2', '', 'GET a HTTP/1.1', '', '--b--'),
      says: '400 an id of a request',
    },
    {
      name: 'without a URL',
      body: lines('--b', ...part, 'GET HTTP/1.1', '', '--b--'),
      says: '400 is not the request line',
    },
    { name: 'with an empty part', body: lines('--b', ...part, '', '--b--'), says: '400 is not the request line' },
    {
      name: 'with a URL of more than 65,536 characters',
      body: lines(...get('x'.repeat(65_537)), '--b--'),
      says: '400 more than 65536 characters',
    },
    {
      name: 'with headers that do not end',
      body: lines('--b', ...part, 'GET a HTTP/1.1', ...Array.from({ length: 101 }, (_, n) => `X-${n}: x`), '', '--b--'),
      says: '400 longer than is accepted',
    },
    {
      name: 'with a batch inside a change set',
      body: set('--c', 'Content-Type: multipart/mixed; boundary=d', '', '--d--', '--c--'),
      says: '400 cannot hold another one',
    },
    { name: 'with an empty change set', body: set('--c--'), says: '400 a change set holds no request' },
    {
      name: 'with a change set that does not end',
      body: set('--c', ...part, 'POST a HTTP/1.1', ''),
      says: '400 the boundary that ends it is missing',
    },
    {
      name: 'with a request behind its end, where o.js leaves out the boundary',
      body: set('--c', ...part, 'DELETE a HTTP/1.1', '', '--c--', '', ...part, 'GET b HTTP/1.1', ''),
      says: '400 behind the boundary that ends it',
    },
    {
      name: 'with a change set that has the boundary of the batch',
      body: lines('--b', 'Content-Type: multipart/mixed; boundary=b', '', ...get('a'), '--b--'),
      says: '400 is not found in the body',
    },
    {
      name: 'with an id that comes twice in a change set',
      body: writeBatch(
        [
          [
            { method: 'POST', url: 'a', id: '1' },
            { method: 'POST', url: 'a', id: '1' },
          ],
        ],
        'b',
      ),
      says: "400 the id '1' is given to more than one",
    },
    {
      name: 'with 1001 requests',
      body: writeBatch(
        Array.from({ length: 1001 }, () => ({ url: 'a' })),
        'b',
      ),
      says: '400 more than 1000 requests',
    },
    {
      name: 'with 1001 requests in change sets',
      body: writeBatch(
        [
          Array.from({ length: 501 }, () => ({ method: 'POST', url: 'a' })),
          Array.from({ length: 500 }, () => ({ method: 'POST', url: 'a' })),
        ],
        'b',
      ),
      says: '400 more than 1000 requests',
    },
    {
      name: 'of another content type',
      type: 'multipart/form-data; boundary=b',
      body: lines(...get('a'), '--b--'),
      says: '415 multipart/mixed',
    },
    { name: 'without a content type', type: '', body: '', says: '415 multipart/mixed' },
  ])('$name', ({ body, type, says }) => {
    const message = messageOf(() => parse(body, type));
    expect(message.slice(0, 4)).toBe(says.slice(0, 4));
    expect(message).toContain(says.slice(4));
  });
});

describe('any bytes', () => {
  test('are read or refused, and never anything else', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '--b',
        '--b--',
        '--c',
        '--c--',
        '\r\n',
        '\n',
        '\r',
        ' ',
        ':',
        'GET a HTTP/1.1',
        'POST $1 HTTP/1.1',
      ),
      fc.constantFrom(...part, 'Content-Type: multipart/mixed; boundary=c', 'Content-ID: 1', '{"a":1}'),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(messageOf(() => parse(pieces.join('')))).toMatch(/^(accepted|400 )/);
      }),
      { numRuns: 2000 },
    );
  });

  test('what was written is what is read', () => {
    const url = fc.stringMatching(/^[a-z$()=]{1,20}$/).filter((text) => !text.startsWith('HTTP'));
    const one = fc.record({ method: fc.constantFrom('GET', 'POST', 'PATCH'), url, body: fc.json() });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 4 })), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\r\n', '\n'),
        (items, end) => {
          const read = parse(writeBatch(items, 'b', end));
          const flat = read.items.flatMap((item) => (item.kind === 'single' ? [item.part] : item.parts));
          expect(flat.map(({ method, url: at, body }) => ({ method, url: at, body: body.toString() }))).toEqual(
            items.flat(),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    { name: 'boundaries that almost fit', body: '\n--b-'.repeat(200_000) },
    { name: 'spaces', body: `--b\r\n${part.join('\r\n')}\r\nGET ${' '.repeat(2_000_000)}x` },
    { name: 'line ends', body: `--b\r\n${'\r\n'.repeat(1_000_000)}` },
    { name: 'quotes in the content type', body: '', type: `multipart/mixed; boundary=${'"\\'.repeat(20_000)}` },
  ])('a body full of $name takes no time', ({ body, type }) => {
    const began = performance.now();
    expect(messageOf(() => parse(`${body}\r\n--b--`, type))).toMatch(/^(accepted|400 )/);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

test('the headers of a part are what stands in them, whichever parts were read before', () => {
  const piece = fc.constantFrom('\r\n', '\n', '\r', ' ', 'A: b', 'a: c', 'Content-Type: text/plain', 'x', ':');
  const bytes = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));
  const read = (head: Buffer, behind: Buffer): unknown => {
    try {
      const { headers, rest } = parseHead(Buffer.concat([Buffer.from('##'), head, behind]), 2);
      return { headers: { ...headers }, rest: rest.toString() };
    } catch (error) {
      return messageOf(() => {
        throw error;
      });
    }
  };
  const property = fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), fc.uuid(), (heads, own) => {
    for (const head of heads) {
      const behind = Buffer.from('rest');
      const twice = [read(head, behind), read(head, behind)];
      expect(twice[1]).toEqual(twice[0]);
      // A field that no head had before: nothing is remembered of it.
      const marked = read(Buffer.concat([Buffer.from(`Own: ${own}\r\n`), head]), behind);
      if (typeof twice[0] !== 'object' || head.subarray(0, 1).toString() === ' ') continue;
      expect(marked).toEqual({ ...twice[0], headers: { own, ...(twice[0] as { headers: object }).headers } });
    }
  });
  fc.assert(property, { seed: 11, numRuns: 500 });
});

test('a part is read as if it stood alone, whichever part stands before it', () => {
  /** Mostly the first: parts of a batch are alike. */
  const mostly = <T>(first: T, ...others: T[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  const type = 'Content-Type: application/http';
  const head = mostly(
    [type, 'Content-ID: 7'],
    [type],
    [type, 'Content-Transfer-Encoding: binary'],
    ['Content-Type: a/b'],
  );
  const line = fc.constantFrom('GET a HTTP/1.1', 'GET bb', 'DELETE a(1)', 'POST a', '', ' ', '\r', 'G\r\nX: y', 'æ');
  const end = mostly('\r\n', '\n');
  const rest = mostly('A: b\r\n', '', 'A: b', 'A: b\r\n\r\n', '\r\n{"b":1}', '\r\nGET lost HTTP/1.1', 'GET c HTTP/1.1');
  const one = fc
    .record({ head, end, gap: mostly('', '\r\n'), line, after: end, rest })
    .map((part) => [...part.head, '', `${part.gap}${part.line}${part.after}${part.rest}`].join(part.end));
  const bodyOf = (parts: readonly string[]): Buffer =>
    Buffer.from(`${parts.map((text) => `--b\r\n${text}\r\n`).join('')}--b--`, 'latin1');
  const outcomes = new Set<string>();
  const property = fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (parts) => {
    const alone = parts.map((text) => messageOf(() => parse(bodyOf([text]))));
    const fault = alone.find((message) => message !== 'accepted') ?? 'accepted';
    outcomes.add(fault);
    expect(messageOf(() => parse(bodyOf(parts)))).toBe(fault);
    if (fault !== 'accepted') return;
    expect(parse(bodyOf(parts)).items).toEqual(parts.flatMap((text) => parse(bodyOf([text])).items));
  });
  fc.assert(property, { seed: 12, numRuns: 4000 });
  expect(outcomes).toContain('accepted');
  expect(outcomes.size).toBeGreaterThan(4);
});
