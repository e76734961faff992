import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateSecret } from '../../src/directory/secret.ts';
import { graphBodyLimit } from '../../src/graph/json-body.ts';
import { createGraphSurface } from '../../src/graph/surface.ts';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { createClientCertificate } from '../../src/tls/development-ca.ts';
import { TokenVerifier } from '../../src/token/verify.ts';
import { guidPattern, jsonOf, publicUrl, start } from '../token/world.ts';
import { GraphWorld, graphScope, valuesOf } from './graph-world.ts';

let graph: GraphWorld;
let world: GraphWorld['world'];
let admin: GraphWorld['admin'];
let tokens: GraphWorld['tokens'];

beforeAll(async () => {
  graph = await GraphWorld.make();
  ({ world, admin, tokens } = graph);
});

const ask: GraphWorld['ask'] = (...request) => graph.ask(...request);
const create: GraphWorld['create'] = (...application) => graph.create(...application);

describe('an application from registration to token', () => {
  test('is created, gets a service principal and a secret, and with them a token', async () => {
    const created = await ask('POST', 'applications', { body: { displayName: 'ATS', signInAudience: 'AzureADMyOrg' } });
    const application = jsonOf(created);
    expect(created.status).toBe(201);
    expect(created.headers['Location']).toBe(`${publicUrl}/v1.0/applications/${application['id']}`);
    expect(application).toEqual({
      '@odata.context': `${publicUrl}/v1.0/$metadata#applications/$entity`,
      id: expect.stringMatching(guidPattern),
      deletedDateTime: null,
      appId: expect.stringMatching(guidPattern),
      createdDateTime: '2026-03-01T12:00:00Z',
      displayName: 'ATS',
      identifierUris: [],
      notes: null,
      publisherDomain: 'fjordheim.example',
      signInAudience: 'AzureADMyOrg',
      tags: [],
      uniqueName: null,
      api: { requestedAccessTokenVersion: null },
      keyCredentials: [],
      passwordCredentials: [],
      web: { redirectUris: [] },
    });

    const principal = await ask('POST', 'servicePrincipals', { body: { appId: application['appId'] } });
    expect(principal.status).toBe(201);
    expect(jsonOf(principal)).toMatchObject({
      appId: application['appId'],
      accountEnabled: true,
      displayName: 'ATS',
      appOwnerOrganizationId: world.tenant.id,
    });

    const added = await ask('POST', `applications/${application['id']}/addPassword`, {
      body: { passwordCredential: { displayName: 'first' } },
    });
    const secret = jsonOf(added);
    expect(added.status).toBe(200);
    expect(secret).toEqual({
      '@odata.context': `${publicUrl}/v1.0/$metadata#microsoft.graph.passwordCredential`,
      customKeyIdentifier: null,
      displayName: 'first',
      endDateTime: '2028-03-01T12:00:00Z',
      hint: String(secret['secretText']).slice(0, 3),
      keyId: expect.stringMatching(guidPattern),
      secretText: expect.stringMatching(/^.{45}$/),
      startDateTime: '2026-03-01T12:00:00Z',
    });

    const token = await world.askForm(admin, {
      client_id: String(application['appId']),
      client_secret: String(secret['secretText']),
    });
    expect(token.status).toBe(200);

    const shown = await ask('GET', `applications/${application['id']}`);
    expect(jsonOf(shown)['passwordCredentials']).toMatchObject([{ keyId: secret['keyId'], secretText: null }]);
    expect(shown.body.toString()).not.toContain(String(secret['secretText']));

    const removed = await ask('POST', `applications/${application['id']}/removePassword`, {
      body: { keyId: secret['keyId'] },
    });
    expect([removed.status, removed.body]).toEqual([204, '']);
    expect(
      (
        await world.askForm(admin, {
          client_id: String(application['appId']),
          client_secret: String(secret['secretText']),
        })
      ).status,
    ).toBe(401);
  });

  test('is found by id, by appId and by filter', async () => {
    const { id, appId } = await create("O'Hara (ATS)");
    const filter = encodeURIComponent("displayName eq 'O''Hara (ATS)'");
    for (const path of [
      `applications/${id}`,
      `applications(appId='${appId}')`,
      `applications(appId=%27${appId}%27)`,
      `Applications/${String(id).toUpperCase()}`,
    ]) {
      expect(jsonOf(await ask('GET', path))).toMatchObject({ id, appId });
    }
    for (const path of [`applications?$filter=appId eq '${appId}'`, `applications?$filter=${filter}`]) {
      expect(valuesOf(await ask('GET', path)).map((each) => each['id'])).toEqual([id]);
    }
    expect(valuesOf(await ask('GET', "applications?$filter=appId eq 'nobody'"))).toEqual([]);
  });

  test('shows only what $select names', async () => {
    const { id, appId } = await create('Selected');
    expect(jsonOf(await ask('GET', `applications/${id}?$select=id,appId`))).toEqual({
      '@odata.context': `${publicUrl}/v1.0/$metadata#applications(id,appId)/$entity`,
      id,
      appId,
    });
  });

  test('is renamed, and what was not sent stays', async () => {
    const { id } = await create('Before');
    await ask('POST', `applications/${id}/addPassword`);
    expect((await ask('PATCH', `applications/${id}`, { body: { displayName: 'After' } })).status).toBe(204);
    const after = jsonOf(await ask('GET', `applications/${id}`));
    expect(after).toMatchObject({ displayName: 'After', signInAudience: 'AzureADMyOrg' });
    expect(after['passwordCredentials']).toHaveLength(1);
  });

  test('gets, keeps and loses certificates by its list of keys', async () => {
    const { id } = await create('With certificates');
    const keyOf = async (name: string) =>
      new X509Certificate((await createClientCertificate(name, start)).certificate).raw.toString('base64');
    const entry = async (name: string) => ({
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      displayName: name,
      key: await keyOf(name),
    });
    const keys = async () =>
      jsonOf(await ask('GET', `applications/${id}`))['keyCredentials'] as Record<string, unknown>[];
    await ask('PATCH', `applications/${id}`, { body: { keyCredentials: [await entry('one')] } });
    const [one] = await keys();
    expect(one).toMatchObject({ displayName: 'one', key: null, type: 'AsymmetricX509Cert', usage: 'Verify' });
    expect(
      (await ask('PATCH', `applications/${id}`, { body: { keyCredentials: [one, await entry('two')] } })).status,
    ).toBe(204);
    expect((await keys()).map((key) => key['displayName'])).toEqual(['one', 'two']);
    await ask('PATCH', `applications/${id}`, { body: { keyCredentials: [] } });
    expect(await keys()).toEqual([]);
  });

  test('is deleted with its service principal, and its tokens end', async () => {
    const { id, appId } = await create('Short-lived');
    const principal = jsonOf(await ask('POST', 'servicePrincipals', { body: { appId } }));
    const secret = jsonOf(await ask('POST', `applications(appId='${appId}')/microsoft.graph.addPassword`));
    const issued = await world.askForm(admin, {
      client_id: String(appId),
      client_secret: String(secret['secretText']),
      scope: graphScope,
    });
    const token = String(jsonOf(issued)['access_token']);
    expect((await ask('GET', 'applications', { token })).status).toBe(403);
    expect((await ask('DELETE', `applications/${id}`)).status).toBe(204);
    expect((await ask('GET', 'applications', { token })).status).toBe(401);
    expect((await ask('GET', `applications/${id}`)).status).toBe(404);
    expect((await ask('GET', `servicePrincipals/${principal['id']}`)).status).toBe(404);
  });

  test('the secrets of a surface may be made by another rule', async () => {
    const verifier = new TokenVerifier({ directory: world.directory, keys: world.keys, publicUrl });
    const demo = createGraphSurface({
      directory: world.directory,
      verifier,
      publicUrl,
      authorizationUri: undefined,
      clock: world.clock,
      generateSecret: () => generateSecret({ reservedCharacters: true }),
    });
    const { id } = await create('Demo');
    const headers = { authorization: `Bearer ${tokens.write}` };
    const response = await demo({
      method: 'POST',
      url: `/v1.0/applications/${id}/addPassword`,
      host: '',
      headers,
      body: Buffer.alloc(0),
    });
    expect(jsonOf(response)['secretText']).toMatch(/&/);
  });
});

