import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../src/admin/openapi.ts';
import type { adminProblems } from '../../src/admin/problems.ts';
import { adminRoutes } from '../../src/admin/routes.ts';
import {
  adminErrorOf,
  administer,
  administratorToken,
  type MadeEnvironment,
  type MadeTenant,
  makeEnvironment,
  makeTenant,
} from '../support/administration.ts';
import { type Ask, ask } from '../support/client.ts';
import { type Credentials, requestToken } from '../support/connection.ts';
import { anyEngine } from '../support/database.ts';
import { bodyOf, errorOf, rowsOf, type WireRow } from '../support/odata.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

let server: EmptyServer;
let fjord: MadeTenant;
let drift: MadeEnvironment;

beforeAll(async () => {
  server = await startEmptyServer(anyEngine);
  fjord = await makeTenant(server, 'Fjord');
  drift = await makeEnvironment(server, fjord, 'drift');
}, patience * 60_000);
afterAll(() => server.close());

const admin = (path: string, options: Ask = {}) => administer(server, path, options);
const post = (path: string, body: unknown) => admin(path, { method: 'POST', body });
const patch = (path: string, body: unknown) => admin(path, { method: 'PATCH', body });
const remove = (path: string) => admin(path, { method: 'DELETE' });
const unknownId = '00000000-0000-4000-8000-00000000000a';
const port = () => new URL(server.url).port;
const order = (more: Readonly<Record<string, unknown>> = {}) => ({
  tenantId: fjord.id,
  administratorClientId: fjord.administrator.id,
  uniqueName: 'ny',
  name: 'Ny',
  ...more,
});

