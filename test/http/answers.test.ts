import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Answers } from '../../src/http/answers.ts';
import { type Listener, listen } from '../../src/http/listener.ts';
import { silentLog } from '../../src/kernel/log.ts';

let listener: Listener | undefined;
afterEach(() => listener?.close());

/** Stands for a response: notes which bodies were sent. */
function noting(sent: string[]): ServerResponse {
  const response = {
    socket: null,
    writeHead: () => response,
    end: (body: Buffer) => void sent.push(body.toString()),
  };
  return response as unknown as ServerResponse;
}

const ready = (response: ServerResponse, text: string) => ({
  response,
  status: 200,
  headers: {},
  body: Buffer.from(text),
});

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('answers of one turn are sent at its end, in their order', async () => {
  const sent: string[] = [];
  const answers = new Answers(silentLog);
  answers.add(ready(noting(sent), 'first'));
  answers.add(ready(noting(sent), 'second'));
  expect(sent).toEqual([]);
  await endOfTurn();
  expect(sent).toEqual(['first', 'second']);
});

test('in a long turn the next answer takes those along that have waited, and none is sent twice', async () => {
  const sent: string[] = [];
  const answers = new Answers(silentLog);
  answers.add(ready(noting(sent), 'first'));
  const began = performance.now();
  while (performance.now() - began < 3);
  answers.add(ready(noting(sent), 'second'));
  expect(sent).toEqual(['first', 'second']);
  answers.add(ready(noting(sent), 'third'));
  await endOfTurn();
  expect(sent).toEqual(['first', 'second', 'third']);
});

test('an answer that cannot be written ends its own connection, is told, and keeps no other back', async () => {
  const errors: unknown[] = [];
  // Both requests are answered at once: only the flush sees both.
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = 0;
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    log: { ...silentLog, error: (message, fields) => errors.push([message, fields]) },
    surface: async ({ url }) => {
      if (++arrived === 2) release();
      await both;
      return { status: 200, headers: { 'X-Test': url === '/broken' ? 'a\nb' : 'fine' }, body: 'whole' };
    },
  });
  const origin = `http://127.0.0.1:${listener.port}`;
  const [broken, whole] = await Promise.allSettled([fetch(`${origin}/broken`), fetch(`${origin}/whole`)]);
  expect(broken.status).toBe('rejected');
  expect(whole.status === 'fulfilled' && (await whole.value.text())).toBe('whole');
  expect(errors).toEqual([['an answer cannot be written', { error: expect.stringContaining('X-Test') }]]);
});
