import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { installationRoles } from '../../src/directory/installation-roles.ts';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type Answer, ask } from '../support/client.ts';
import { requestToken } from '../support/connection.ts';
import { databaseSettings, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { createdId, errorOf, query, rowsOf } from '../support/odata.ts';
import { makeCa, type TestCa } from '../token/issuers/https-issuer.ts';

const api = '/api/data/v9.2';
/** A client of the outside issuer that is to administer, and one that our directory never hears of. */
const administrator = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f31';
const stranger = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f32';
const authorizationUri = 'https://login.example.com/fjordheim/oauth2/authorize';

describe.each(engines)('our own authority is turned off on %s', (engine) => {
  let ca: TestCa;
  let issuer: OAuth2Server;
  let folder: string;
  let database: TestDatabase | undefined;
  let server: RunningServer;
  let serverCa: string;
  let ownToken: string;
  let tenantId: string;

  beforeAll(async () => {
    ca = await makeCa();
    issuer = new OAuth2Server(ca.keyFile, ca.certFile);
    await issuer.issuer.keys.generate('RS256', { kid: 'first' });
    await issuer.start(0, 'localhost');
    folder = await mkdtemp(join(tmpdir(), 'portvakt-authority-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
  });
  afterAll(async () => {
    await server?.close().catch(() => undefined);
    await database?.drop();
    await issuer?.stop().catch(() => undefined);
    await Promise.all([rm(folder, { recursive: true, force: true }), ca?.remove()]);
  });

  const start = (settings: Readonly<Record<string, string>>): Promise<RunningServer> =>
    startServer(
      parseConfig({
        PORTVAKT_DATA: folder,
        PORTVAKT_PORT: '0',
        PORTVAKT_SEED: 'empty',
        PORTVAKT_ISSUER_NETWORKS: '127.0.0.0/8,::1',
        PORTVAKT_ISSUER_CA: ca.caFile,
        PORTVAKT_TRUSTED_ISSUERS: JSON.stringify([
          {
            name: 'Their identity provider',
            issuer: issuer.issuer.url,
            tenant: 'nordlys.onportvakt.test',
            applications: [administrator, stranger],
            audiences: { webApi: ['api://hr'], graph: ['api://graph'] },
            appRoles: ['Application.Read.All', installationRoles.read],
            authorizationUri,
          },
        ]),
        ...databaseSettings(database?.url),
        ...settings,
      }),
      silentLog,
    );
  const get = (path: string, token?: string): Promise<Answer> =>
    ask(serverCa, `${server.url}${path}`, token === undefined ? {} : { token });
  const theirToken = (clientId: string, aud = 'api://hr', roles: readonly string[] = []): Promise<string> =>
    issuer.issuer.buildToken({
      kid: 'first',
      scopesOrTransform: (_, payload) => {
        Object.assign(payload, { client_id: clientId, sub: clientId, aud, roles, jti: String(Math.random()) });
      },
    });
  const askForToken = (): Promise<Answer> =>
    ask(serverCa, `${server.url}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });

  test('a new installation needs it, since nobody else is an administrator yet', async () => {
    await expect(start({ PORTVAKT_AUTHORITY: 'off' })).rejects.toThrow(
      'PORTVAKT_AUTHORITY=off cannot be used: a new installation has no administrator of another issuer yet; see docs/outside-issuers.md',
    );
  });

  test('while it is on, the administrator makes an outside application a System Administrator', async () => {
    server = await start({});
    serverCa = await readFile(join(folder, 'tls', 'ca.pem'), 'utf8');
    const env = parseEnvLines(await readFile(join(folder, 'admin.env'), 'utf8'));
    tenantId = env.get('TENANT_ID') ?? '';
    const own = { id: env.get('ADMIN_CLIENT_ID') ?? '', secret: env.get('ADMIN_CLIENT_SECRET') ?? '' };
    ownToken = await requestToken(serverCa, env.get('AUTHORITY_URL') ?? '', own, `${server.url}/.default`);
    const filter = { $select: 'businessunitid', $filter: '_parentbusinessunitid_value eq null' };
    const [unit] = rowsOf(await get(`${api}/businessunits?${query(filter)}`, ownToken));
    const made = await ask(serverCa, `${server.url}${api}/systemusers`, {
      method: 'POST',
      token: ownToken,
      body: {
        applicationid: administrator,
        'businessunitid@odata.bind': `/businessunits(${unit?.['businessunitid']})`,
      },
    });
    const named = { $select: 'roleid', $filter: "name eq 'System Administrator'" };
    const [role] = rowsOf(await get(`${api}/roles?${query(named)}`, ownToken));
    const given = await ask(
      serverCa,
      `${server.url}${api}/systemusers(${createdId(made)})/systemuserroles_association/$ref`,
      {
        method: 'POST',
        token: ownToken,
        body: { '@odata.id': `${server.url}${api}/roles(${role?.['roleid']})` },
      },
    );
    expect(given.status).toBe(204);
    expect((await askForToken()).status).toBe(400);
    const { port } = server;
    await server.close();
    server = await start({ PORTVAKT_AUTHORITY: 'off', PORTVAKT_PORT: String(port) });
  });

  test.each([
    '/{tenant}/oauth2/v2.0/token',
    '/{tenant}/oauth2/token',
    '/{tenant}/v2.0/.well-known/openid-configuration',
    '/{tenant}/discovery/v2.0/keys',
    '/common/discovery/instance?api-version=1.1',
    '/{tenant}/adminconsent?client_id=x',
    '/error?code=7000215',
  ])('%s is not there', async (path) => {
    const answer = await get(path.replace('{tenant}', tenantId));
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 404,
      text: 'no tokens are issued here: the server takes those of other issuers only\n',
    });
  });

  test('no token is issued', async () => {
    expect((await askForToken()).status).toBe(404);
  });

  test('a token of our own that was issued before is refused', async () => {
    const answer = await get(`${api}/WhoAmI`, ownToken);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error=invalid_token');
  });

  test.each([
    { path: `${api}/WhoAmI`, resource: 'resource_id={url}/' },
    { path: '/data/SystemUsers', resource: 'resource_id={url}/' },
    { path: '/portvakt/v1/tenants', resource: 'resource_id={url}/' },
    { path: '/v1.0/applications', resource: 'client_id=00000003-0000-0000-c000-000000000000' },
  ])('who has no token at $path is sent to the outside issuer', async ({ path, resource }) => {
    const answer = await get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization_uri=${authorizationUri}, ${resource.replace('{url}', server.url)}`,
    );
  });

  test('the outside administrator works as one', async () => {
    const token = await theirToken(administrator);
    expect((await get(`${api}/WhoAmI`, token)).status).toBe(200);
    expect(rowsOf(await get(`${api}/systemusers?$select=fullname`, token)).length).toBeGreaterThan(0);
    const graph = await theirToken(administrator, 'api://graph', ['Application.Read.All']);
    expect((await get('/v1.0/applications', graph)).status).toBe(200);
  });

  test('another application of the issuer is a stranger', async () => {
    const answer = await get(`${api}/WhoAmI`, await theirToken(stranger));
    expect({ status: answer.status, code: errorOf(answer).code }).toEqual({ status: 403, code: '0x80072560' });
  });

  test.each([
    { name: 'without a role', roles: [], method: 'GET', status: 403 },
    { name: 'with the role that the setting allows', roles: [installationRoles.read], method: 'GET', status: 200 },
    { name: 'with that role, to write', roles: [installationRoles.read], method: 'POST', status: 403 },
    { name: 'with a role that it does not', roles: [installationRoles.readWrite], method: 'GET', status: 403 },
  ])('the installation is administered from outside $name: $status', async ({ roles, method, status }) => {
    const token = await theirToken(administrator, 'api://hr', roles);
    const body = { displayName: 'Ny', domains: ['ny.example'] };
    const answer = await ask(serverCa, `${server.url}/portvakt/v1/tenants`, {
      token,
      method,
      ...(method === 'POST' ? { body } : {}),
    });
    expect(answer.status).toBe(status);
  });

  test('turned on again it issues tokens again', async () => {
    await server.close();
    server = await start({});
    expect((await askForToken()).status).toBe(400);
  });
});