describe('who may', () => {
  interface Row {
    readonly name: string;
    readonly status: number;
    readonly code: string;
    readonly token: () => Promise<string> | string | undefined;
    readonly at?: () => string;
  }
  const rows: readonly Row[] = [
    { name: 'nobody without a token', status: 401, code: 'tokenInvalid', token: () => undefined },
    { name: 'nobody with a token that is none', status: 401, code: 'tokenInvalid', token: () => 'a.b.c' },
    {
      name: 'nobody with a token for Microsoft Graph',
      status: 401,
      code: 'tokenInvalid',
      token: () => server.token('admin', 'https://graph.microsoft.com/.default'),
    },
    {
      name: 'nobody with a token for /data',
      status: 401,
      code: 'tokenInvalid',
      token: () => server.token('admin', `${server.url}/data/.default`),
    },
    {
      name: "not another tenant's administrator at their own environment",
      status: 403,
      code: 'notPermitted',
      token: () => administratorToken(server, fjord, `${drift.url}/.default`),
      at: () => drift.url,
    },
    {
      name: "not another tenant's administrator at the first environment",
      status: 401,
      code: 'tokenInvalid',
      token: () => administratorToken(server, fjord, `${drift.url}/.default`),
    },
    {
      name: "not the installation's administrator at another tenant's environment",
      status: 401,
      code: 'tokenInvalid',
      token: () => server.token('admin'),
      at: () => drift.url,
    },
    {
      name: 'nobody at a host without an environment',
      status: 404,
      code: 'hostUnknown',
      token: () => server.token('admin'),
      at: () => server.url.replace('localhost', '127.0.0.1').replace(/:\d+$/, ''),
    },
  ];
  test.each(rows)('$name: $status $code', async ({ status, code, token, at }) => {
    const base = at?.() ?? server.url;
    const sent = await token();
    const isOff = base.endsWith('127.0.0.1');
    const options = {
      ...(sent === undefined ? {} : { token: sent }),
      headers: isOff ? { host: '127.0.0.1' } : {},
    };
    const answer = await ask(server.ca, `${isOff ? server.url : base}/portvakt/v1/tenants`, options);
    expect(adminErrorOf(answer)).toMatchObject({ status, code });
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
  });

  /** A call of Microsoft Graph with a token of its own: roles are in tokens there. */
  const graph = async (token: string, method: string, path: string, body?: unknown) =>
    ask(server.ca, `${server.url}/v1.0/${path}`, { method, body, token });
  const graphScope = 'https://graph.microsoft.com/.default';

  /** Grants an installation role to an application, as scripts of Microsoft Graph do it. */
  async function grant(token: string, clientId: string, role: string) {
    const resource = rowsOf(await graph(token, 'GET', "servicePrincipals?$filter=displayName eq 'Portvakt'"))[0];
    const roles = resource?.['appRoles'] as readonly WireRow[];
    const principal = bodyOf(await graph(token, 'GET', `servicePrincipals(appId='${clientId}')`));
    const path = `servicePrincipals/${principal['id']}/appRoleAssignments`;
    return graph(token, 'POST', path, {
      principalId: principal['id'],
      resourceId: resource?.['id'],
      appRoleId: roles.find((each) => each['value'] === role)?.['id'],
    });
  }

  async function register(token: string, displayName: string): Promise<Credentials> {
    const id = String(bodyOf(await graph(token, 'POST', 'applications', { displayName }), 201)['appId']);
    await graph(token, 'POST', 'servicePrincipals', { appId: id });
    const path = `applications(appId='${id}')/addPassword`;
    return { id, secret: String(bodyOf(await graph(token, 'POST', path, {}))['secretText']) };
  }

  test('roles are granted as everything else is, and count at once; one who reads may not write', async () => {
    const administrator = await server.token('admin', graphScope);
    const reader = await register(administrator, 'Leser');
    const authority = `${server.url}/${server.tenantId}`;
    const token = await requestToken(server.ca, authority, reader, `${server.url}/.default`);
    const send = (options: Ask = {}) => ask(server.ca, `${server.url}/portvakt/v1/tenants`, { ...options, token });
    const refused = adminErrorOf(await send());
    expect(refused).toMatchObject({ status: 403, code: 'notPermitted' });
    expect(refused.details['fix']).toContain('Portvakt.Installation.Read.All');

    const granted = await grant(administrator, reader.id, 'Portvakt.Installation.Read.All');
    expect(granted.status).toBe(201);
    expect((await send()).status).toBe(200);
    const write = await send({ method: 'POST', body: { displayName: 'X', domains: ['x.example'] } });
    expect(adminErrorOf(write)).toMatchObject({ status: 403, code: 'notPermitted' });
    expect(adminErrorOf(write).details['fix']).toContain('Portvakt.Installation.ReadWrite.All');

    const { principalId, id } = bodyOf(granted, 201) as { principalId: string; id: string };
    await graph(administrator, 'DELETE', `servicePrincipals/${principalId}/appRoleAssignments/${id}`);
    expect(adminErrorOf(await send()).status).toBe(403);
  });

  test('nobody grants what they do not have, least of all in another tenant', async () => {
    const administrator = await server.token('admin', graphScope);
    const assigner = await register(administrator, 'Tildeler');
    const resource = bodyOf(
      await graph(administrator, 'GET', "servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"),
    );
    const principal = bodyOf(await graph(administrator, 'GET', `servicePrincipals(appId='${assigner.id}')`));
    for (const role of resource['appRoles'] as readonly WireRow[]) {
      const body = { principalId: principal['id'], resourceId: resource['id'], appRoleId: role['id'] };
      await graph(administrator, 'POST', `servicePrincipals/${principal['id']}/appRoleAssignments`, body);
    }
    const authority = `${server.url}/${server.tenantId}`;
    const token = await requestToken(server.ca, authority, assigner, graphScope);
    const own = await grant(token, assigner.id, 'Portvakt.Installation.ReadWrite.All');
    expect({ status: own.status, code: errorOf(own).code }).toEqual({
      status: 403,
      code: 'Authorization_RequestDenied',
    });
    const theirs = await administratorToken(server, fjord, graphScope);
    expect((await grant(theirs, fjord.administrator.id, 'Portvakt.Installation.ReadWrite.All')).status).toBe(403);
  });
});

