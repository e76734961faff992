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

test('a request writes one line at debug with method, class of its route, status and its id, and nothing of its URL', async () => {
  const lines = await linesOf(
    async () => ({ status: 404, headers: { REQ_ID: 'an-id' }, body: '' }),
    '/some/path?with=a-query',
  );
  const expected = { method: 'GET', route: 'any', status: 404, ms: expect.any(Number), request: 'an-id' };
  expect(lines).toEqual([['answered', expected]]);
});

test('a fault of ours is a line too', async () => {
  const lines = await linesOf(() => Promise.reject(new Error('broken')), '/');
  expect(lines).toEqual([['answered', expect.objectContaining({ status: 500, request: undefined })]]);
});

const name = 'Solveig';
test.each([
  ['repeats what the request held', `no row of Solveig Dahl, 13097248022`],
  ['quotes a value of a row', `invalid input syntax for type bigint: "Halvorsen"`],
  ['quotes what looks like a secret', `wrong 'Pv8Q~aB3dE6gH9jK2mN5pQ8sT1vW4yZ7'`],
  ['has a secret in the middle', `got Pv8Q~aB3dE6gH9jK2mN5pQ8sT1vW4yZ7x`],
])('a fault of ours is logged with where it was thrown; its message %s, and the log does not', async (_, message) => {
  const lines: (LogFields | undefined)[] = [];
  const log = { ...silentLog, error: (_message: string, fields?: LogFields) => lines.push(fields) };
  listener = await listen({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, log },
    surface: () => Promise.reject(new RangeError(message)),
  });
  const url = `http://127.0.0.1:${listener.port}/api/${name}?$filter=id eq '13097248022'`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ lastname: 'Dahl' }) });
  expect(await answer.text()).not.toMatch(/Solveig|Halvorsen|Pv8Q/);
  const [line] = lines;
  expect(line?.['error']).toMatch(/^RangeError: .*\n +at .*request-log\.test\.ts/);
  expect(JSON.stringify(line)).not.toMatch(/Solveig|Dahl|13097248022|Halvorsen|Pv8Q/);
});
