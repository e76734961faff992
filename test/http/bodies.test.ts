import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { httpLimits } from '../../src/http/http-limits.ts';
import { type Listener, listen } from '../../src/http/listener.ts';
import type { Surface } from '../../src/kernel/http.ts';
import { silentLog } from '../../src/kernel/log.ts';

let listener: Listener | undefined;
afterEach(() => listener?.close());

const echo: Surface = async ({ body }) => ({ status: 200, headers: {}, body: `${body.length} bytes` });

async function start(bodyBudget?: number): Promise<number> {
  const budget = bodyBudget === undefined ? {} : { bodyBudget };
  listener = await listen({ host: '127.0.0.1', port: 0, tls: undefined, surface: echo, log: silentLog, ...budget });
  return listener.port;
}

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

/** Sends a part of a body; `finish` sends the rest and gives the answer. */
function begin(port: number, size: number, part: number, chunked = false) {
  const headers = chunked ? {} : { 'content-length': String(size) };
  const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers });
  const answer = new Promise<Sent>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'] }),
      );
    });
  });
  request.write(Buffer.alloc(part));
  const rest = size - part;
  const finish = (): Promise<Sent> => {
    request.end(rest > 0 ? Buffer.alloc(rest) : undefined);
    return answer;
  };
  return { answer, finish, abort: () => request.destroy() };
}

const soon = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50));

describe('request bodies', () => {
  test.each([
    { name: 'with a length', chunked: false },
    { name: 'in chunks', chunked: true },
  ])('$name arrive whole up to the limit, and are 413 above it', async ({ chunked }) => {
    const port = await start();
    const within = await begin(port, httpLimits.body, 10, chunked).finish();
    expect([within.status, within.text]).toEqual([200, `${httpLimits.body} bytes`]);
    const above = await begin(port, httpLimits.body + 1, 10, chunked).finish();
    expect(above.status).toBe(413);
    expect(above.text).toContain(`larger than ${httpLimits.body} bytes`);
  });

  test('that are held together take no more memory than the budget: 503 above it, and room again after', async () => {
    const port = await start(1_000_000);
    const first = begin(port, 800_000, 700_000);
    await soon();
    const second = await begin(port, 400_000, 400_000).finish();
    expect([second.status, second.retryAfter]).toEqual([503, '1']);
    expect((await first.finish()).status).toBe(200);
    expect((await begin(port, 900_000, 900_000).finish()).text).toBe('900000 bytes');
  });

  test('of clients that went away give their room back', async () => {
    const port = await start(1_000_000);
    const gone = begin(port, 900_000, 800_000);
    gone.answer.catch(() => undefined);
    await soon();
    gone.abort();
    await soon();
    expect((await begin(port, 900_000, 900_000).finish()).status).toBe(200);
  });
});
