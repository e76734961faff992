import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { holdPostgres, joinNodes, type ServerHold } from '../../src/storage/hold-server.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { proxyTo, type TcpProxy } from '../support/tcp-proxy.ts';

let database: TestDatabase;
let proxy: TcpProxy;
/** Leads through a network that tests cut. */
let url: string;
/** What the one who holds the lock was told, in order. */
let told: string[];
const releasing: { release(): Promise<void> }[] = [];

beforeEach(async () => {
  database = await makeDatabase(inject('postgresUrl'));
  ({ proxy, url } = await proxyTo(database.url));
  told = [];
});
afterEach(async () => {
  proxy.become('passes');
  for (const hold of releasing.splice(0)) await hold.release();
  await proxy.close();
  await database.drop();
});

const watcher = {
  lost: () => void told.push('lost'),
  retaken: () => void told.push('retaken'),
  taken: (error: Error) => void told.push(error.message),
};
const kept = <T extends { release(): Promise<void> }>(hold: T): T => {
  releasing.push(hold);
  return hold;
};
const hold = async (): Promise<ServerHold> => kept(await holdPostgres(url, 'portvakt', watcher));
const endSessions = (): Promise<void> =>
  database.run(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'portvakt'`);
const tells = (count: number): Promise<void> => expect.poll(() => told.length, { timeout: 15_000 }).toBe(count);

test('is taken again when its session was ended, and keeps others off as before', { timeout: 30_000 }, async () => {
  const held = await hold();
  await endSessions();
  await tells(2);
  expect([told, held.isHeld]).toEqual([['lost', 'retaken'], true]);
  await endSessions();
  await tells(4);
  await expect(holdPostgres(database.url, 'portvakt')).rejects.toThrow('in use by another Portvakt server');
});

test('is nobody’s while the network is cut, and ours again afterwards', { timeout: 30_000 }, async () => {
  const held = await hold();
  proxy.become('cut');
  await tells(1);
  expect(held.isHeld).toBe(false);
  proxy.become('passes');
  await tells(2);
  expect([told, held.isHeld]).toEqual([['lost', 'retaken'], true]);
});

test('is taken from a session of our own that the network has left behind', { timeout: 30_000 }, async () => {
  const held = await hold();
  proxy.become('stall');
  await tells(1);
  proxy.become('passes');
  await tells(2);
  expect([told, held.isHeld]).toEqual([['lost', 'retaken'], true]);
});

test('is given up for good when another server took it meanwhile', { timeout: 30_000 }, async () => {
  const held = await hold();
  proxy.become('cut');
  await tells(1);
  const other = kept(await holdPostgres(database.url, 'portvakt', { ...watcher, lost: () => undefined }));
  proxy.become('passes');
  await tells(2);
  expect(told).toEqual(['lost', expect.stringContaining('another Portvakt server took it while it was away')]);
  expect([held.isHeld, other.isHeld]).toEqual([false, true]);
});

test('of a node waits for a node that begins, but not for a server that is none', { timeout: 30_000 }, async () => {
  const node = kept(await joinNodes(url, 'portvakt', watcher));
  await node.share();
  proxy.become('cut');
  await tells(1);
  const beginning = kept(await joinNodes(database.url, 'portvakt', { ...watcher, lost: () => undefined }));
  expect(beginning.isJoined).toBe(false);
  proxy.become('passes');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect([told, node.isHeld]).toEqual([['lost'], false]);
  await beginning.share();
  await tells(2);
  expect([told, node.isHeld]).toEqual([['lost', 'retaken'], true]);
  await beginning.release();
  proxy.become('cut');
  await tells(3);
  kept(await holdPostgres(database.url, 'portvakt'));
  proxy.become('passes');
  await tells(4);
  expect([told.at(-1), node.isHeld]).toEqual([expect.stringContaining('this one stops'), false]);
});
