import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask } from '../support/client.ts';
import { connect, requestToken } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase } from '../support/database.ts';
import { bodyOf, createdId } from '../support/odata.ts';
import { killServers, type Ready, readDemoEnv, spawnServer, startServerProcess } from '../support/process.ts';
import { runScript } from '../support/run-script.ts';
import { patience } from '../support/way.ts';

const run = promisify(execFile);
const candidates = 'mshr_hcmcandidatetohireentities';
const person = { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: 'usmf' };

let folder: string;
/** The demo, set up by a server that was stopped; what it printed. */
let template: string;
let firstOutput: string;
let firstUrl: string;
let copies = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-again-'));
  template = join(folder, 'template');
  const server = await start(template);
  firstOutput = server.output();
  firstUrl = server.url;
  await server.kill('SIGTERM');
});
afterEach(killServers);
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (dataFolder: string, settings: Record<string, string> = {}): Promise<Ready> =>
  startServerProcess({ settings: { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', ...settings } });

async function copyOfTemplate(): Promise<string> {
  const copy = join(folder, `copy-${copies++}`);
  await cp(template, copy, { recursive: true });
  return copy;
}

/** What a shell knows after `set -a; . <file>`. */
async function source(file: string): Promise<Record<string, string>> {
  const print = 'process.stdout.write(JSON.stringify(process.env))';
  const script = 'set -a; . "$1"; exec "$2" -e "$3"';
  const { stdout } = await run('sh', ['-eu', '-c', script, 'sh', file, process.execPath, print], { env: {} });
  return JSON.parse(stdout) as Record<string, string>;
}

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('the first start', () => {
  test('prints what was set up and a first call', () => {
    expect(firstOutput).toContain(
      'The demo organisation is ready: 3 legal entities, 60 jobs, 400 positions, 300 workers',
    );
    expect(firstOutput).toContain(`Web API       ${firstUrl}/api/data/v9.2/`);
    expect(firstOutput).toContain(`set -a; . ${join(template, 'demo.env')}; set +a`);
  });

  test('leaves files that only this user may read, and a demo.env that a shell reads as it was meant', async () => {
    for (const file of [
      'demo.env',
      'demo-client.pem',
      'keys/signing-keys.json',
      'tls/ca-key.pem',
      'tls/server-key.pem',
    ]) {
      expect([file, await modeOf(join(template, file))]).toEqual([file, 0o600]);
    }
    const env = readDemoEnv(template);
    expect(await source(join(template, 'demo.env'))).toMatchObject(env);
    expect(env).toMatchObject({
      API_URL: firstUrl,
      AUTHORITY_URL: `${firstUrl}/${env.TENANT_ID}`,
      CERT: join(template, 'demo-client.pem'),
      NODE_EXTRA_CA_CERTS: join(template, 'tls', 'ca.pem'),
    });
    for (const character of '~/+=&%') expect(env.CLIENT_SECRET).toContain(character);
    expect(await readFile(env.CERT ?? '', 'utf8')).toMatch(/PRIVATE KEY-----[\s\S]+BEGIN CERTIFICATE/);
  });

  test('PORTVAKT_SEED=empty leaves one administrator in admin.env and no demo', async () => {
    const dataFolder = join(folder, 'empty');
    const server = await start(dataFolder, { PORTVAKT_SEED: 'empty' });
    const file = join(dataFolder, 'admin.env');
    expect(server.output()).toContain(
      `An empty organisation is ready at ${server.url}; its administrator is in ${file}`,
    );
    expect(await modeOf(file)).toBe(0o600);
    await expect(stat(join(dataFolder, 'demo.env'))).rejects.toThrow('ENOENT');
    const env = await source(file);
    const credentials = { id: env['ADMIN_CLIENT_ID'] ?? '', secret: env['ADMIN_CLIENT_SECRET'] ?? '' };
    const token = await requestToken(server.ca, env['AUTHORITY_URL'] ?? '', credentials, `${env['API_URL']}/.default`);
    const count = (set: string) => ask(server.ca, `${server.url}/api/data/v9.2/${set}/$count`, { token });
    expect((await count('systemusers')).text).toBe('1');
    expect((await count(candidates)).text).toBe('0');
    await server.kill('SIGTERM');
    const again = await start(dataFolder);
    const renewed = await source(file);
    expect(again.url).not.toBe(server.url);
    expect(renewed).toMatchObject({
      API_URL: again.url,
      ADMIN_CLIENT_ID: credentials.id,
      ADMIN_CLIENT_SECRET: credentials.secret,
    });
  });

  test.each(engines)(
    'killed in the middle, on %s: the next start sets up everything',
    { timeout: patience * 60_000 },
    async (engine) => {
      const dataFolder = join(folder, `interrupted-${engine}`);
      const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
      const settings = {
        PORTVAKT_DATA: dataFolder,
        PORTVAKT_PORT: '0',
        ...databaseSettings(database?.url),
      };
      const interrupted = spawnServer({ settings });
      await interrupted.wrote(/setting up a new installation/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await interrupted.kill('SIGKILL')).stdout).not.toContain('"msg":"ready"');
      const server = await startServerProcess({ settings });
      const connection = await connect(server.url, dataFolder);
      expect((await connection.api('mshr_hcmrecruitingrequestentities/$count')).text).toBe('120');
      expect((await connection.api('systemusers/$count', { as: 'admin' })).text).toBe('5');
      const { code, stdout } = await runScript(connection, 'examples/round-trip-fetch.mjs');
      expect([code, stdout.includes('candidate sent')]).toEqual([0, true]);
      await server.kill('SIGTERM');
      await database?.drop();
    },
  );
});

describe('a later start', () => {
  test('reuses everything: rows, credentials, certificate, and tokens that are out', async () => {
    const dataFolder = await copyOfTemplate();
    const first = await start(dataFolder);
    const { port } = new URL(first.url);
    const before = await connect(first.url, dataFolder);
    const token = await before.token('ats');
    const id = createdId(await before.api(candidates, { method: 'POST', body: person }));
    await first.kill('SIGTERM');
    const file = await readFile(join(dataFolder, 'demo.env'), 'utf8');

    const second = await start(dataFolder, { PORTVAKT_PORT: port });
    expect(second.ca).toBe(first.ca);
    expect(await readFile(join(dataFolder, 'demo.env'), 'utf8')).toBe(file);
    expect(second.output()).not.toMatch(/setting up|The demo organisation/);
    const row = await before.ask(`/api/data/v9.2/${candidates}(${id})`, { token });
    expect(bodyOf(row)).toMatchObject(person);
    await expect((await connect(second.url, dataFolder)).token('reader')).resolves.toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('under another port and in another place renews demo.env, and only what depends on them', async () => {
    const copy = await copyOfTemplate();
    const moved = `${copy}-moved`;
    await rename(copy, moved);
    const before = readDemoEnv(moved);
    const server = await start(moved);
    expect(server.url).not.toBe(before.API_URL);
    expect(readDemoEnv(moved)).toEqual({
      ...before,
      API_URL: server.url,
      AUTHORITY_URL: `${server.url}/${before.TENANT_ID}`,
      CERT: join(moved, 'demo-client.pem'),
      NODE_EXTRA_CA_CERTS: join(moved, 'tls', 'ca.pem'),
    });
    expect(await modeOf(join(moved, 'demo.env'))).toBe(0o600);
    const { code } = await runScript(await connect(server.url, moved), 'examples/round-trip.mjs');
    expect(code).toBe(0);
  });

  test('PORTVAKT_SEED counts on the first one only', async () => {
    const dataFolder = await copyOfTemplate();
    const server = await start(dataFolder, { PORTVAKT_SEED: 'empty' });
    const connection = await connect(server.url, dataFolder);
    expect((await connection.api('mshr_hcmrecruitingrequestentities/$count')).text).toBe('120');
  });

  test('with a public URL of its own answers under that name', async () => {
    const dataFolder = await copyOfTemplate();
    const publicUrl = 'https://hr.nordlys.example';
    const server = await startServerProcess({
      settings: { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', PORTVAKT_PUBLIC_URL: publicUrl },
      at: (port) => `https://localhost:${port}`,
    });
    expect(readDemoEnv(dataFolder).API_URL).toBe(publicUrl);
    const own = await ask(server.ca, `${server.url}/api/data/v9.2/`, { headers: { host: 'hr.nordlys.example' } });
    expect([own.status, own.headers['www-authenticate']]).toEqual([401, expect.stringContaining(`${publicUrl}/`)]);
    expect((await ask(server.ca, `${server.url}/api/data/v9.2/`)).status).toBe(404);
  });
});

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends the process with 0 and leaves nothing to be replayed',
    async (signal) => {
      const dataFolder = await copyOfTemplate();
      const server = await start(dataFolder);
      const connection = await connect(server.url, dataFolder);
      createdId(await connection.api(candidates, { method: 'POST', body: person }));
      expect(await server.kill(signal)).toMatchObject({ code: 0, signal: null, stderr: '' });
      for (const file of ['directory.db', 'environments/nordlys.db']) {
        const log = await stat(join(dataFolder, `${file}-wal`)).catch(() => undefined);
        expect([file, log?.size ?? 0]).toEqual([file, 0]);
      }
    },
  );

  test('a request that is under way is answered first', async () => {
    const dataFolder = await copyOfTemplate();
    const server = await start(dataFolder);
    const token = await (await connect(server.url, dataFolder)).token('ats');
    const text = JSON.stringify({ ...person, mshr_lastname: 'Sist' });
    const answered = new Promise<number>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': text.length,
      };
      const request = httpsRequest(`${server.url}/api/data/v9.2/${candidates}`, {
        method: 'POST',
        ca: server.ca,
        headers,
      });
      request.on('response', (response) => resolve(response.statusCode ?? 0));
      request.on('error', reject);
      request.write(text.slice(0, 10));
      // The rest comes when the server has been told to stop.
      void server.wrote(/"msg":"stopping"/).then(() => request.end(text.slice(10)));
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = server.kill('SIGTERM');
    expect(await answered).toBe(204);
    expect(await ended).toMatchObject({ code: 0 });
    const again = await start(dataFolder);
    const found = await (await connect(again.url, dataFolder)).api(
      `${candidates}/$count?$filter=${encodeURIComponent("mshr_lastname eq 'Sist'")}`,
    );
    expect(found.text).toBe('1');
  });

  test('clients that connected and sent nothing do not hold it up', async () => {
    const server = await start(await copyOfTemplate());
    const { port } = new URL(server.url);
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    const begin = performance.now();
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
    expect(performance.now() - begin).toBeLessThan(3000);
    socket.destroy();
  });
});
