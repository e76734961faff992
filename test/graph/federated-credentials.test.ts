import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newGuid } from '../../src/kernel/ids.ts';
import { jsonOf, publicUrl } from '../token/world.ts';
import { GraphWorld, refusedAs, valuesOf } from './graph-world.ts';

let graph: GraphWorld;
let id: string;
let appId: string;
let path: string;

const credential = {
  name: 'build',
  issuer: 'https://token.actions.example',
  subject: 'repo:fjordheim/ats:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
  description: 'the pipeline',
};

beforeAll(async () => {
  graph = await GraphWorld.make();
});
beforeEach(async () => {
  const application = await graph.create('Federated');
  id = String(application['id']);
  appId = String(application['appId']);
  path = `applications/${id}/federatedIdentityCredentials`;
});

const make = (body: unknown = credential) => graph.ask('POST', path, { body });

test('a federated credential is created, listed, read by id and by name, changed and deleted', async () => {
  const created = await make();
  const made = jsonOf(created);
  expect(created.status).toBe(201);
  expect(created.headers['Location']).toBe(`${publicUrl}/v1.0/${path}/${String(made['id'])}`);
  expect(made).toEqual({
    '@odata.context': `${publicUrl}/v1.0/$metadata#applications('${id}')/federatedIdentityCredentials/$entity`,
    id: expect.any(String),
    ...credential,
  });
  expect(jsonOf(await graph.ask('GET', path))).toEqual({
    '@odata.context': `${publicUrl}/v1.0/$metadata#applications('${id}')/federatedIdentityCredentials`,
    value: [{ id: made['id'], ...credential }],
  });
  for (const key of [`/${String(made['id'])}`, '/build', '/BUILD', "(name='build')", `('${String(made['id'])}')`]) {
    expect(await graph.get(`${path}${key}`), key).toEqual(made);
    expect(await graph.get(`applications(appId='${appId}')/federatedIdentityCredentials${key}`), key).toEqual(made);
  }
  const change = { subject: 'repo:fjordheim/ats:environment:test', description: null };
  expect((await graph.ask('PATCH', `${path}/build`, { body: change })).status).toBe(204);
  expect(await graph.get(`${path}/build`)).toEqual({ ...made, ...change });
  expect((await graph.ask('DELETE', `${path}/build`)).status).toBe(204);
  expect((await graph.ask('GET', `${path}/build`)).status).toBe(404);
});

test('an upsert by name creates with the preference, and changes what is there', async () => {
  const { name, ...rest } = credential;
  const byName = `${path}(name='${name}')`;
  expect((await graph.ask('PATCH', byName, { body: rest })).status).toBe(404);
  const headers = { prefer: 'create-if-missing' };
  const created = await graph.ask('PATCH', byName, { body: rest, headers });
  expect([created.status, jsonOf(created)['name']]).toEqual([201, name]);
  expect((await graph.ask('PATCH', byName, { body: { subject: 'other' }, headers })).status).toBe(204);
  expect((await graph.get(byName))['subject']).toBe('other');
});

test('they are filtered, selected, counted, and expanded with their application', async () => {
  await make();
  await make({ ...credential, name: 'second', subject: 'other' });
  const list = async (query: string) => valuesOf(await graph.ask('GET', `${path}${query}`));
  expect(await list("?$filter=subject eq 'other'&$select=name")).toEqual([{ name: 'second' }]);
  expect(await list("?$filter=name eq 'build' or name eq 'second'")).toHaveLength(2);
  const counted = await graph.ask('GET', `${path}/$count`, { headers: { consistencylevel: 'eventual' } });
  expect([counted.body, counted.headers['Content-Type']]).toEqual(['2', 'text/plain']);
  const expanded = await graph.get(`applications/${id}?$select=id&$expand=federatedIdentityCredentials`);
  expect(expanded['federatedIdentityCredentials']).toMatchObject([{ name: 'build' }, { name: 'second' }]);
});

describe('a federated credential is refused', () => {
  const bad = { status: 400, code: 'Request_BadRequest' };
  const cases: readonly { name: string; body: Record<string, unknown> | string; as: object }[] = [
    { name: 'without a name', body: { ...credential, name: undefined }, as: bad },
    { name: 'without an issuer', body: { ...credential, issuer: undefined }, as: bad },
    { name: 'without a subject', body: { ...credential, subject: undefined }, as: bad },
    { name: 'without audiences', body: { ...credential, audiences: undefined }, as: bad },
    { name: 'with two audiences', body: { ...credential, audiences: ['a', 'b'] }, as: bad },
    { name: 'with a text for audiences', body: { ...credential, audiences: 'a' }, as: bad },
    { name: 'with a number for a subject', body: { ...credential, subject: 1 }, as: bad },
    { name: 'with an unencrypted issuer', body: { ...credential, issuer: 'http://a.example' }, as: bad },
    { name: 'with an unknown property', body: { ...credential, colour: 'red' }, as: bad },
    { name: 'with an id', body: { ...credential, id: newGuid() }, as: bad },
    { name: 'with a slash in its name', body: { ...credential, name: 'a/b/c' }, as: bad },
    {
      name: 'with an expression',
      body: { ...credential, claimsMatchingExpression: { value: "claims['sub'] matches 'a'", languageVersion: 1 } },
      as: { status: 501, code: 'NotImplemented' },
    },
  ];

  test.each(cases)('$name', async ({ body, as }) => {
    expect(refusedAs(await make(body))).toEqual(as);
    expect(valuesOf(await graph.ask('GET', path))).toEqual([]);
  });

  test('with the name or the subject of another, and when another has it to be', async () => {
    await make();
    const taken = { status: 409, code: 'Request_MultipleObjectsWithSameKeyValue' };
    expect(refusedAs(await make({ ...credential, subject: 'other' }))).toEqual(taken);
    expect(refusedAs(await make({ ...credential, name: 'other' }))).toEqual(taken);
    expect(refusedAs(await graph.ask('PATCH', `${path}/build`, { body: { name: 'renamed' } }))).toEqual(bad);
    expect(refusedAs(await graph.ask('PATCH', `${path}(name='build')`, { body: { name: 'renamed' } }))).toEqual(bad);
  });

  test('after the twentieth', async () => {
    for (let at = 0; at < 20; at++) {
      expect((await make({ ...credential, name: `build-${at}`, subject: `${at}` })).status).toBe(201);
    }
    expect(refusedAs(await make())).toEqual(bad);
  });

  test('to callers without permission, and to other tenants', async () => {
    await make();
    for (const token of [graph.tokens.read, graph.tokens.none]) {
      expect((await graph.ask('POST', path, { body: { ...credential, name: 'mine' }, token })).status).toBe(403);
      expect((await graph.ask('PATCH', `${path}/build`, { body: {}, token })).status).toBe(403);
      expect((await graph.ask('DELETE', `${path}/build`, { token })).status).toBe(403);
    }
    expect((await graph.ask('GET', path, { token: graph.tokens.read })).status).toBe(200);
    expect((await graph.ask('GET', path, { token: graph.tokens.none })).status).toBe(403);
    const token = graph.tokens.elsewhere;
    for (const [method, where] of [
      ['GET', path],
      ['POST', path],
      ['GET', `${path}/build`],
      ['PATCH', `${path}/build`],
      ['DELETE', `${path}/build`],
    ] as const) {
      const body = method === 'POST' ? credential : {};
      expect((await graph.ask(method, where, { token, ...(method === 'GET' ? {} : { body }) })).status).toBe(404);
    }
  });
});