describe('service principals', () => {
  test('are disabled and enabled', async () => {
    const { appId } = await create('Switched');
    const { id } = jsonOf(await ask('POST', 'servicePrincipals', { body: { appId } }));
    for (const accountEnabled of [false, true]) {
      expect((await ask('PATCH', `servicePrincipals/${id}`, { body: { accountEnabled } })).status).toBe(204);
      expect(jsonOf(await ask('GET', `servicePrincipals(appId='${appId}')`))['accountEnabled']).toBe(accountEnabled);
    }
    expect(valuesOf(await ask('GET', `servicePrincipals?$filter=appId eq '${appId}'`))).toHaveLength(1);
    expect((await ask('DELETE', `servicePrincipals/${id}`)).status).toBe(204);
    expect((await ask('GET', `servicePrincipals/${id}`)).status).toBe(404);
  });
});

describe('lists', () => {
  test('come in pages that together hold every application once', async () => {
    for (let count = 0; count < 5; count++) await create(`Paged ${count}`);
    const all = valuesOf(await ask('GET', 'applications')).map((each) => each['id']);
    const paged: unknown[] = [];
    let path: string | undefined = 'applications?$top=2&$select=id';
    for (let pages = 0; path !== undefined && pages < 100; pages++) {
      const response: HttpResponse = await ask('GET', path);
      expect(valuesOf(response).length).toBeLessThanOrEqual(2);
      paged.push(...valuesOf(response).map((each) => each['id']));
      const next = jsonOf(response)['@odata.nextLink'] as string | undefined;
      path = next?.slice(`${publicUrl}/v1.0/`.length);
    }
    expect(paged).toEqual(all);
  });

  test('the last page has no link', async () => {
    const count = valuesOf(await ask('GET', 'applications')).length;
    expect(jsonOf(await ask('GET', `applications?$top=${count}`))).not.toHaveProperty('@odata.nextLink');
  });
});

