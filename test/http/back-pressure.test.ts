import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Listener, type ListenOptions, listen } from '../../src/http/listener.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { ensureDevelopmentCertificates, type ServerCertificate } from '../../src/tls/development-ca.ts';

let listener: Listener | undefined;
afterEach(() => listener?.close());

/** A server whose requests take until `finish` is called. */
async function start(options: Partial<ListenOptions>) {
  const waiting: (() => void)[] = [];
  listener = await listen({
    ...{ host: '127.0.0.1', port: 0, tls: undefined, log: silentLog },
    surface: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ status: 200, headers: {}, body: 'done' }));
      }),
    ...options,
  });
  const { port } = listener;
  const ask = () => fetch(`http://127.0.0.1:${port}/`);
  const underWay = async (count: number) => {
    while (waiting.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { port, ask, underWay, finish: () => waiting.splice(0).forEach((each) => void each()) };
}

test('requests beyond what is answered at a time are told to come again, and those before are not disturbed', async () => {
  const { ask, underWay, finish } = await start({ mostRequests: 3 });
  const first = [ask(), ask(), ask()];
  await underWay(3);
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: { code: '0x80040216' } });
  finish();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
  const again = ask();
  await underWay(1);
  finish();
  expect((await again).status).toBe(200);
});

test('connections beyond what may be open are closed', async () => {
  const { port } = await start({ mostConnections: 2 });
  const open = (): Promise<'open' | 'closed'> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => resolve('closed'));
      socket.on('close', () => resolve('closed'));
      setTimeout(() => resolve('open'), 150).unref();
    });
  expect(await Promise.all([open(), open(), open()])).toEqual(['open', 'open', 'closed']);
});

test('a client that sends many requests at once and goes away leaves nothing that counts', async () => {
  const { port, ask, underWay, finish } = await start({ mostRequests: 16 });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50));
  await underWay(16);
  socket.destroy();
  // Its connection is gone, the work is not: room is there when that has ended.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(listener?.load().requests).toBe(16);
  expect((await ask()).status).toBe(503);
  finish();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(listener?.load().requests).toBe(0);
  const again = ask();
  await underWay(1);
  finish();
  expect((await again).status).toBe(200);
});

/** Answers everything with more than the system takes for a client that does not read. */
const large = Buffer.alloc(32 * 1024 * 1024, 'x');
const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe.each(['plain HTTP', 'TLS'])('over %s', (kind) => {
  let folder: string;
  let pair: ServerCertificate | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-slow-'));
    pair = kind === 'TLS' ? await ensureDevelopmentCertificates(folder, ['localhost'], systemClock) : undefined;
  });
  afterAll(() => rm(folder, { recursive: true }));

  const startLarge = (options: Partial<ListenOptions>) =>
    start({ ...options, tls: pair, surface: async () => ({ status: 200, headers: {}, body: large }) });
  /** Resolves when it can be written to. */
  const open = async (port: number): Promise<Socket> => {
    const socket =
      pair === undefined ? connect(port, '127.0.0.1') : connectTls({ port, host: '127.0.0.1', ca: pair.cert });
    socket.on('error', () => undefined);
    await once(socket, pair === undefined ? 'connect' : 'secureConnect');
    return socket;
  };

  test.each(['one', 'many'])(
    'a client that sends %s request and reads no answer loses its connection',
    async (some) => {
      const { port } = await startLarge({ patience: 300, mostRequests: 50 });
      const socket = (await open(port)).pause();
      socket.write(request.repeat(some === 'one' ? 1 : 20));
      await expect.poll(() => listener?.load().requests).toBeGreaterThan(0);
      await expect.poll(() => listener?.load(), { timeout: 5000 }).toMatchObject({ requests: 0, connections: 0 });
      socket.destroy();
    },
  );

  test('a client that reads slowly gets all of its answer', async () => {
    const { port } = await startLarge({ patience: 300 });
    const socket = await open(port);
    let bytes = 0;
    let next = 0;
    // Takes three times as long as its server has patience, and never stops for so long.
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes < next) return;
      next = bytes + large.length / 10;
      socket.pause();
      setTimeout(() => socket.resume(), 90);
    });
    socket.write(request);
    await expect.poll(() => bytes, { timeout: 20_000 }).toBeGreaterThanOrEqual(large.length);
    // What is kept alive is not what waits for a reader.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(listener?.load().connections).toBe(1);
    socket.destroy();
  });
});

