import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type Ask, ask } from '../support/client.ts';
import { databaseSettings, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { bodyOf, rowsOf } from '../support/odata.ts';
import { killServers, startServerProcess } from '../support/process.ts';
import { recordingLog } from '../support/recording-log.ts';
import { patience } from '../support/way.ts';
import { Browser, lastLink } from '../support/web-app-browser.ts';

const password = 'rognebær og røslyng';
const users = '/api/data/v9.2/systemusers?$select=fullname&$top=1';

/** Where a server with a development CA is asked. */
async function placeOf(url: string, folder: string, headers: Readonly<Record<string, string>> = {}) {
  const ca = await readFile(join(folder, 'tls', 'ca.pem'), 'utf8');
  return {
    url,
    ask: (path: string, options: Ask = {}) =>
      ask(ca, `${url}${path}`, { ...options, headers: { ...options.headers, ...headers } }),
  };
}

/** The same person at the same server, which has another port now. */
async function moved(browser: Browser, url: string, folder: string): Promise<Browser> {
  const next = new Browser(await placeOf(url, folder));
  return Object.assign(next, { cookie: browser.cookie, csrfToken: browser.csrfToken });
}

describe.each(engines)('operators of a server that starts again on %s', (engine) => {
  let folder: string;
  let database: TestDatabase | undefined;
  let server: RunningServer | undefined;
  let kari: Browser;
  const log = recordingLog();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-sign-in-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
  });
  afterAll(async () => {
    await server?.close();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    await server?.close();
    log.lines.length = 0;
    const place = { PORTVAKT_DATA: folder, PORTVAKT_PORT: '0', PORTVAKT_SEED: 'empty' };
    const url = databaseSettings(database?.url);
    server = await startServer(parseConfig({ ...place, ...url, ...settings }), log);
    return server;
  }

  const links = (): number => log.lines.filter(({ fields }) => 'link' in fields).length;

  test('each start has a link of its own until somebody has used one', async () => {
    await start();
    const first = lastLink(log);
    const { url } = await start();
    kari = new Browser(await placeOf(url, folder));
    expect((await kari.setUp(first, 'Kari', password)).status).toBe(403);
    expect((await kari.setUp(lastLink(log), 'Kari', password)).status).toBe(200);
    expect((await kari.ask(users)).status).toBe(200);
  });

  test('a session outlives the server, and no link is written any more', async () => {
    const { url } = await start();
    expect(links()).toBe(0);
    kari = await moved(kari, url, folder);
    expect((await kari.ask(users)).status).toBe(200);
  });

  test('PORTVAKT_OPERATOR_LINK lets in again who has lost the password, and is in the audit log', async () => {
    const { url } = await start({ PORTVAKT_OPERATOR_LINK: 'kari' });
    const link = lastLink(log);
    kari = await moved(kari, url, folder);
    // Until it is used nothing has changed: the setting may have been somebody's mistake.
    expect((await kari.ask(users)).status).toBe(200);
    const again = kari.another();
    expect((await again.setUp(link, undefined, `${password} igjen`)).status).toBe(200);
    expect((await kari.ask(users)).status).toBe(401);
    expect((await kari.another().signIn('Kari', password)).status).toBe(401);
    expect((await kari.another().signIn('Kari', `${password} igjen`)).status).toBe(200);
    const { user } = bodyOf(await again.ask('/portvakt/v1/session')) as unknown as { user: { id: string } };
    const entries = rowsOf(await again.ask('/portvakt/v1/audit?surface=server&kind=change&table=operators'));
    expect(entries).toMatchObject([{ message: 'makeOperatorLink', targetId: user.id }]);
  });

  test('PORTVAKT_OPERATOR_LINK makes an operator who is not there yet', async () => {
    const { url } = await start({ PORTVAKT_OPERATOR_LINK: 'Ola' });
    const ola = new Browser(await placeOf(url, folder));
    const answer = await ola.setUp(lastLink(log), undefined, password);
    expect(bodyOf(answer)).toMatchObject({ user: { name: 'Ola', role: 'full' } });
  });
});

describe('operators of a server with two workers', () => {
  let folder: string;
  let database: TestDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-sign-in-'));
    database = await makeDatabase(inject('postgresUrl'));
  });
  afterEach(killServers);
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a session is good at both, and over at both', { timeout: patience * 120_000 }, async () => {
    const settings = { PORTVAKT_DATA: folder, PORTVAKT_PORT: '0', PORTVAKT_SEED: 'empty', PORTVAKT_WORKERS: '2' };
    const server = await startServerProcess({ settings: { ...settings, ...databaseSettings(database.url) } });
    const [, link = ''] = await server.wrote(/"link":"([^"]+)"/);
    // A connection for each request, so that both workers are met.
    const kari = new Browser(await placeOf(server.url, folder, { connection: 'close' }));
    expect((await kari.setUp(link, 'Kari', password)).status).toBe(200);
    const paths = [users, '/data/SystemUsers?$top=1', '/v1.0/applications?$top=1', '/portvakt/v1/operators'];
    const askAll = () => Promise.all(Array.from({ length: 24 }, (_, n) => kari.ask(paths[n % 4] ?? '')));
    const answers = await askAll();
    expect(new Set(answers.map(({ headers }) => headers['x-portvakt-worker'])).size).toBe(2);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const filter = encodeURIComponent("contains(fullname,'Portvakt web app')");
    expect(rowsOf(await kari.ask(`/api/data/v9.2/systemusers?$select=fullname&$filter=${filter}`))).toHaveLength(1);
    const thief = Object.assign(kari.another(), { cookie: kari.cookie, csrfToken: kari.csrfToken });
    expect((await kari.ask('/portvakt/v1/session', { method: 'DELETE' })).status).toBe(204);
    const after = await Promise.all(Array.from({ length: 12 }, () => thief.ask(users)));
    expect(after.map(({ status }) => status)).toEqual(after.map(() => 401));
    expect((await server.kill('SIGTERM')).code).toBe(0);
  });
});
