import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { ask } from '../support/client.ts';
import { Cluster } from '../support/cluster.ts';
import { type Connection, connect } from '../support/connection.ts';
import { createdId, query, rowsOf } from '../support/odata.ts';
import { parseMetrics } from '../support/parse-metrics.ts';
import { serve } from '../support/serve.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const metricsToken = 'replica-replica-replica';

let primary: Cluster;
let standby: Cluster;
/** The way to the standby. */
let way: TcpProxy;
let dataFolder: string;
let server: Awaited<ReturnType<typeof serve>>;
let client: Connection;
let number = 0;

beforeAll(async () => {
  primary = await Cluster.start();
  dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-replica-'));
  const settings = { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', PORTVAKT_DATABASE_URL: primary.url };
  // Filled first: there is less to wait for.
  await (await serve(settings, silentLog)).close();
  standby = await primary.follow();
  // Commits do not wait for it: it may be behind.
  await primary.run("alter system set synchronous_standby_names = ''");
  await primary.run('select pg_reload_conf()');
  way = await TcpProxy.start(standby.socket);
  const replicated = {
    ...settings,
    PORTVAKT_METRICS_TOKEN: metricsToken,
    PORTVAKT_DATABASE_READ_URL: `postgres://portvakt:portvakt@127.0.0.1:${way.port}/postgres`,
    PORTVAKT_DATABASE_READ_LAG: '500',
  };
  server = await serve(replicated, silentLog);
  client = await connect(server.url, dataFolder);
}, 120_000);
afterAll(async () => {
  await server.close();
  await way.close();
  await standby.close();
  await primary.close();
  await rm(dataFolder, { recursive: true });
});
beforeEach(() => inUse());

/** Of a scrape: what became of reads, and how many databases have the standby answer at the moment. */
async function replica(): Promise<Readonly<Record<'served' | 'behind' | 'failed' | 'inUse', number>>> {
  const { status, text } = await ask(client.ca, `${client.url}/metrics`, { token: metricsToken });
  expect(status).toBe(200);
  const { scrape } = parseMetrics(text);
  const reads = (outcome: string): number =>
    scrape.get(`portvakt_replica_reads_total{outcome="${outcome}"}`) ?? Number.NaN;
  const inUse = scrape.get('portvakt_replica_in_use') ?? Number.NaN;
  return { served: reads('served'), behind: reads('behind'), failed: reads('failed'), inUse };
}

/** Waits until a read is answered by the standby: after a fault it is left alone for a while. */
async function inUse(): Promise<void> {
  await vi.waitFor(
    async () => {
      const before = await replica();
      await named('Nobody');
      expect((await replica()).served).toBeGreaterThan(before.served);
    },
    { timeout: 20_000, interval: 100 },
  );
}

async function create(): Promise<{ readonly id: string; readonly name: string }> {
  const name = `Replica ${++number}`;
  const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: name };
  return { id: createdId(await client.api(candidates, { method: 'POST', body })), name };
}

const named = async (name: string) =>
  rowsOf(
    await client.api(`${candidates}?${query({ $select: 'mshr_firstname', $filter: `mshr_lastname eq '${name}'` })}`),
  );

/** Writes and reads at once, so often: each read must have what was written before it. */
async function readYourWrites(times: number): Promise<void> {
  for (let at = 0; at < times; at++) {
    const { id, name } = await create();
    expect(await named(name)).toMatchObject([{ mshr_firstname: 'Kari' }]);
    const changed = await client.api(`${candidates}(${id})`, { method: 'PATCH', body: { mshr_firstname: 'Ola' } });
    expect(changed.status).toBe(204);
    expect(await named(name)).toMatchObject([{ mshr_firstname: 'Ola' }]);
  }
}

test('reads are answered by the standby, and each has what was written before it', { timeout: 60_000 }, async () => {
  const before = await replica();
  await readYourWrites(10);
  const after = await replica();
  expect(after).toMatchObject({ behind: before.behind, failed: before.failed });
  expect(after.served - before.served).toBeGreaterThanOrEqual(20);
});

test('a standby that lags gives no old row, and no error', { timeout: 60_000 }, async () => {
  await standby.run('select pg_wal_replay_pause()');
  const before = await replica();
  await readYourWrites(5);
  const after = await replica();
  expect(after.served).toBe(before.served);
  expect(after.behind).toBeGreaterThan(before.behind);
  expect(after.failed).toBe(before.failed);
  await standby.run('select pg_wal_replay_resume()');
});

test('a role that is taken away is refused at once, however far the standby is behind', {
  timeout: 60_000,
}, async () => {
  const user = query({ $select: 'systemuserid', $filter: `applicationid eq ${client.env.READER_CLIENT_ID}` });
  const [row] = rowsOf(await client.api(`systemusers?${user}`, { as: 'admin' }));
  const list = async () => (await client.api(`${candidates}?$top=1`, { as: 'reader' })).status;
  const disable = async (isdisabled: boolean) =>
    client.api(`systemusers(${row?.['systemuserid']})`, { as: 'admin', method: 'PATCH', body: { isdisabled } });
  expect(await list()).toBe(200);
  await standby.run('select pg_wal_replay_pause()');
  expect((await disable(true)).status).toBe(204);
  expect(await list()).toBe(403);
  expect((await disable(false)).status).toBe(204);
  expect(await list()).toBe(200);
  await standby.run('select pg_wal_replay_resume()');
});

test('one that says nothing, is killed and started again costs no request; the primary answers, and /metrics says so', {
  timeout: 60_000,
}, async () => {
  const before = await replica();
  const reading = { isOver: false, statuses: new Set<number>() };
  const reader = (async () => {
    while (!reading.isOver) reading.statuses.add((await client.api(`${candidates}?$top=5`)).status);
  })();
  way.become('stall');
  await readYourWrites(3);
  const resting = await replica();
  expect(resting.failed).toBeGreaterThan(before.failed);
  expect(resting.inUse).toBe(before.inUse - 1);
  await standby.kill();
  way.become('passes');
  await readYourWrites(1);
  await standby.start();
  await inUse();
  reading.isOver = true;
  await reader;
  expect([...reading.statuses]).toEqual([200]);
  await readYourWrites(1);
});
