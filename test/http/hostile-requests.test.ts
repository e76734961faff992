import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from '../../src/http/listener.ts';
import { silentLog } from '../../src/kernel/log.ts';

let listener: Listener;
let reached: string[] = [];

beforeEach(async () => {
  reached = [];
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    log: silentLog,
    patience: 300,
    surface: async (request) => {
      reached.push(request.url);
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
  ['a head that never ends', 'GET /smuggled HTTP/1.1\r\nHost: a\r\n', 408],
  ['a body that never ends', post('Content-Length: 10', 'abc'), 408],
];

test.each(cases)('%s is refused, and nothing behind it is answered', async (_name, bytes, status) => {
  const answer = await exchange(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  expect(reached).not.toContain('/smuggled');
});