describe('tenants', () => {
  test('a new one has an administrator, whose secret is in that answer only', async () => {
    const answer = await post('tenants', { displayName: ' Havn ', domains: ['Havn.Example', 'havn.onhavn.example'] });
    expect(answer.headers['cache-control']).toBe('no-store');
    const made = bodyOf(answer, 201);
    expect(answer.headers['location']).toBe(`/portvakt/v1/tenants/${made['id']}`);
    expect(made).toMatchObject({
      displayName: 'Havn',
      domains: ['havn.example', 'havn.onhavn.example'],
      authorityUrl: `${server.url}/${made['id']}`,
      environments: [],
      administrator: { clientId: expect.any(String), clientSecret: expect.any(String) },
    });
    const { administrator: _, ...shown } = made;
    expect(bodyOf(await admin(`tenants/${made['id']}`))).toEqual(shown);
    const listed = rowsOf(await admin('tenants'));
    expect(listed).toContainEqual(shown);
    expect(JSON.stringify(listed)).not.toContain('clientSecret');
    const { clientId: id, clientSecret: secret } = made['administrator'] as { clientId: string; clientSecret: string };
    const tenant = { id: '', authority: `${server.url}/havn.onhavn.example`, administrator: { id, secret } };
    await expect(administratorToken(server, tenant, 'https://graph.microsoft.com/.default')).resolves.toMatch(/^ey/);
  });

  test('another name, one domain more and one less', async () => {
    const { id } = await makeTenant(server, 'Odde');
    expect(bodyOf(await patch(`tenants/${id}`, { displayName: 'Odden' }))['displayName']).toBe('Odden');
    const more = await post(`tenants/${id}/domains`, { name: 'odden.example' });
    expect(bodyOf(more)['domains']).toEqual(['odde.example', 'odden.example']);
    expect(bodyOf(await remove(`tenants/${id}/domains/ODDE.example`))['domains']).toEqual(['odden.example']);
    const asked = await ask(server.ca, `${server.url}/odde.example/v2.0/.well-known/openid-configuration`);
    expect(asked.text).toContain('AADSTS90002');
    expect(adminErrorOf(await remove(`tenants/${id}/domains/odden.example`))).toMatchObject({
      status: 409,
      code: 'domainIsLast',
    });
    expect(adminErrorOf(await remove(`tenants/${id}/domains/odde.example`)).code).toBe('domainUnknown');
  });

  test('an empty one can be deleted, with its administrator', async () => {
    const tenant = await makeTenant(server, 'Kort');
    expect((await remove(`tenants/${tenant.id}`)).status).toBe(204);
    expect(adminErrorOf(await admin(`tenants/${tenant.id}`))).toMatchObject({ status: 404, code: 'tenantUnknown' });
    const asked = administratorToken(server, tenant, 'https://graph.microsoft.com/.default');
    await expect(asked).rejects.toThrow('AADSTS90002');
    expect((await post('tenants', { displayName: 'Kort', domains: ['kort.example'] })).status).toBe(201);
  });

  test('one that has something cannot: the answer says what', async () => {
    const refused = adminErrorOf(await remove(`tenants/${fjord.id}`));
    expect(refused).toMatchObject({ status: 409, code: 'tenantNotEmpty' });
    expect(refused.details).toMatchObject({ environments: ['drift'], applications: [], servicePrincipals: [] });
    const home = adminErrorOf(await remove(`tenants/${server.tenantId}`));
    expect(home.details['applications']).toContain('Portvakt administrator');
    expect(home.code).toBe('tenantNotEmpty');
  });
});