describe.each(['plain', 'TLS'] as const)('a client that does not wait for answers, %s', (kind) => {
  let folder: string;
  let certificate: ServerCertificate;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-pipelined-'));
    certificate = await ensureDevelopmentCertificates(folder, ['localhost'], systemClock);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A server that answers with what it was sent, when `finish` is called; and a connection to it. */
  const begin = async (isHeld: boolean, more: Partial<ListenOptions> = {}) => {
    let most = 0;
    let count = 0;
    const waiting: (() => void)[] = [];
    listener = await listen({
      ...{ host: '127.0.0.1', port: 0, tls: kind === 'TLS' ? certificate : undefined, log: silentLog },
      mostRequests: 40,
      ...more,
      surface: async ({ url, body }) => {
        most = Math.max(most, ++count);
        if (isHeld && url !== '/other') await new Promise<void>((resolve) => void waiting.push(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        count--;
        return { status: 200, headers: {}, body: `<${url} ${body.length}>` };
      },
    });
    const { port } = listener;
    const open = (): Socket =>
      kind === 'TLS' ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port, '127.0.0.1');
    const ask = async (url: string): Promise<string> => {
      const socket = open();
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await once(socket, 'close');
      return text;
    };
    const finish = (): void => {
      for (const each of waiting.splice(0)) each();
    };
    return { open, ask, finish, waiting, most: () => most };
  };

  test('has a few of its requests worked on at a time, and all of them answered in their order', async () => {
    const { open, most } = await begin(false);
    const socket = open();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const requests = Array.from({ length: 600 }, (_, at) => {
      const body = at % 3 === 0 ? 'x'.repeat(at * 20) : '';
      return `POST /${at} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    });
    socket.write(requests.join(''));
    const expected = requests.map((_, at) => `</${at} ${at % 3 === 0 ? at * 20 : 0}>`);
    while (!text.includes(expected.at(-1) ?? '')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(text.match(/<[^>]*>/g)).toEqual(expected);
    expect(most()).toBe(16);
    socket.destroy();
  });

  test('takes no places from others, and is not read any more', async () => {
    const { open, ask, finish, waiting } = await begin(true);
    const sockets = [open(), open()];
    const many = 'GET /many HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(400_000);
    for (const socket of sockets) socket.on('error', () => undefined).write(many);
    while (waiting.length < 32) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([waiting.length, listener?.load().requests]).toEqual([32, 32]);
    expect(await ask('/other')).toContain('</other 0>');
    // What the operating system does not hold stays with the client.
    for (const socket of sockets) expect(socket.writableLength).toBeGreaterThan(0);
    for (const socket of sockets) socket.destroy();
    // Some of those behind begin before the server learns that nobody is there any more.
    while ((listener?.load().requests ?? 0) > 0) {
      finish();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(waiting.length).toBe(0);
  });

  const get = (url: string, more = ''): string => `GET ${url} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test.each([
    ['behind the last', `${get('/last', 'Connection: close\r\n')}X`],
    ['that is no HTTP', 'garbage\r\n\r\n'],
  ])('and sends something %s leaves nothing behind when it has gone', async (_, end) => {
    const { open, finish, waiting } = await begin(true, { patience: 300 });
    const socket = open().on('error', () => undefined);
    socket.write(get('/many').repeat(17) + end);
    await until(() => waiting.length === 16);
    socket.destroy();
    finish();
    await until(() => listener?.load().requests === 0 && listener.load().connections === 0);
    expect(waiting).toHaveLength(0);
  });

  test('is not read while the body of one that waits has not come', async () => {
    const { open, waiting, finish } = await begin(true);
    const socket = open().on('error', () => undefined);
    socket.write(
      `${get('/many').repeat(17)}POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let n = 0; n < 800; n++) socket.write(piece);
    await until(() => waiting.length === 16);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.writableLength).toBeGreaterThan(30_000_000);
    socket.destroy();
    await until(() => {
      finish();
      return listener?.load().requests === 0;
    });
  });

  test('has nothing done that stands behind an answer which closes its connection', async () => {
    const { open, waiting, finish } = await begin(true, { mostRequests: 16 });
    const socket = open().on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const other = open().on('error', () => undefined);
    other.write(get('/many'));
    await until(() => waiting.length === 1);
    // The sixteenth finds no place, and its refusal closes the connection.
    socket.write(get('/many').repeat(40));
    await until(() => waiting.length === 16);
    waiting.splice(1).forEach((each) => void each());
    await once(socket, 'close');
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual([...Array(15).fill('HTTP/1.1 200'), 'HTTP/1.1 503']);
    expect(waiting).toHaveLength(1);
    finish();
    other.destroy();
  });

  test('and has hundreds of them read at once is told to come again', async () => {
    const { open, waiting, finish } = await begin(true);
    const socket = open().on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(get('/many').repeat(1000));
    await until(() => waiting.length === 16);
    const finishing = setInterval(finish, 1);
    await once(socket, 'close');
    clearInterval(finishing);
    const statuses = text.match(/HTTP\/1.1 \d+/g) ?? [];
    expect([statuses.length, statuses.at(-1)]).toEqual([273, 'HTTP/1.1 503']);
  });
});
