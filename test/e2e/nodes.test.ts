import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from '../../src/primary.ts';
import { ask } from '../support/client.ts';
import { type Connection, connect } from '../support/connection.ts';
import { databaseSettings, type TestDatabase } from '../support/database.ts';
import { rowsOf } from '../support/odata.ts';
import { killServers, type Ready, spawnServer, startServerProcess } from '../support/process.ts';
import { filledPlace, type Place } from '../support/template.ts';
import { patience } from '../support/way.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
/** The slowest that another node may follow. */
const promisedMs = 1000;

let place: Place;
let settings: Record<string, string>;
let nodes: Ready[];
let first: Connection;

const startNode = (port: number): Promise<Ready> =>
  startServerProcess({
    settings: { ...settings, PORTVAKT_PORT: String(port) },
    at: (own) => `https://localhost:${own}`,
  });

/** A request of the Web API that a balancer has sent to one of the nodes. */
async function to(
  node: Ready | undefined,
  path: string,
  { as = 'ats', method = 'GET', body = undefined as unknown } = {},
) {
  const who = as === 'admin' ? 'admin' : 'ats';
  const { port } = new URL(node?.url ?? '');
  const headers = { host: new URL(first.url).host };
  return ask(first.ca, `https://localhost:${port}/api/data/v9.2/${path}`, {
    token: await first.token(who),
    headers,
    method,
    ...(body === undefined ? {} : { body }),
  });
}

beforeAll(async () => {
  place = await filledPlace('postgres', 'demo');
  const port = await findFreePort('127.0.0.1');
  settings = {
    PORTVAKT_DATA: place.dataFolder,
    PORTVAKT_NODES: '2',
    PORTVAKT_PUBLIC_URL: `https://localhost:${port}`,
    ...databaseSettings((place.database as TestDatabase).url),
  };
  nodes = [await startNode(port)];
  nodes.push(await startNode(await findFreePort('127.0.0.1')));
  first = await connect(`https://localhost:${port}`, place.dataFolder);
});
afterAll(async () => {
  killServers();
  await place.database?.drop();
  await rm(place.dataFolder, { recursive: true, force: true });
});

test('a server that is no node is refused beside them', async () => {
  const alone = { ...settings, PORTVAKT_NODES: '1', PORTVAKT_PORT: '0', PORTVAKT_DATA: `${place.dataFolder}-other` };
  const { code, stderr } = await spawnServer({ settings: alone }).ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('in use by another Portvakt server')]);
  await rm(`${place.dataFolder}-other`, { recursive: true, force: true });
});

test('tokens and rows of one are good at the other, and a role that one takes away is refused by the other', async () => {
  const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'Node', mshr_lastname: 'Bjerke' };
  expect((await to(nodes[0], candidates, { method: 'POST', body })).status).toBe(204);
  const found = await to(nodes[1], `${candidates}?$filter=mshr_lastname eq 'Bjerke'&$select=mshr_firstname`);
  expect(rowsOf(found)).toHaveLength(1);
  const user = `applicationid eq ${first.env.CLIENT_ID}`;
  const [row] = rowsOf(await to(nodes[0], `systemusers?$filter=${user}&$select=systemuserid`, { as: 'admin' }));
  const disabled = { as: 'admin', method: 'PATCH', body: { isdisabled: true } };
  expect((await to(nodes[0], `systemusers(${row?.['systemuserid']})`, disabled)).status).toBe(204);
  const began = performance.now();
  let status = 200;
  while (status === 200) ({ status } = await to(nodes[1], `${candidates}?$top=1`));
  expect([status, performance.now() - began < 2 * promisedMs]).toEqual([403, true]);
  const enabled = { ...disabled, body: { isdisabled: false } };
  expect((await to(nodes[1], `systemusers(${row?.['systemuserid']})`, enabled)).status).toBe(204);
});

test('when one is killed the other goes on, and a new one joins it', { timeout: patience * 60_000 }, async () => {
  await nodes[0]?.kill('SIGKILL');
  const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'Igjen', mshr_lastname: 'Bjerke' };
  expect((await to(nodes[1], candidates, { method: 'POST', body })).status).toBe(204);
  nodes[0] = await startNode(await findFreePort('127.0.0.1'));
  const path = `${candidates}?$filter=mshr_lastname eq 'Bjerke'&$select=mshr_firstname`;
  expect(rowsOf(await to(nodes[0], path))).toHaveLength(2);
});
