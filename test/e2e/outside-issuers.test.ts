import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Log } from '../../src/kernel/log.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Answer } from '../support/client.ts';
import { engines } from '../support/database.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { makeCa, type TestCa } from '../token/issuers/https-issuer.ts';

const api = '/api/data/v9.2';
const requests = `${api}/mshr_hcmrecruitingrequestentities?$top=1`;
const candidates = `${api}/mshr_hcmcandidatetohireentities`;
const candidate = { mshr_dataareaid: 'usmf', mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' };

/** Known to `oidc-provider`: one that the setting lists, one that it does not. */
const listed = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f21';
const unlisted = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f22';
/** Known to the other issuer, which may vouch for any. */
const administrator = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f23';
const audience = 'api://AzureADTokenExchange';
const subject = 'system:serviceaccount:hr:ats';

const errorOf = (answer: Answer) => (answer.json() as { error: { code: string; message: string } }).error;
const rowsOf = (answer: Answer) => (answer.json() as { value: Record<string, string>[] }).value;

describe.each(engines)('tokens of others on %s, over real HTTPS', (engine) => {
  let ca: TestCa;
  let provider: OpenIdProvider;
  let other: OAuth2Server;
  let server: TestServer;
  const reasons: string[] = [];
  const log: Log = { ...silentLog, info: (_message, fields) => reasons.push(String(fields?.['reason'] ?? '')) };

  beforeAll(async () => {
    ca = await makeCa();
    provider = await startOpenIdProvider({ ...ca, clientIds: [listed, unlisted] });
    other = new OAuth2Server(ca.keyFile, ca.certFile);
    await other.issuer.keys.generate('RS256', { kid: 'first' });
    await other.start(0, 'localhost');
    const tenant = 'nordlys.onportvakt.test';
    const trusted = [
      { name: 'oidc-provider', issuer: provider.issuer, tenant, applications: [{ id: listed, name: 'Their ATS' }] },
      {
        name: 'other',
        issuer: other.issuer.url,
        tenant,
        applications: 'any',
        audiences: { webApi: ['api://hr'], data: ['api://hr-admin'], graph: ['api://graph'] },
        appRoles: ['Application.Read.All'],
      },
    ];
    const settings = {
      PORTVAKT_TRUSTED_ISSUERS: JSON.stringify(trusted),
      PORTVAKT_ISSUER_NETWORKS: '127.0.0.0/8,::1',
      PORTVAKT_ISSUER_CA: ca.caFile,
    };
    server = await startTestServer(engine, settings, log);
  });
  afterAll(async () => {
    await server?.close();
    await provider?.stop().catch(() => undefined);
    await other?.stop().catch(() => undefined);
    await ca?.remove();
  });

  const theirToken = (clientId = listed, resource = server.url) => provider.token(clientId, resource);
  const otherToken = (claims: Readonly<Record<string, unknown>>, kid = 'first', header = {}) =>
    other.issuer.buildToken({
      kid,
      scopesOrTransform: (head, payload) => {
        Object.assign(head, header);
        Object.assign(payload, claims);
      },
    });
  const otherApp = (clientId: string, aud = 'api://hr', claims = {}) =>
    otherToken({ client_id: clientId, sub: clientId, aud, jti: String(Math.random()), ...claims });

  /** Creates the application user of a client id, as the administrator. */
  async function createUser(clientId: string): Promise<Answer> {
    const [unit] = rowsOf(
      await server.ask(
        `${api}/businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null`.replaceAll(
          ' ',
          '%20',
        ),
        { as: 'admin' },
      ),
    );
    const body = {
      applicationid: clientId,
      'businessunitid@odata.bind': `/businessunits(${unit?.['businessunitid']})`,
    };
    const headers = { Prefer: 'return=representation' };
    return server.ask(`${api}/systemusers`, { method: 'POST', body, headers, as: 'admin' });
  }

  test('an application of oidc-provider passes authentication, both gates one after the other, and writes', async () => {
    const token = await theirToken();
    const call = (path = requests, body?: unknown) =>
      server.ask(path, body === undefined ? { token } : { token, method: 'POST', body });

    expect(errorOf(await call()).code).toBe('0x80072560');
    const created = await createUser(listed);
    expect(created.status).toBe(201);
    expect(created.json()).toMatchObject({ fullname: 'Their ATS', applicationid: listed });

    expect(errorOf(await call()).code).toBe('0x80042f09');
    const user = (created.json() as { systemuserid: string }).systemuserid;
    const [role] = rowsOf(
      await server.ask(
        `${api}/systemusers?$select=fullname&$filter=applicationid%20eq%20${server.env.CLIENT_ID}&$expand=systemuserroles_association($select=roleid)`,
        { as: 'admin' },
      ),
    ).flatMap((row) => row['systemuserroles_association'] as unknown as { roleid: string }[]);
    const body = { '@odata.id': `${server.url}${api}/roles(${role?.roleid})` };
    const link = `${api}/systemusers(${user})/systemuserroles_association/$ref`;
    expect((await server.ask(link, { method: 'POST', body, as: 'admin' })).status).toBe(204);

    expect(errorOf(await call()).code).toBe('0x80040265');
    const application = { AADClientId: listed, Name: 'Their ATS', UserId: 'RekrutteringIntegrasjon' };
    expect((await server.data('SysAADClients', { method: 'POST', body: application })).status).toBe(201);

    expect((await call()).status).toBe(200);
    expect((await call(candidates, candidate)).status).toBe(204);
    expect((await server.ask(`${api}/WhoAmI`, { token })).json()).toMatchObject({ UserId: user });
  });

  test.each([
    { name: 'a client that the setting does not list', token: () => theirToken(unlisted), says: 'may not vouch' },
    {
      name: 'a token for another resource',
      token: () => theirToken(listed, 'https://elsewhere.example'),
      says: 'for another resource',
    },
    {
      name: 'a token for the Web API at /data',
      token: () => theirToken(),
      path: '/data/SystemUsers',
      says: 'for another resource',
    },
    { name: 'the client id of an own application', token: () => otherApp(server.env.CLIENT_ID), says: 'may not vouch' },
    {
      name: "the administrator's own client id",
      token: () => otherApp(server.env.ADMIN_CLIENT_ID),
      says: 'may not vouch',
    },
    {
      name: "a user's token",
      token: () => otherApp(administrator, 'api://hr', { sub: 'kari', scp: 'x' }),
      says: 'stands for a user',
    },
    {
      name: 'an issuer that is not trusted',
      token: () => otherApp(administrator, 'api://hr', { iss: 'https://evil.example' }),
      says: 'was issued elsewhere',
    },
    { name: 'expired', token: () => otherApp(administrator, 'api://hr', { exp: 1_000 }), says: 'has expired' },
  ])('401 with the challenge: $name', async ({ token, path = requests, says }) => {
    const answer = await server.ask(path, { token: await token() });
    expect(answer.status).toBe(401);
    if (path !== requests) return;
    expect(errorOf(answer).message).toContain(says);
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer error=invalid_token, error_description=".*", authorization_uri=/,
    );
    expect(reasons.at(-1)).not.toBe('');
  });

  test('another issuer with the same client id is a stranger to its application user', async () => {
    const answer = await server.ask(requests, { token: await otherApp(listed) });
    expect([answer.status, errorOf(answer).code]).toEqual([403, '0x80072560']);
    expect(reasons.at(-1)).toContain('was not made for the issuer');
  });

  test('no second application user for one client id', async () => {
    const again = await createUser(listed);
    expect(errorOf(again).code).toBe('0x8004f511');
  });

  test('an outside administrator needs an application user and a link at /data, and permissions at /v1.0', async () => {
    const token = await otherApp(administrator, 'api://hr-admin');
    expect((await server.ask('/data/SystemUsers', { token })).status).toBe(403);
    const users = rowsOf(
      await server.data('SecurityUserRoleAssociations?$filter=SecurityRoleIdentifier%20eq%20%27-SYSADMIN-%27'),
    );
    const application = { AADClientId: administrator, Name: 'Outside', UserId: users[0]?.['UserId'] };
    expect((await server.data('SysAADClients', { method: 'POST', body: application })).status).toBe(201);
    expect((await server.ask('/data/SystemUsers', { token })).status).toBe(403);
    expect((await createUser(administrator)).status).toBe(201);
    expect((await server.ask('/data/SystemUsers', { token })).status).toBe(200);

    const list = async (roles: readonly string[]) =>
      server.ask('/v1.0/applications', { token: await otherApp(administrator, 'api://graph', { roles }) });
    expect((await list(['Application.Read.All'])).status).toBe(200);
    expect((await list(['Application.ReadWrite.All'])).status).toBe(403);
    expect((await list([])).status).toBe(403);
  });

  test('a disabled application user: 403', async () => {
    const [user] = rowsOf(
      await server.ask(`${api}/systemusers?$select=systemuserid&$filter=applicationid%20eq%20${administrator}`, {
        as: 'admin',
      }),
    );
    const disable = { method: 'PATCH', body: { isdisabled: true }, as: 'admin' as const };
    expect((await server.ask(`${api}/systemusers(${user?.['systemuserid']})`, disable)).status).toBe(204);
    expect(errorOf(await server.ask(requests, { token: await otherApp(administrator) })).code).toBe('0x80040225');
    expect(
      (await server.ask('/data/SystemUsers', { token: await otherApp(administrator, 'api://hr-admin') })).status,
    ).toBe(403);
  });

  test('Azure Identity and MSAL prove themselves with a federated credential', async () => {
    const scope = 'https://graph.microsoft.com/.default';
    const graph = async (path: string, method = 'GET', body?: unknown) =>
      server.ask(`/v1.0/${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
        token: await server.token('admin', scope),
      });
    const key = `applications(appId='${server.env.CLIENT_ID}')`;
    const credential = { name: 'kubernetes', issuer: other.issuer.url, subject, audiences: [audience] };
    const added = await graph(`${key}/federatedIdentityCredentials`, 'POST', credential);
    expect(added.status).toBe(201);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/federated-script.mjs', 'ats', {
      ASSERTION: await otherToken({ sub: subject, aud: [audience] }),
      WRONG_ASSERTION: await otherToken({ sub: subject.toUpperCase(), aud: [audience] }),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      'azure-identity': { status: 200, appidacr: '2' },
      'msal-node': { status: 200, appidacr: '2' },
      refused: expect.stringContaining('AADSTS700213'),
    });
  });

  test('the issuer rolls its keys over, goes down, and is missed by nobody who has its keys', async () => {
    // Ten seconds after the last fetch an unknown key has the keys fetched anew.
    await other.issuer.keys.generate('ES256', { kid: 'second' });
    await other.issuer.keys.generate('RS256', { kid: 'third' });
    const roll = async () =>
      (
        await server.ask(requests, {
          token: await otherToken({ client_id: unlisted, sub: unlisted, aud: 'api://hr' }, 'third'),
        })
      ).status;
    await expect.poll(roll, { timeout: 15_000, interval: 1_000 }).toBe(403);
    // ES256 is not in the list of algorithms of this issuer.
    const es256 = await otherToken({ client_id: unlisted, sub: unlisted, aud: 'api://hr' }, 'second', { alg: 'ES256' });
    expect((await server.ask(requests, { token: es256 })).status).toBe(401);
    const url = other.issuer.url;
    await other.stop();
    other.issuer.url = url;
    await provider.stop();
    expect((await server.ask(requests, { token: await otherApp(unlisted) })).status).toBe(403);
  });
});
