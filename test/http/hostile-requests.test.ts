import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from '../../src/http/listener.ts';
import { silentLog } from '../../src/kernel/log.ts';

let listener: Listener;
let reached: string[] = [];
let forwarded: (string | undefined)[] = [];

beforeEach(async () => {
  reached = [];
  forwarded = [];
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    log: silentLog,
    patience: 300,
    surface: async (request) => {
      reached.push(request.url);
      forwarded.push(request.headers['x-forwarded-for']);
      return { status: 200, headers: {}, body: '' };
    },
  });
});
afterEach(() => listener.close());

/** What comes back for these bytes until the server closes the connection. */
const exchange = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });

const inner = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const post = (headers: string, body: string): string => `POST /outer HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;

const cases: readonly (readonly [name: string, bytes: string, status: number])[] = [
  ['both lengths', post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${inner}`), 400],
  ['two lengths that differ', post('Content-Length: 0\r\nContent-Length: 40', inner), 400],
  ['a length that is no number', post('Content-Length: +4', `abcd${inner}`), 400],
  ['chunked twice removed', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${inner}`), 400],
  ['a space before the colon', post('Content-Length : 4', `abcd${inner}`), 400],
  ['no host', 'GET /smuggled HTTP/1.1\r\n\r\n', 400],
  ['a header that goes on in the next line', post('Content-Length: 0\r\nX-One: a\r\n b', inner), 400],
  ['chunks in HTTP/1.0', post('Transfer-Encoding: chunked', `0\r\n\r\n${inner}`).replace('1.1', '1.0'), 400],
  ['a coding that is not undone', post('Transfer-Encoding: gzip, chunked', `3\r\nabc\r\n0\r\n\r\n${inner}`), 501],
  ['a second host', post('host: b\r\nContent-Length: 0', inner), 400],
  [
    'a second authorization',
    post('Authorization: Bearer a\r\nauthorization: Bearer b\r\nContent-Length: 0', inner),
    400,
  ],
  ['a chunk of no size', post('Transfer-Encoding: chunked', `zz\r\nabc\r\n0\r\n\r\n${inner}`), 400],
  ['a chunk longer than it says', post('Transfer-Encoding: chunked', `2\r\nabcdef\r\n0\r\n\r\n${inner}`), 400],
  ['a chunk that ends with a line feed alone', post('Transfer-Encoding: chunked', `3\nabc\n0\n\n${inner}`), 400],
  ['a size of a chunk beyond all numbers', post('Transfer-Encoding: chunked', `${'f'.repeat(17)}\r\na`), 400],
  ['a line feed in the name of a header', post('X\n-One: a', inner), 400],
  ['a NUL in a header', post('X-One: a\0b', inner), 400],
  ['headers larger than any', post(`X-One: ${'a'.repeat(90_000)}`, ''), 431],
  ['a URL larger than any', `GET /${'a'.repeat(90_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a TLS greeting', '\u0016\u0003\u0001\u0002\0\u0001', 400],
  ['a head that never ends', 'GET /smuggled HTTP/1.1\r\nHost: a\r\n', 408],
  ['a body that never ends', post('Content-Length: 10', 'abc'), 408],
];

test.each(cases)('%s is refused, and nothing behind it is answered', async (_name, bytes, status) => {
  const answer = await exchange(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  expect(reached).not.toContain('/smuggled');
});

test.each(cases.filter(([name]) => /host|authorization|HTTP\/1.0|coding/.test(name)))(
  '%s: nothing of it is done either',
  async (_name, bytes) => {
    await exchange(bytes);
    expect(reached).toEqual([]);
  },
);

test('a header that a proxy has put behind thousands is not lost', async () => {
  const many = Array.from({ length: 2100 }, (_, at) => `A${at}: 1\r\n`).join('');
  await exchange(`GET /many HTTP/1.1\r\nHost: a\r\n${many}X-Forwarded-For: 192.0.2.7\r\nConnection: close\r\n\r\n`);
  expect(forwarded).toEqual(['192.0.2.7']);
});

test('requests one behind the other are answered each, in their order', async () => {
  const answer = await exchange(
    ['/one', '/two', '/three']
      .map((path, at) => `GET ${path} HTTP/1.1\r\nHost: a\r\n${at === 2 ? 'Connection: close\r\n' : ''}\r\n`)
      .join(''),
  );
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  expect(reached).toEqual(['/one', '/two', '/three']);
});

test('a URL with another host in it is no way around the host', async () => {
  await exchange('GET http://other.example/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  // Whole, as it was sent: no surface takes it for a path of its own.
  expect(reached).toEqual(['http://other.example/x']);
});