describe('another tenant', () => {
  test('sees none of these applications and cannot touch them', async () => {
    const { id, appId } = await create('Private');
    const token = tokens.elsewhere;
    expect(valuesOf(await ask('GET', 'applications', { token }))).toEqual([]);
    for (const [method, path, body] of [
      ['GET', `applications/${id}`],
      ['GET', `applications(appId='${appId}')`],
      ['DELETE', `applications/${id}`],
      ['PATCH', `applications/${id}`, { displayName: 'mine' }],
      ['POST', `applications/${id}/addPassword`],
      ['DELETE', `servicePrincipals/${admin.principal.id}`],
    ] as const) {
      expect((await ask(method, path, { token, body })).status, `${method} ${path}`).toBe(404);
    }
    expect((await ask('GET', `applications/${id}`)).status).toBe(200);
  });
});

describe('the surface refuses', () => {
  const id = (): string => admin.application.id;
  const password = (value: unknown) =>
    ask('POST', `applications/${id()}/addPassword`, { body: { passwordCredential: value } });
  const keys = (value: unknown) => ask('PATCH', `applications/${id()}`, { body: { keyCredentials: value } });
  const bad = { status: 400, code: 'Request_BadRequest' } as const;
  const unauthenticated = { status: 401, code: 'InvalidAuthenticationToken' } as const;
  const denied = { status: 403, code: 'Authorization_RequestDenied' } as const;
  const missing = { status: 404, code: 'Request_ResourceNotFound' } as const;
  const later = { status: 501, code: 'NotImplemented' } as const;

  const cases: readonly { name: string; send: () => Promise<HttpResponse>; status: number; code: string }[] = [
    {
      name: 'no token',
      send: () => ask('GET', 'applications', { headers: { authorization: '' } }),
      ...unauthenticated,
    },
    { name: 'junk for a token', send: () => ask('GET', 'applications', { token: 'junk' }), ...unauthenticated },
    {
      name: 'a token for Dataverse',
      send: () => ask('GET', 'applications', { token: tokens.dataverse }),
      ...unauthenticated,
    },
    {
      name: 'an unknown resource without a token',
      send: () => ask('GET', 'users', { token: 'junk' }),
      ...unauthenticated,
    },
    { name: 'reading without a permission', send: () => ask('GET', 'applications', { token: tokens.none }), ...denied },
    {
      name: 'reading one without a permission',
      send: () => ask('GET', `applications/${id()}`, { token: tokens.none }),
      ...denied,
    },
    {
      name: 'creating with permission to read',
      send: () => ask('POST', 'applications', { token: tokens.read, body: { displayName: 'x' } }),
      ...denied,
    },
    {
      name: 'a secret with permission to read',
      send: () => ask('POST', `applications/${id()}/addPassword`, { token: tokens.read }),
      ...denied,
    },
    {
      name: 'removing a secret with permission to read',
      send: () => ask('POST', `applications/${id()}/removePassword`, { token: tokens.read }),
      ...denied,
    },
    {
      name: 'deleting with permission to read',
      send: () => ask('DELETE', `applications/${id()}`, { token: tokens.read }),
      ...denied,
    },
    {
      name: 'changing with permission to read',
      send: () => ask('PATCH', `applications/${id()}`, { token: tokens.read, body: {} }),
      ...denied,
    },
    {
      name: 'a service principal with permission to read',
      send: () => ask('POST', 'servicePrincipals', { token: tokens.read, body: {} }),
      ...denied,
    },
    {
      name: 'disabling with permission to read',
      send: () =>
        ask('PATCH', `servicePrincipals/${admin.principal.id}`, {
          token: tokens.read,
          body: { accountEnabled: false },
        }),
      ...denied,
    },
    {
      name: 'deleting a service principal with permission to read',
      send: () => ask('DELETE', `servicePrincipals/${admin.principal.id}`, { token: tokens.read }),
      ...denied,
    },
    { name: 'an unknown application', send: () => ask('GET', `applications/${newGuid()}`), ...missing },
    {
      name: 'the client id in place of the object id',
      send: () => ask('GET', `applications/${admin.application.clientId}`),
      ...missing,
    },
    { name: 'an unknown appId', send: () => ask('GET', `applications(appId='${newGuid()}')`), ...missing },
    { name: 'an unknown service principal', send: () => ask('DELETE', `servicePrincipals/${newGuid()}`), ...missing },
    { name: 'an id that is none', send: () => ask('GET', 'applications/me'), ...bad },
    { name: 'an appId that is none', send: () => ask('GET', "applications(appId='me')"), ...bad },
    {
      name: 'bad JSON',
      send: () => ask('POST', 'applications', { body: '{"displayName":' }),
      status: 400,
      code: 'BadRequest',
    },
    {
      name: 'JSON that is no object',
      send: () => ask('POST', 'applications', { body: '[]' }),
      status: 400,
      code: 'BadRequest',
    },
    { name: 'JSON null', send: () => ask('POST', 'applications', { body: 'null' }), status: 400, code: 'BadRequest' },
    {
      name: 'another content type',
      send: () =>
        ask('POST', 'applications', { body: { displayName: 'x' }, headers: { 'content-type': 'text/plain' } }),
      status: 400,
      code: 'BadRequest',
    },
    {
      name: 'a body over the limit',
      send: () => ask('POST', 'applications', { body: ' '.repeat(graphBodyLimit + 1) }),
      status: 413,
      code: 'RequestEntityTooLarge',
    },
    { name: 'no body', send: () => ask('POST', 'applications'), ...bad },
    { name: 'no name', send: () => ask('POST', 'applications', { body: {} }), ...bad },
    { name: 'name null', send: () => ask('POST', 'applications', { body: { displayName: null } }), ...bad },
    {
      name: 'renaming to null',
      send: () => ask('PATCH', `applications/${id()}`, { body: { displayName: null } }),
      ...bad,
    },
    { name: 'a name that is a number', send: () => ask('POST', 'applications', { body: { displayName: 1 } }), ...bad },
    { name: 'a name of blanks', send: () => ask('POST', 'applications', { body: { displayName: ' ' } }), ...bad },
    {
      name: 'an unknown property',
      send: () => ask('POST', 'applications', { body: { displayName: 'x', colour: 'red' } }),
      ...bad,
    },
    {
      name: 'a property that is not built',
      send: () => ask('POST', 'applications', { body: { displayName: 'x', isFallbackPublicClient: true } }),
      ...later,
    },
    {
      name: 'a property that is not built, inside another',
      send: () => ask('PATCH', `applications/${id()}`, { body: { web: { logoutUrl: 'https://a.example' } } }),
      ...later,
    },
    {
      name: 'a property that is not built, too deep to be empty',
      send: () =>
        ask('POST', 'applications', { body: `{"displayName":"x","info":${'['.repeat(20_000)}${']'.repeat(20_000)}}` }),
      ...later,
    },
    {
      name: 'JSON too deep to be read',
      send: () => ask('POST', 'applications', { body: `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}` }),
      ...bad,
    },
    ...['displayName', 'signInAudience', 'identifierUris', 'web', 'api', 'keyCredentials', 'notes', 'tags'].map(
      (name) => ({
        name: `true for ${name}`,
        send: () => ask('PATCH', `applications/${id()}`, { body: { [name]: true } }),
        ...bad,
      }),
    ),
    {
      name: 'a list with something else than texts',
      send: () => ask('PATCH', `applications/${id()}`, { body: { web: { redirectUris: ['https://a.example', 1] } } }),
      ...bad,
    },
    {
      name: 'a token version that there is not',
      send: () => ask('PATCH', `applications/${id()}`, { body: { api: { requestedAccessTokenVersion: 3 } } }),
      ...bad,
    },
    {
      name: 'a secret in the body of a new application',
      send: () =>
        ask('POST', 'applications', { body: { displayName: 'x', passwordCredentials: [{ displayName: 'y' }] } }),
      ...later,
    },
    {
      name: 'secrets in the body of an application',
      send: () => ask('PATCH', `applications/${id()}`, { body: { passwordCredentials: [] } }),
      ...bad,
    },
    {
      name: 'a name with a control character',
      send: () => ask('POST', 'applications', { body: { displayName: 'a\u0000b' } }),
      ...bad,
    },
    {
      name: 'an application ID URI of somebody else',
      send: () => ask('PATCH', `applications/${id()}`, { body: { identifierUris: ['https://evil.example/api'] } }),
      status: 400,
      code: 'HostNameNotOnVerifiedDomain',
    },
    { name: 'a secret chosen by the caller', send: () => password({ secretText: 'hunter2' }), ...bad },
    {
      name: '__proto__',
      send: () => ask('POST', 'applications', { body: '{"displayName":"x","__proto__":{}}' }),
      ...bad,
    },
    {
      name: 'an unknown audience',
      send: () => ask('POST', 'applications', { body: { displayName: 'x', signInAudience: 'Everybody' } }),
      ...bad,
    },
    {
      name: 'a client id chosen by the caller',
      send: () => ask('POST', 'applications', { body: { displayName: 'x', appId: newGuid() } }),
      ...bad,
    },
    { name: 'a password credential that is a text', send: () => password('x'), ...bad },
    { name: 'a time that is none', send: () => password({ endDateTime: 'tomorrow' }), ...bad },
    { name: 'a time that does not exist', send: () => password({ endDateTime: '2026-13-45T00:00:00Z' }), ...bad },
    {
      name: 'an end before the start',
      send: () => password({ startDateTime: '2030-01-01T00:00:00Z', endDateTime: '2029-01-01T00:00:00Z' }),
      ...bad,
    },
    {
      name: 'an end that has passed',
      send: () => password({ startDateTime: '2020-01-01T00:00:00Z', endDateTime: '2026-03-01T11:59:59Z' }),
      ...bad,
    },
    { name: 'a time without a zone', send: () => password({ endDateTime: '2030-01-01T00:00:00' }), ...bad },
    { name: 'a year of five digits', send: () => password({ endDateTime: '9999-12-31T23:59:59-01:00' }), ...bad },
    { name: 'a name of a secret with a line end', send: () => password({ displayName: 'a\nb' }), ...bad },
    { name: 'a name of a secret that is too long', send: () => password({ displayName: 'x'.repeat(257) }), ...bad },
    {
      name: 'removing without an id',
      send: () => ask('POST', `applications/${id()}/removePassword`, { body: {} }),
      ...bad,
    },
    {
      name: 'removing what is not there',
      send: () => ask('POST', `applications/${id()}/removePassword`, { body: { keyId: newGuid() } }),
      ...bad,
    },
    {
      name: 'removing by an id that is none',
      send: () => ask('POST', `applications/${id()}/removePassword`, { body: { keyId: 'x' } }),
      ...bad,
    },
    { name: 'keys that are no list', send: () => keys({}), ...bad },
    { name: 'a list of something else', send: () => keys([1]), ...bad },
    { name: 'a key that is no base64', send: () => keys([{ key: '???' }]), ...bad },
    {
      name: 'a key that is no certificate',
      send: () => keys([{ key: 'AAAA' }]),
      status: 400,
      code: 'KeyCredentialsInvalidValue',
    },
    { name: 'a key without bytes', send: () => keys([{ displayName: 'x' }]), ...bad },
    { name: 'a key of another type', send: () => keys([{ type: 'Symmetric', key: 'AAAA' }]), ...bad },
    { name: 'a key for another use', send: () => keys([{ usage: 'Sign', key: 'AAAA' }]), ...bad },
    { name: 'keeping a key that is not there', send: () => keys([{ keyId: newGuid() }]), ...bad },
    { name: 'a service principal without appId', send: () => ask('POST', 'servicePrincipals', { body: {} }), ...bad },
    {
      name: 'a service principal of nothing',
      send: () => ask('POST', 'servicePrincipals', { body: { appId: newGuid() } }),
      status: 400,
      code: 'NoBackingApplicationObject',
    },
    {
      name: 'a second service principal',
      send: () => ask('POST', 'servicePrincipals', { body: { appId: admin.application.clientId } }),
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    },
    {
      name: 'enabling with a text',
      send: () => ask('PATCH', `servicePrincipals/${admin.principal.id}`, { body: { accountEnabled: 'false' } }),
      ...bad,
    },
    { name: '$top of nothing', send: () => ask('GET', 'applications?$top='), ...bad },
    { name: '$top of 0', send: () => ask('GET', 'applications?$top=0'), ...bad },
    { name: '$top of 1000', send: () => ask('GET', 'applications?$top=1000'), ...bad },
    { name: '$top below 0', send: () => ask('GET', 'applications?$top=-1'), ...bad },
    { name: '$top twice', send: () => ask('GET', 'applications?$top=1&$top=2'), ...bad },
    { name: 'a skip token that is not ours', send: () => ask('GET', 'applications?$skiptoken=x'), ...bad },
    { name: 'users', send: () => ask('GET', 'users'), ...later },
    { name: 'the root', send: () => ask('GET', ''), ...later },
    { name: 'owners', send: () => ask('GET', `applications/${id()}/owners`), ...later },
    { name: 'deleted objects', send: () => ask('GET', 'directory/deletedItems'), ...later },
    { name: 'a batch', send: () => ask('POST', '$batch', { body: {} }), ...later },
    { name: 'references', send: () => ask('POST', `applications/${id()}/owners/$ref`, { body: {} }), ...later },
    { name: 'delegated permission grants', send: () => ask('GET', 'oauth2PermissionGrants'), ...later },
    { name: 'a broken escape', send: () => ask('GET', 'applications/%E0%A4'), status: 400, code: 'Request_BadRequest' },
    {
      name: 'PUT on an application',
      send: () => ask('PUT', `applications/${id()}`),
      status: 405,
      code: 'Request_BadRequest',
    },
    { name: 'DELETE on the set', send: () => ask('DELETE', 'applications'), status: 405, code: 'Request_BadRequest' },
    {
      name: 'GET on an action',
      send: () => ask('GET', `applications/${id()}/addPassword`),
      status: 405,
      code: 'Request_BadRequest',
    },
  ];

  test.each(cases)('$name with $status $code', async ({ send, status, code }) => {
    const before = world.directory.current;
    const response = await send();
    expect({ status: response.status, body: jsonOf(response) }).toEqual({
      status,
      body: {
        error: {
          code,
          message: expect.stringMatching(/./),
          innerError: {
            date: '2026-03-01T12:00:00',
            'request-id': expect.stringMatching(guidPattern),
            'client-request-id': expect.stringMatching(guidPattern),
          },
        },
      },
    });
    expect(world.directory.current).toBe(before);
  });

  test('401 says where tokens come from', async () => {
    const { headers } = await ask('GET', 'applications', { token: 'junk' });
    expect(headers['WWW-Authenticate']).toContain(`authorization_uri=${publicUrl}/common/oauth2/authorize`);
  });

  test('405 says what is allowed', async () => {
    expect((await ask('DELETE', 'applications')).headers['Allow']).toBe('GET, POST');
  });

  test('the id of the client is echoed', async () => {
    const correlation = newGuid();
    const response = await ask('GET', 'users', { headers: { 'client-request-id': correlation } });
    expect(response.headers['client-request-id']).toBe(correlation);
  });
});

test('permission to read is enough for reading', async () => {
  for (const path of [
    'applications',
    `applications/${admin.application.id}`,
    'servicePrincipals',
    `servicePrincipals/${admin.principal.id}`,
  ]) {
    expect((await ask('GET', path, { token: tokens.read })).status, path).toBe(200);
  }
});

test('HEAD answers as GET does', async () => {
  expect((await ask('HEAD', 'applications', { token: tokens.read })).status).toBe(200);
});
