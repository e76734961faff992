import { afterEach, expect, test } from 'vitest';
import { type Listener, listen } from '../../src/http/listener.ts';
import type { Surface } from '../../src/kernel/http.ts';
import { type LogFields, silentLog } from '../../src/kernel/log.ts';

let listener: Listener | undefined;
afterEach(() => listener?.close());

async function linesOf(surface: Surface, path: string): Promise<readonly [string, LogFields | undefined][]> {
  const lines: [string, LogFields | undefined][] = [];
  const log = { ...silentLog, debug: (message: string, fields?: LogFields) => lines.push([message, fields]) };
  listener = await listen({ host: '127.0.0.1', port: 0, tls: undefined, surface, log });
  await fetch(`http://127.0.0.1:${listener.port}${path}`, { headers: { connection: 'close' } });
  return lines;
}

test('a request writes one line at debug with method, path, status and its id, without the query', async () => {
  const lines = await linesOf(
    async () => ({ status: 404, headers: { REQ_ID: 'an-id' }, body: '' }),
    '/some/path?with=a-query',
  );
  const expected = { method: 'GET', path: '/some/path', status: 404, ms: expect.any(Number), request: 'an-id' };
  expect(lines).toEqual([['answered', expected]]);
});

test('a fault of ours is a line too', async () => {
  const lines = await linesOf(() => Promise.reject(new Error('broken')), '/');
  expect(lines).toEqual([['answered', expect.objectContaining({ status: 500, request: undefined })]]);
});
