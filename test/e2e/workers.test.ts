import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask } from '../support/client.ts';
import { databaseSettings, makeDatabase, type TestDatabase } from '../support/database.ts';
import { growth, parseMetrics } from '../support/parse-metrics.ts';
import { killServers, type Ready, spawnServer, startServerProcess } from '../support/process.ts';
import { patience } from '../support/way.ts';

const token = 'token-of-these-tests.1234567890';
let folder: string;
let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-workers-'));
  database = await makeDatabase(inject('postgresUrl'));
  settings = {
    PORTVAKT_DATA: folder,
    PORTVAKT_PORT: '0',
    PORTVAKT_SEED: 'empty',
    ...databaseSettings(database.url),
    PORTVAKT_WORKERS: '2',
    PORTVAKT_METRICS_ADDRESS: '127.0.0.1:0',
    PORTVAKT_METRICS_TOKEN: token,
  };
});
afterEach(killServers);
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function eventually(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Which workers answer: each request has a connection of its own. One that is killed answers nothing any more. */
async function answering(server: Ready): Promise<ReadonlySet<string | undefined>> {
  const headers = { connection: 'close' };
  const asked = Array.from({ length: 8 }, () =>
    ask(server.ca, `${server.url}/readyz`, { headers }).catch(() => undefined),
  );
  const answers = (await Promise.all(asked)).filter((answer) => answer !== undefined);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return new Set(answers.map(({ headers }) => headers['x-portvakt-worker']));
}

/** What one of them tells, and what the primary does, is what both have counted: eight requests, of which either has some. */
async function expectNumbersOfAll(server: Ready): Promise<void> {
  const [, own = ''] = await server.wrote(/"url":"([^"]+)","msg":"metrics"/);
  const headers = { authorization: `Bearer ${token}` };
  const ofPrimary = async () => parseMetrics(await (await fetch(own, { headers })).text()).scrape;
  const ofWorker = async () => parseMetrics((await ask(server.ca, `${server.url}/metrics`, { token })).text).scrape;
  for (const scrape of [ofPrimary, ofWorker]) {
    const before = await scrape();
    await answering(server);
    const after = await scrape();
    const grown = growth(before, after, 'portvakt_http_requests_total{method="GET",route="health",status="200"');
    expect(grown).toEqual({ ',worker="1"}': expect.any(Number), ',worker="2"}': expect.any(Number) });
    expect(Object.values(grown).reduce((all, each) => all + each)).toBe(8);
    expect([after.get('portvakt_worker_up{worker="1"}'), after.get('portvakt_worker_up{worker="2"}')]).toEqual([1, 1]);
  }
  expect((await fetch(own)).status).toBe(401);
}

const pidsOf = (server: Ready): number[] =>
  (/"pids":"([\d ]+)"/.exec(server.output())?.[1] ?? '').split(' ').map(Number);

/** Each test starts several processes. */
const timeout = patience * 120_000;

describe('a server with two workers', { timeout }, () => {
  test('both answer at one port; one that is killed is replaced; all end with the primary', async () => {
    const server = await startServerProcess({ settings });
    await eventually(async () => (await answering(server)).size === 2);
    await expectNumbersOfAll(server);
    const [one = 0, two = 0] = pidsOf(server);
    process.kill(one, 'SIGKILL');
    await server.wrote(/"worker":1,"how":"SIGKILL","waitMs":100,"msg":"a worker ended; another one takes its place"/);
    await eventually(async () => (await answering(server)).size === 2);
    expect(isAlive(one)).toBe(false);
    const { code, stdout } = await server.kill('SIGTERM');
    expect(code).toBe(0);
    expect(stdout.match(/"msg":"stopping"/g)).toHaveLength(3);
    expect(isAlive(two)).toBe(false);
  });

  test('workers do not outlive a primary that was killed, and another server can start', async () => {
    const server = await startServerProcess({ settings });
    const pids = pidsOf(server);
    expect(pids).toHaveLength(2);
    await server.kill('SIGKILL');
    await eventually(() => !pids.some(isAlive));
    const again = await startServerProcess({ settings });
    expect((await again.kill('SIGTERM')).code).toBe(0);
  });

  test('what is wrong with the set-up is said in one line, by the primary alone', async () => {
    const server = await startServerProcess({ settings });
    const port = new URL(server.url).port;
    const second = spawnServer({
      settings: { ...settings, PORTVAKT_DATA: join(folder, 'other'), PORTVAKT_PORT: port },
    });
    const { code, stderr } = await second.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^portvakt: [^\n]+in use by another Portvakt server[^\n]+\n$/);
    await server.kill('SIGTERM');
    const taken = spawnServer({ settings: { ...settings, PORTVAKT_HOST: '192.0.2.1' } });
    const ended = await taken.ended;
    expect(ended.stderr).toMatch(/^portvakt: cannot listen on 192\.0\.2\.1:0: [^\n]+\n$/);
    expect(ended.code).toBe(1);
  });
});
