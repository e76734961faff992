import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { ensureDevelopmentCertificates } from '../../src/tls/development-ca.ts';
import {
  adminErrorOf,
  administer,
  callEnvironment,
  type MadeTenant,
  makeEnvironment,
  makeTenant,
} from '../support/administration.ts';
import { ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { bodyOf, rowsOf } from '../support/odata.ts';
import { recordingLog } from '../support/recording-log.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-environments-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const log = recordingLog();

async function start(dataFolder: string, settings: Readonly<Record<string, string>> = {}) {
  const config = parseConfig({
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    PORTVAKT_SEED: 'empty',
    ...settings,
  });
  return startServer(config, log);
}

/** The server as the tests' helpers take it. */
async function installationOf(server: RunningServer, dataFolder: string, caFile: string, at = server.url) {
  const env = parseEnvLines(await readFile(join(dataFolder, 'admin.env'), 'utf8'));
  const ca = await readFile(caFile, 'utf8');
  const credentials = { id: env.get('ADMIN_CLIENT_ID') ?? '', secret: env.get('ADMIN_CLIENT_SECRET') ?? '' };
  const authority = `${at}/${env.get('TENANT_ID')}`;
  return { url: at, ca, token: () => requestToken(ca, authority, credentials, `${server.url}/.default`) };
}

describe('after a start on another port', () => {
  test('an environment with a local name is at that port, with its rows and a certificate', async () => {
    const dataFolder = join(folder, 'again');
    const caFile = join(dataFolder, 'tls', 'ca.pem');
    const first = await start(dataFolder);
    let server = await installationOf(first, dataFolder, caFile);
    const tenant = await makeTenant(server, 'Fjord');
    const made = await makeEnvironment(server, tenant, 'drift');
    await callEnvironment(server, made, 'mshr_hcmtitleentities', { method: 'POST', body: { mshr_titleid: 'Los' } });
    // Said in full, its local name is still one that follows the port.
    const body = { url: made.url };
    for (const url of ['https://drift.example', made.url]) {
      await administer(server, `environments/${made.id}`, { method: 'PATCH', body: { url } });
    }
    expect(bodyOf(await administer(server, `environments/${made.id}`))).toMatchObject(body);
    await first.close();

    const second = await start(dataFolder);
    server = await installationOf(second, dataFolder, caFile);
    const url = `https://drift.localhost:${second.port}`;
    expect(url).not.toBe(made.url);
    expect(bodyOf(await administer(server, `environments/${made.id}`))['url']).toBe(url);
    const moved: MadeTenant = { ...tenant, authority: `${second.url}/${tenant.id}` };
    const rows = await callEnvironment(server, { ...made, url, tenant: moved }, 'mshr_hcmtitleentities');
    expect(rowsOf(rows)).toMatchObject([{ mshr_titleid: 'Los' }]);
    await second.close();
  });
});

describe('with a certificate of the administrator and a public URL', () => {
  let server: Awaited<ReturnType<typeof installationOf>>;
  let running: RunningServer;
  const warnings = () =>
    log.lines
      .filter(({ message }) => message === 'PORTVAKT_TLS_CERT does not cover the host of an environment')
      .map(({ level, fields }) => `${level} ${fields['host']}`);
  const settings = () => ({
    PORTVAKT_TLS_CERT: join(folder, 'own', 'chain.pem'),
    PORTVAKT_TLS_KEY: join(folder, 'own', 'key.pem'),
    PORTVAKT_PUBLIC_URL: 'https://hr.localhost',
  });

  beforeAll(async () => {
    const own = join(folder, 'own');
    await mkdir(own);
    const { cert, key } = await ensureDevelopmentCertificates(
      own,
      ['hr.localhost', 'dekket.localhost'],
      () => new Date(),
    );
    await writeFile(join(own, 'chain.pem'), cert);
    await writeFile(join(own, 'key.pem'), key);
    const dataFolder = join(folder, 'public');
    running = await start(dataFolder, settings());
    server = await installationOf(running, dataFolder, join(own, 'ca.pem'), `https://localhost:${running.port}`);
  });
  afterAll(() => running.close());

  /** A request to the port that was bound, with the host that clients would name. */
  const asAdministrator = async (path: string, options: Parameters<typeof ask>[2] = {}) => {
    const token = await server.token();
    const headers = { host: 'hr.localhost' };
    return ask(server.ca, `${server.url}/portvakt/v1/${path}`, { ...options, token, headers });
  };

  test('a new environment needs a URL; one that the certificate does not cover is warned of', async () => {
    const body = { displayName: 'Fjord', domains: ['fjord.example'] };
    const tenant = bodyOf(await asAdministrator('tenants', { method: 'POST', body }), 201);
    const { clientId } = tenant['administrator'] as { clientId: string };
    const order = { tenantId: tenant['id'], administratorClientId: clientId, name: 'X' };
    const create = (more: object) => asAdministrator('environments', { method: 'POST', body: { ...order, ...more } });
    expect(adminErrorOf(await create({ uniqueName: 'a' })).code).toBe('urlNeeded');
    expect(adminErrorOf(await create({ uniqueName: 'a', url: 'http://a.example' })).code).toBe('urlScheme');
    expect(warnings()).toEqual([]);
    bodyOf(await create({ uniqueName: 'dekket', url: 'https://dekket.localhost' }), 201);
    expect(warnings()).toEqual([]);
    bodyOf(await create({ uniqueName: 'bar', url: 'https://bar.example' }), 201);
    expect(warnings()).toEqual(['warn bar.example']);
  });

  test('the port that https has anyway may be in the host', async () => {
    for (const host of ['dekket.localhost', 'dekket.localhost:443']) {
      const answer = await ask(server.ca, `${server.url}/api/data/v9.2/WhoAmI`, { headers: { host } });
      expect({ host, status: answer.status }).toEqual({ host, status: 401 });
      expect(answer.headers['www-authenticate']).toContain('resource_id=https://dekket.localhost/');
    }
  });

  test('the warning comes again at the next start', async () => {
    await running.close();
    log.lines.length = 0;
    running = await start(join(folder, 'public'), settings());
    expect(warnings()).toEqual(['warn bar.example']);
  });
});