describe('what is refused', () => {
  interface Row {
    readonly name: string;
    readonly send: () => ReturnType<typeof admin>;
    readonly status: number;
    readonly code: keyof typeof adminProblems;
    readonly says?: string;
  }
  const rows: readonly Row[] = [
    { name: 'a resource that there is not', send: () => admin('tenant'), status: 404, code: 'resourceUnknown' },
    {
      name: 'a resource below one',
      send: () => admin(`tenants/${fjord.id}/x/y/z`),
      status: 404,
      code: 'resourceUnknown',
    },
    { name: 'a broken escape', send: () => admin('tenants/%E0%A4%A'), status: 404, code: 'resourceUnknown' },
    { name: 'another method', send: () => patch('tenants', {}), status: 405, code: 'methodNotAllowed', says: 'PATCH' },
    { name: 'an id that is none', send: () => admin('tenants/fjord'), status: 400, code: 'idInvalid' },
    {
      name: 'a tenant that there is not',
      send: () => admin(`tenants/${unknownId}`),
      status: 404,
      code: 'tenantUnknown',
    },
    {
      name: 'a name for a tenant that there is not',
      send: () => patch(`tenants/${unknownId}`, { displayName: 'X' }),
      status: 404,
      code: 'tenantUnknown',
    },
    { name: 'an option that there is not', send: () => admin('tenants?$top=1'), status: 400, code: 'optionInvalid' },
    {
      name: 'an option of the wrong kind',
      send: () => admin('environments?tenantId=x'),
      status: 400,
      code: 'optionInvalid',
    },
    { name: 'text for JSON', send: () => post('tenants', 'x=1'), status: 400, code: 'bodyUnreadable' },
    {
      name: 'broken JSON',
      send: () => admin('tenants', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      status: 400,
      code: 'bodyUnreadable',
    },
    { name: 'a list for an object', send: () => post('tenants', []), status: 400, code: 'bodyUnreadable' },
    {
      name: 'a large body',
      send: () => post('tenants', { displayName: 'x'.repeat(70_000) }),
      status: 413,
      code: 'bodyTooLarge',
    },
    {
      name: 'a member that there is not',
      send: () => post('tenants', { displayName: 'X', domains: ['x.example'], owner: 1 }),
      status: 400,
      code: 'memberUnknown',
      says: 'owner',
    },
    {
      name: 'a member named like a property of every object',
      send: () => post('tenants', { toString: 'x' }),
      status: 400,
      code: 'memberUnknown',
      says: 'toString',
    },
    {
      name: 'a missing member',
      send: () => post('tenants', { displayName: 'X' }),
      status: 400,
      code: 'memberMissing',
      says: 'domains',
    },
    {
      name: 'a name of nothing',
      send: () => post('tenants', { displayName: '  ', domains: ['x.example'] }),
      status: 400,
      code: 'memberInvalid',
    },
    {
      name: 'a name on two lines',
      send: () => post('tenants', { displayName: 'a\nb', domains: ['x.example'] }),
      status: 400,
      code: 'memberInvalid',
    },
    {
      name: 'no domains',
      send: () => post('tenants', { displayName: 'X', domains: [] }),
      status: 400,
      code: 'memberInvalid',
    },
    {
      name: 'a domain that is none',
      send: () => post('tenants', { displayName: 'X', domains: ['x_y.example'] }),
      status: 400,
      code: 'memberInvalid',
    },
    {
      name: 'a domain of another tenant',
      send: () => post('tenants', { displayName: 'X', domains: ['FJORD.example'] }),
      status: 409,
      code: 'domainTaken',
      says: 'fjord.example',
    },
    {
      name: 'a domain twice',
      send: () => post('tenants', { displayName: 'X', domains: ['x.example', 'X.example'] }),
      status: 409,
      code: 'directoryRefused',
    },
    {
      name: 'a domain more that another tenant has',
      send: () => post(`tenants/${server.tenantId}/domains`, { name: 'fjord.example' }),
      status: 409,
      code: 'domainTaken',
    },
    {
      name: 'an environment of no tenant',
      send: () => post('environments', order({ tenantId: unknownId })),
      status: 404,
      code: 'tenantUnknown',
    },
    {
      name: 'an environment without administrator',
      send: () => post('environments', order({ administratorClientId: undefined })),
      status: 400,
      code: 'memberMissing',
    },
    {
      name: 'an administrator that the tenant does not know',
      send: () => post('environments', order({ administratorClientId: server.administrator.id })),
      status: 400,
      code: 'administratorUnknown',
    },
    ...['Ny', '1ny', 'ny-', 'ny.no', 'n y', '', 'x'.repeat(41), '../ny', 'ny/../x'].map((uniqueName) => ({
      name: `the unique name '${uniqueName.slice(0, 10)}'`,
      send: () => post('environments', order({ uniqueName })),
      status: 400,
      code: 'memberInvalid' as const,
    })),
    {
      name: 'a unique name that is taken',
      send: () => post('environments', order({ uniqueName: 'drift' })),
      status: 409,
      code: 'urlTaken',
    },
    {
      name: 'a unique name that is taken, at another URL',
      send: () => post('environments', order({ uniqueName: 'drift', url: 'https://x.example' })),
      status: 409,
      code: 'uniqueNameTaken',
    },
    {
      name: "the first environment's unique name",
      send: () => post('environments', order({ uniqueName: 'nordlys' })),
      status: 409,
      code: 'uniqueNameTaken',
    },
    ...[
      'https://a.example/x',
      'https://a.example?x',
      'https://u@a.example',
      'https://a.example#x',
      'ftp://a.example',
      'https://1.2.3.4',
      'https://[::1]',
      'https://a.example.',
      'https://a_b.example',
      'a.example',
      'https://',
      'https://a.example:99999',
    ].map((url) => ({
      name: `the URL ${url}`,
      send: () => post('environments', order({ url })),
      status: 400,
      code: 'memberInvalid' as const,
    })),
    {
      name: 'a URL without TLS',
      send: () => post('environments', order({ url: 'http://a.example' })),
      status: 400,
      code: 'urlScheme',
    },
    {
      name: "another environment's URL",
      send: () => post('environments', order({ url: `https://DRIFT.localhost:${port()}` })),
      status: 409,
      code: 'urlTaken',
      says: 'drift',
    },
    {
      name: "the server's URL",
      send: () => post('environments', order({ url: server.url })),
      status: 409,
      code: 'urlTaken',
    },
    {
      name: 'an environment that there is not',
      send: () => admin(`environments/${unknownId}`),
      status: 404,
      code: 'environmentUnknown',
    },
    {
      name: 'a change of one that there is not',
      send: () => patch(`environments/${unknownId}`, { name: 'X' }),
      status: 404,
      code: 'environmentUnknown',
    },
    {
      name: 'the deletion of one that there is not',
      send: () => remove(`environments/${unknownId}?confirmUniqueName=x`),
      status: 404,
      code: 'environmentUnknown',
    },
    {
      name: 'a deletion without confirmation',
      send: () => remove(`environments/${drift.id}`),
      status: 400,
      code: 'notConfirmed',
      says: 'data',
    },
    {
      name: "another environment's URL for one",
      send: () => patch(`environments/${drift.id}`, { url: server.url }),
      status: 409,
      code: 'urlTaken',
    },
  ];
  test.each(rows)('$name: $status $code', async ({ send, status, code, says }) => {
    const refused = adminErrorOf(await send());
    expect(refused).toMatchObject({ status, code });
    if (says !== undefined) expect(refused.message).toContain(says);
  });

  test('what is allowed stands in the header', async () => {
    expect((await patch('tenants', {})).headers['allow']).toBe('GET, POST');
  });

  test('the first environment keeps its URL and cannot be deleted; its name may change', async () => {
    const first = rowsOf(await admin('environments')).find((each) => each['isFirst'] === true) as WireRow;
    const path = `environments/${first['id']}`;
    expect(adminErrorOf(await patch(path, { url: 'https://a.example' })).code).toBe('urlIsSetting');
    expect(adminErrorOf(await remove(`${path}?confirmUniqueName=nordlys`)).code).toBe('environmentIsFirst');
    expect(bodyOf(await patch(path, { name: 'Nordlyset', url: server.url }))).toMatchObject({
      name: 'Nordlyset',
      url: server.url,
    });
  });

  test('further names of environments are taken too', async () => {
    const made = await makeEnvironment(server, fjord, 'kunde', { url: `https://kunde.crm.example:${port()}` });
    const refused = await post('environments', order({ url: `https://kunde.api.crm.example:${port()}` }));
    expect(adminErrorOf(refused)).toMatchObject({ status: 409, code: 'urlTaken' });
    expect(made.url).toBe(`https://kunde.crm.example:${port()}`);
  });
});

describe('the list of environments', () => {
  test('is in order of the unique names, and can be that of one tenant', async () => {
    const names = rowsOf(await admin('environments')).map((each) => String(each['uniqueName']));
    expect(names).toEqual(names.toSorted());
    const ours = rowsOf(await admin(`environments?tenantId=${fjord.id}`));
    expect(ours.every((each) => each['tenantId'] === fjord.id)).toBe(true);
    expect(ours).toContainEqual({
      id: drift.id,
      tenantId: fjord.id,
      uniqueName: 'drift',
      name: 'drift',
      url: drift.url,
      isFirst: false,
      isFrozen: false,
      authorityUrl: fjord.authority,
      webApiUrl: `${drift.url}/api/data/v9.2/`,
    });
  });
});

describe('the OpenAPI document', () => {
  interface Document {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
  }

  test('is served without a token, and is what the code has', async () => {
    const answer = await ask(server.ca, `${server.url}/portvakt/v1/openapi.json`);
    expect(bodyOf(answer)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  test('has every operation that is answered, and no other', () => {
    const { paths, openapi } = openApiDocument() as Document;
    expect(openapi).toBe('3.1.0');
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    const routed = adminRoutes.map(({ method, path, operationId }) => `${method} /${path} ${operationId}`);
    expect(documented.toSorted()).toEqual(routed.toSorted());
    expect(new Set(adminRoutes.map(({ operationId }) => operationId)).size).toBe(adminRoutes.length);
  });

  test('leads only to schemas that it has', () => {
    const document = openApiDocument() as Document;
    const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test('describes the answers as they are', async () => {
    const { schemas } = (openApiDocument() as Document).components;
    const propertiesOf = (name: string) => Object.keys((schemas[name] as { properties: object }).properties).sort();
    expect(Object.keys(bodyOf(await admin(`tenants/${fjord.id}`))).sort()).toEqual(propertiesOf('Tenant'));
    expect(Object.keys(bodyOf(await admin(`environments/${drift.id}`))).sort()).toEqual(propertiesOf('Environment'));
    const made = bodyOf(await post('tenants', { displayName: 'Siste', domains: ['siste.example'] }), 201);
    expect(Object.keys(made).sort()).toEqual(propertiesOf('NewTenant'));
  });
});
