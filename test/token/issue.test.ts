import { createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateSecret } from '../../src/directory/secret.ts';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { guidPattern, jsonOf, publicUrl, segmentOf, start, type TestApplication, World } from './world.ts';

let world: World;
let app: TestApplication;
const now = start.getTime() / 1000;

beforeAll(async () => {
  world = await World.make();
  app = await world.addApplication('Recruiting system');
});

const claimsOf = (response: HttpResponse): Record<string, unknown> =>
  segmentOf(String(jsonOf(response)['access_token']), 1);

describe('a token', () => {
  test('has the body of v2.0', async () => {
    const response = await world.askForm(app);
    expect(response.status).toBe(200);
    expect(jsonOf(response)).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect(response.headers).toMatchObject({ 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' });
    expect(response.headers['x-ms-request-id']).toMatch(guidPattern);
  });

  test('has the body of v1, numbers as strings', async () => {
    const form = world.form(app, { scope: undefined, resource: `${publicUrl}/` });
    const response = await world.ask({
      url: `/${world.tenant.id}/oauth2/token`,
      body: new URLSearchParams(form).toString(),
    });
    expect(jsonOf(response)).toEqual({
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: String(now + 3599),
      not_before: String(now - 300),
      resource: `${publicUrl}/`,
      access_token: expect.any(String),
    });
    expect(claimsOf(response)['aud']).toBe(`${publicUrl}/`);
  });

  test('has the header and claims of version 1.0', async () => {
    const token = await world.token(app);
    expect(segmentOf(token, 0)).toEqual({
      typ: 'JWT',
      alg: 'RS256',
      kid: world.keys.current.kid,
      x5t: world.keys.current.kid,
    });
    expect(segmentOf(token, 1)).toEqual({
      aud: publicUrl,
      iss: `${publicUrl}/${world.tenant.id}/`,
      iat: now - 300,
      nbf: now - 300,
      exp: now + 3599,
      appid: app.application.clientId,
      appidacr: '1',
      idp: `${publicUrl}/${world.tenant.id}/`,
      idtyp: 'app',
      oid: app.principal.id,
      sub: app.principal.id,
      tid: world.tenant.id,
      uti: expect.stringMatching(/^[\w-]{22}$/),
      ver: '1.0',
    });
  });

  test('is signed with a key of the key set', async () => {
    const token = await world.token(app);
    const set = jsonOf(await world.ask({ method: 'GET', url: '/common/discovery/keys' }));
    const jwk = (set['keys'] as Record<string, string>[]).find((key) => key['kid'] === segmentOf(token, 0)['kid']);
    const [header, payload, signature] = token.split('.');
    const key = createPublicKey({ key: { kty: 'RSA', n: jwk?.['n'] ?? '', e: jwk?.['e'] ?? '' }, format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature ?? '', 'base64url'))).toBe(
      true,
    );
  });

  test('is another one each time', async () => {
    const [one, two] = [await world.token(app), await world.token(app)];
    expect(segmentOf(one, 1)['uti']).not.toBe(segmentOf(two, 1)['uti']);
  });

  test.each([
    { scope: `${publicUrl}/.default`, aud: publicUrl },
    { scope: `${publicUrl}//.default`, aud: `${publicUrl}/` },
    { scope: 'https://HR.portvakt.test:8443/.default', aud: 'https://HR.portvakt.test:8443' },
    { scope: 'https://hr.api.portvakt.test:8443/.default', aud: 'https://hr.api.portvakt.test:8443' },
    { scope: `${publicUrl}/data/.default`, aud: `${publicUrl}/data` },
    { scope: '00000007-0000-0000-c000-000000000000/.default', aud: '00000007-0000-0000-c000-000000000000' },
    { scope: '00000015-0000-0000-C000-000000000000/.default', aud: '00000015-0000-0000-c000-000000000000' },
    { scope: 'https://graph.microsoft.com/.default', aud: 'https://graph.microsoft.com' },
    { scope: '00000003-0000-0000-c000-000000000000/.default', aud: '00000003-0000-0000-c000-000000000000' },
    { scope: `${publicUrl}/.default ${publicUrl}/.default`, aud: publicUrl },
  ])('for $scope has the audience $aud', async ({ scope, aud }) => {
    expect(claimsOf(await world.askForm(app, { scope }))['aud']).toBe(aud);
  });

  test('carries roles for Microsoft Graph only', async () => {
    const admin = await world.addApplication('Administrator');
    await world.directory.grantAppRole(admin.principal.id, 'Application.ReadWrite.All');
    await world.directory.grantAppRole(admin.principal.id, 'Application.Read.All');
    const graph = claimsOf(await world.askForm(admin, { scope: 'https://graph.microsoft.com/.default' }));
    expect(graph['roles']).toEqual(['Application.Read.All', 'Application.ReadWrite.All']);
    expect(claimsOf(await world.askForm(admin))).not.toHaveProperty('roles');
  });

  test.each([
    '11111111-1111-4111-8111-111111111111',
    'fjordheim.example',
    'FJORDHEIM.example',
    'fjordheim.onmicrosoft.example',
  ])('is issued under the tenant name %s', async (segment) => {
    const body = new URLSearchParams(world.form(app)).toString();
    const response = await world.ask({ url: `/${segment}/OAuth2/v2.0/Token?client-request-id=1`, body });
    expect(claimsOf(response)['tid']).toBe(world.tenant.id);
  });

  test('for a multi-tenant application names the service principal of that tenant', async () => {
    const multi = await world.addApplication('For many tenants', { signInAudience: 'AzureADMultipleOrgs' });
    const { clientId } = multi.application;
    const there = await world.directory.createServicePrincipal({ tenantId: world.otherTenant.id, clientId });
    const form = world.form(multi, { scope: 'https://graph.microsoft.com/.default' });
    const url = '/nordlys.example/oauth2/v2.0/token';
    const response = await world.ask({ url, body: new URLSearchParams(form).toString() });
    expect(claimsOf(response)).toMatchObject({ oid: there.id, tid: world.otherTenant.id, appid: clientId });
  });

  describe('for an application that takes tokens itself', () => {
    let api: TestApplication;
    beforeAll(async () => {
      api = await world.addApplication('Payroll');
    });
    const asks = async (version: 1 | 2 | null, scope: string): Promise<HttpResponse> => {
      const identifierUris = [`api://${api.application.clientId}`, 'https://payroll.fjordheim.example'];
      await world.directory.updateApplication(api.application.id, {
        identifierUris,
        requestedAccessTokenVersion: version,
      });
      return world.askForm(app, { scope });
    };

    test.each([
      { version: null, name: 'api' },
      { version: 1, name: 'api' },
      { version: 1, name: 'https' },
      { version: 1, name: 'id' },
    ] as const)('has version 1.0 and the audience as asked, $name with $version', async ({ version, name }) => {
      const { clientId } = api.application;
      const names = { api: `api://${clientId}`, https: 'https://payroll.fjordheim.example', id: clientId };
      expect(claimsOf(await asks(version, `${names[name]}/.default`))).toMatchObject({
        ver: '1.0',
        aud: names[name],
        appid: app.application.clientId,
        appidacr: '1',
      });
    });

    test('has version 2.0 when the application wants that, from either endpoint', async () => {
      const token = String(jsonOf(await asks(2, 'https://payroll.fjordheim.example/.default'))['access_token']);
      expect(segmentOf(token, 0)).toEqual({ typ: 'JWT', alg: 'RS256', kid: world.keys.current.kid });
      expect(segmentOf(token, 1)).toEqual({
        aud: api.application.clientId,
        iss: `${publicUrl}/${world.tenant.id}/v2.0`,
        iat: now - 300,
        nbf: now - 300,
        exp: now + 3599,
        azp: app.application.clientId,
        azpacr: '1',
        idtyp: 'app',
        oid: app.principal.id,
        sub: app.principal.id,
        tid: world.tenant.id,
        uti: expect.stringMatching(/^[\w-]{22}$/),
        ver: '2.0',
      });
      const form = world.form(app, { scope: undefined, resource: `api://${api.application.clientId}` });
      const response = await world.ask({
        url: `/${world.tenant.id}/oauth2/token`,
        body: new URLSearchParams(form).toString(),
      });
      expect(claimsOf(response)).toMatchObject({ ver: '2.0', aud: api.application.clientId });
      expect(jsonOf(response)['resource']).toBe(api.application.clientId);
    });

    test('is not given where the tenant has no service principal of it', async () => {
      const foreign = await world.directory.createApplication({ tenantId: world.otherTenant.id, displayName: 'Far' });
      await world.directory.createServicePrincipal({ tenantId: world.otherTenant.id, clientId: foreign.clientId });
      const response = await world.askForm(app, { scope: `${foreign.clientId}/.default` });
      expect(jsonOf(response)['error_codes']).toEqual([500011]);
    });
  });

  test('unknown parameters are ignored', async () => {
    const response = await world.askForm(app, {
      'x-client-SKU': 'msal.js.node',
      'x-ms-lib-capability': 'retry-after, h429',
      claims: '{}',
    });
    expect(response.status).toBe(200);
  });
});

describe('secrets with reserved characters', () => {
  const secrets = Array.from({ length: 20 }, () => generateSecret({ reservedCharacters: true }));

  test('arrive whole through a form and through Basic', async () => {
    for (const text of secrets) {
      const fresh = await world.addApplication('Fresh');
      await world.directory.addPassword(fresh.application.id, { text });
      const id = fresh.application.clientId;
      expect((await world.askForm(fresh, { client_secret: text })).status).toBe(200);
      const encoded = Buffer.from(`${id}:${encodeURIComponent(text)}`).toString('base64');
      const viaBasic = await world.ask({
        headers: { authorization: `Basic ${encoded}` },
        body: new URLSearchParams(world.form(fresh, { client_secret: undefined, client_id: undefined })).toString(),
      });
      expect(viaBasic.status).toBe(200);
    }
  });

  test('that were not encoded are refused, not guessed at', async () => {
    const text = secrets[0] ?? generateSecret();
    const fresh = await world.addApplication('Careless');
    await world.directory.addPassword(fresh.application.id, { text });
    const { client_secret: _, ...rest } = world.form(fresh);
    const response = await world.ask({ body: `${new URLSearchParams(rest)}&client_secret=${text}` });
    expect([400, 401]).toContain(response.status);
    expect(jsonOf(response)).not.toHaveProperty('access_token');
  });

  test('several valid secrets all work', async () => {
    const fresh = await world.addApplication('With two secrets');
    const { text } = await world.directory.addPassword(fresh.application.id);
    expect((await world.askForm(fresh)).status).toBe(200);
    expect((await world.askForm(fresh, { client_secret: text })).status).toBe(200);
  });

  test('a secret works until the moment it ends and from the moment it starts', async () => {
    const own = await World.make();
    const fresh = await own.addApplication('Short-lived');
    const [begin, end] = [new Date('2026-03-01T13:00:00Z'), new Date('2026-03-01T14:00:00Z')];
    const { text } = await own.directory.addPassword(fresh.application.id, { start: begin, end });
    const codes: unknown[] = [];
    for (const time of ['12:59:59', '13:00:00', '13:59:59', '14:00:00']) {
      own.now = new Date(`2026-03-01T${time}Z`);
      codes.push(jsonOf(await own.askForm(fresh, { client_secret: text }))['error_codes']);
    }
    expect(codes).toEqual([[7000215], undefined, undefined, [7000222]]);
  });
});
