import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ask } from '../support/client.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import type { EmptyServer } from '../support/server.ts';
import { startEmptyServerOn } from '../support/server-on.ts';
import { proxyTo, type TcpProxy } from '../support/tcp-proxy.ts';
import { way } from '../support/way.ts';

let database: TestDatabase;
let proxy: TcpProxy;
let server: EmptyServer;

/** The server's database through a network that a test cuts. */
beforeAll(async () => {
  database = await makeDatabase(inject('postgresUrl'));
  const through = await proxyTo(database.url);
  proxy = through.proxy;
  server = await startEmptyServerOn(through.url);
});
afterAll(async () => {
  proxy.become('passes');
  await server.close();
  await proxy.close();
  await database.drop();
});

const processes = way.workers ?? 1;

const get = (path: string) => ask(server.ca, `${server.url}${path}`);

/** On all processes: another one answers each time. */
async function becomes(status: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const answers = [];
    for (let process = 0; process < 2 * processes; process++) answers.push(await get('/readyz'));
    if (answers.every((answer) => answer.status === status) || attempt > 100) return answers.at(-1)?.text ?? '';
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is missing meanwhile. Through a pooler the database answers: what is cut off is the session that holds the lock. */
const trouble = {
  usual: /^not ready: the database does not answer\n$/,
  pooler: /^not ready: the database may be in use by another server\n$/,
  // Those that cannot learn any more what others have changed answer nothing else.
  workers: /^not ready: the database does not answer\n$|what other worker processes have changed cannot be read/,
}[way.pooler === true ? 'pooler' : way.workers === undefined ? 'usual' : 'workers'];

test.each([['cut'], ['stall']] as const)(
  'while the network to the database is %s the server lives but is not ready, and comes back by itself',
  async (network) => {
    expect(await becomes(200)).toBe('ready\n');
    proxy.become(network);
    expect(await becomes(503)).toMatch(trouble);
    expect((await get('/healthz')).status).toBe(200);
    proxy.become('passes');
    expect(await becomes(200)).toBe('ready\n');
  },
);

test('many who ask at once open no further connection', async () => {
  await becomes(200);
  const before = proxy.open;
  const answers = await Promise.all(Array.from({ length: 200 }, () => get('/readyz')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(proxy.open).toBeLessThanOrEqual(before + processes);
});
