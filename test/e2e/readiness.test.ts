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

const get = (path: string) => ask(server.ca, `${server.url}${path}`);

async function becomes(status: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const answer = await get('/readyz');
    if (answer.status === status || attempt > 100) return answer.text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Through a pooler the database answers: what the network cut off is the session that holds the lock. */
const trouble = way.pooler === true ? 'the database may be in use by another server' : 'the database does not answer';

test.each([['cut'], ['stall']] as const)(
  'while the network to the database is %s the server lives but is not ready, and comes back by itself',
  async (network) => {
    expect(await becomes(200)).toBe('ready\n');
    proxy.become(network);
    expect(await becomes(503)).toBe(`not ready: ${trouble}\n`);
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
  expect(proxy.open).toBeLessThanOrEqual(before + 1);
});
