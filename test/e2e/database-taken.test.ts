import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest';
import { holdPostgres } from '../../src/storage/hold-server.ts';
import { lockNumber } from '../../src/storage/sql/postgres/lock.ts';
import { ask } from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import { killServers, startServerProcess } from '../support/process.ts';
import { proxyTo } from '../support/tcp-proxy.ts';
import { patience } from '../support/way.ts';

const folders: string[] = [];
afterEach(killServers);
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function start(workers: string) {
  const database = await makeDatabase(inject('postgresUrl'));
  const { proxy, url } = await proxyTo(database.url);
  const folder = await mkdtemp(join(tmpdir(), 'portvakt-taken-'));
  folders.push(folder);
  const server = await startServerProcess({
    settings: {
      PORTVAKT_DATA: folder,
      PORTVAKT_PORT: '0',
      PORTVAKT_SEED: 'empty',
      PORTVAKT_DATABASE_URL: url,
      PORTVAKT_WORKERS: workers,
    },
  });
  return { database, proxy, server };
}

describe.each(['1', '2'])('a server of %s process(es) whose database was away', (workers) => {
  test('decides nothing while nobody knows who holds the lock, though its other connections last', {
    timeout: patience * 60_000,
  }, async () => {
    const { database, proxy, server } = await start(workers);
    const whoAmI = async () => (await ask(server.ca, `${server.url}/api/data/v9.2/WhoAmI`)).text;
    const all = async () => Promise.all(Array.from({ length: 8 }, whoAmI));
    const beside = await makeDatabase(inject('postgresUrl'));
    const name = new URL(database.url).pathname.slice(1);
    await beside.run(`alter database ${name} allow_connections false`);
    await beside.run(`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted and mode = 'ExclusiveLock' and objsubid = 1
      and (classid::bigint << 32 | objid::bigint) = ${lockNumber("'portvakt server'")}
      and database = (select oid from pg_database where datname = '${name}')`);
    await server.wrote(/the lock that keeps other servers off the database is lost/);
    const refused = 'the database may be in use by another server';
    await expect.poll(async () => (await all()).every((text) => text.includes(refused))).toBe(true);
    // What it looked at a moment ago counts for a second.
    await expect.poll(async () => (await ask(server.ca, `${server.url}/readyz`)).status).toBe(503);
    await beside.run(`alter database ${name} allow_connections true`);
    await server.wrote(/the lock that keeps other servers off the database is taken again/);
    await expect.poll(async () => (await all()).some((text) => text.includes(refused))).toBe(false);
    await server.kill('SIGTERM');
    await proxy.close();
    for (const each of [database, beside]) await each.drop();
  });

  test('goes on alone, and stops when another server took the database', { timeout: patience * 60_000 }, async () => {
    const { database, proxy, server } = await start(workers);
    const status = async (path: string) => (await ask(server.ca, `${server.url}${path}`)).status;
    proxy.become('cut');
    await server.wrote(/the lock that keeps other servers off the database is lost/);
    expect([await status('/healthz'), await status('/api/data/v9.2/WhoAmI')]).toEqual([200, 503]);
    proxy.become('passes');
    await server.wrote(/the lock that keeps other servers off the database is taken again/);
    await expect.poll(() => status('/api/data/v9.2/WhoAmI'), { timeout: 10_000 }).toBe(401);

    proxy.become('cut');
    await server.wrote(/is lost[\s\S]*is lost/);
    const other = await holdPostgres(database.url, 'portvakt');
    proxy.become('passes');
    const { code, stderr } = await server.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^portvakt: [^\n]+another Portvakt server took it while it was away[^\n]+\n$/);
    await other.release();
    await proxy.close();
    await database.drop();
  });
});
