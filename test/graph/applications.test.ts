import { beforeAll, describe, expect, test } from 'vitest';
import { jsonOf } from '../token/world.ts';
import { GraphWorld, refusedAs } from './graph-world.ts';

let graph: GraphWorld;
beforeAll(async () => {
  graph = await GraphWorld.make();
});

const patch = (path: string, body: unknown, headers = {}) => graph.ask('PATCH', path, { body, headers });

test('everything that can be changed is kept, and what is not sent stays', async () => {
  const { id, appId } = await graph.create('Full');
  const path = `applications/${String(id)}`;
  const changes = [
    { displayName: 'Fuller', signInAudience: 'AzureADMultipleOrgs' },
    { identifierUris: [`api://${String(appId)}`, 'api://fjordheim.example/ats'] },
    { web: { redirectUris: ['https://ats.example/back', 'http://localhost:3000/back'] } },
    { notes: 'one\ntwo', tags: ['a', 'b'] },
    { api: { requestedAccessTokenVersion: 2 } },
  ];
  for (const change of changes) {
    expect((await patch(path, change)).status).toBe(204);
    expect(await graph.get(path)).toMatchObject(change);
  }
  expect(await graph.get(path)).toMatchObject(Object.assign({}, ...changes) as object);
  await patch(path, { notes: null, tags: [], identifierUris: [], web: { redirectUris: [] }, api: {} });
  expect(await graph.get(path)).toMatchObject({
    notes: null,
    tags: [],
    identifierUris: [],
    web: { redirectUris: [] },
    api: { requestedAccessTokenVersion: 2 },
  });
});

test('all of it may be said when it is created', async () => {
  const properties = {
    signInAudience: 'AzureADMultipleOrgs',
    identifierUris: ['api://fjordheim.example/created'],
    web: { redirectUris: ['https://ats.example/back'] },
    notes: 'note',
    tags: ['a'],
    api: { requestedAccessTokenVersion: 2 },
  };
  expect(await graph.create('Created', properties)).toMatchObject(properties);
});

test('what Microsoft Graph shows of a fresh application is taken back where it is empty', async () => {
  const { id } = await graph.create('Empty');
  const empty = {
    addIns: [],
    appRoles: [],
    info: { logoUrl: null, marketingUrl: null },
    isFallbackPublicClient: null,
    optionalClaims: null,
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    web: {
      homePageUrl: null,
      logoutUrl: null,
      implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
    },
  };
  expect((await patch(`applications/${String(id)}`, empty)).status).toBe(204);
});

describe('a unique name', () => {
  const byName = "applications(uniqueName='ats-nordlys')";
  const headers = { prefer: 'create-if-missing' };

  test('makes an application once, and finds it again', async () => {
    expect(refusedAs(await patch(byName, { displayName: 'x' })).status).toBe(404);
    const created = await patch(byName, { displayName: 'Upserted' }, headers);
    expect(created.status).toBe(201);
    expect(jsonOf(created)).toMatchObject({ displayName: 'Upserted', uniqueName: 'ats-nordlys' });
    expect(
      (await patch(byName, { displayName: 'Again' }, { prefer: 'return=minimal, create-if-missing' })).status,
    ).toBe(204);
    expect(await graph.get(byName)).toMatchObject({ id: jsonOf(created)['id'], displayName: 'Again' });
    expect((await graph.ask('GET', byName, { token: graph.tokens.elsewhere })).status).toBe(404);
  });

  test('cannot be set or changed', async () => {
    const { id } = await graph.create('Nameless');
    for (const response of [
      await patch(`applications/${String(id)}`, { uniqueName: 'x' }),
      await graph.ask('POST', 'applications', { body: { displayName: 'x', uniqueName: 'x' } }),
    ]) {
      expect(refusedAs(response)).toEqual({ status: 400, code: 'Request_BadRequest' });
    }
  });

  test.each([`'${'x'.repeat(129)}'`, "'a%0Ab'", "''"])('%s is none', async (key) => {
    expect((await patch(`applications(uniqueName=${key})`, { displayName: 'x' }, headers)).status).toBe(400);
  });

  test('an appId makes nothing: Microsoft Graph chooses it', async () => {
    const path = "applications(appId='7b1f31c8-9d5b-4a8b-9e7a-0c3c8e2d4f55')";
    expect((await patch(path, { displayName: 'x' }, headers)).status).toBe(404);
  });
});

test.each([
  { path: "applications(id='x')", status: 400 },
  { path: "applications(name='x')", status: 400 },
  { path: "applications(colour='x')", status: 400 },
  { path: "applications(appId='a',uniqueName='b')", status: 400 },
  { path: "servicePrincipals(uniqueName='x')", status: 400 },
  { path: 'applications/a%2Fb', status: 400 },
  { path: 'applications/key', status: 400 },
  { path: 'applications//', status: 200 },
  { path: 'constructor', status: 501 },
  { path: '__proto__', status: 501 },
])('$path answers $status', async ({ path, status }) => {
  expect((await graph.ask('GET', path)).status).toBe(status);
});

test('changes of one list at the same time leave one of them, whole', async () => {
  const { id } = await graph.create('Raced');
  const path = `applications/${String(id)}`;
  const lists = Array.from({ length: 10 }, (_, at) => [`a-${at}`, `b-${at}`]);
  const answers = await Promise.all(lists.map((tags) => patch(path, { tags })));
  expect(answers.map(({ status }) => status)).toEqual(lists.map(() => 204));
  expect(lists).toContainEqual((await graph.get(path))['tags']);
});

test('of two that want one name at the same time, one gets it', async () => {
  const uri = 'https://fjordheim.example/raced';
  const made = [await graph.create('One'), await graph.create('Two')];
  const answers = await Promise.all(
    made.map(({ id }) => patch(`applications/${String(id)}`, { identifierUris: [uri] })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400]);
  const path = "applications(uniqueName='raced')";
  const both = [1, 2].map(() => patch(path, { displayName: 'Raced' }, { prefer: 'create-if-missing' }));
  expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([201, 409]);
});
