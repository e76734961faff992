import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { getGuid, newGuid } from '../../src/kernel/ids.ts';
import { makeCertificate, makeEcCertificate, signJwt, type TestCertificate } from '../token/assertions.ts';
import { jsonOf, start, type TestApplication } from '../token/world.ts';
import { GraphWorld, graphScope, refusedAs } from './graph-world.ts';

let graph: GraphWorld;
let first: TestCertificate;
let second: TestCertificate;

beforeAll(async () => {
  graph = await GraphWorld.make();
  [first, second] = await Promise.all([makeCertificate(), makeCertificate()]);
});

/** As `keyCredential.key`: DER in base64. */
const keyOf = ({ pem }: { pem: string }): string => new X509Certificate(pem).raw.toString('base64');
const entryOf = (certificate: TestCertificate, more: Record<string, unknown> = {}) => ({
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  key: keyOf(certificate),
  ...more,
});
const keysOf = async (id: unknown, query = ''): Promise<Record<string, unknown>[]> =>
  (await graph.get(`applications/${String(id)}${query}`))['keyCredentials'] as Record<string, unknown>[];
const patchKeys = (id: unknown, keyCredentials: unknown): Promise<HttpResponse> =>
  graph.ask('PATCH', `applications/${String(id)}`, { body: { keyCredentials } });

describe('keyCredentials of an application', () => {
  test('are shown with the thumbprint, and with their bytes only where they are asked for', async () => {
    const { id } = await graph.create('Shown', { keyCredentials: [entryOf(first, { displayName: 'CN=one' })] });
    const shown = {
      customKeyIdentifier: first.sha1,
      displayName: 'CN=one',
      endDateTime: '2027-01-30T12:00:00Z',
      key: null,
      startDateTime: '2026-01-30T12:00:00Z',
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    };
    expect(await keysOf(id)).toMatchObject([shown]);
    expect(await keysOf(id, '?$select=keyCredentials')).toMatchObject([{ ...shown, key: keyOf(first) }]);
  });

  test('may be valid for less than the certificate', async () => {
    const times = { startDateTime: '2026-03-01T00:00:00Z', endDateTime: '2026-04-01T00:00:00Z' };
    const { id } = await graph.create('Short', { keyCredentials: [entryOf(first, times)] });
    expect(await keysOf(id)).toMatchObject([times]);
  });

  test('roll over: the list is sent back with the new one, and later without the old one', async () => {
    const { id } = await graph.create('Rolling', { keyCredentials: [entryOf(first)] });
    const [old] = await keysOf(id);
    expect((await patchKeys(id, [old, entryOf(second)])).status).toBe(204);
    const both = await keysOf(id, '?$select=keyCredentials');
    expect(both.map((each) => each['keyId'])).toEqual([old?.['keyId'], expect.any(String)]);
    // Read with their bytes and sent back whole, they stay the same ones.
    expect((await patchKeys(id, both)).status).toBe(204);
    expect(await keysOf(id, '?$select=keyCredentials')).toEqual(both);
    expect((await patchKeys(id, both.slice(1))).status).toBe(204);
    expect(await keysOf(id)).toMatchObject([{ customKeyIdentifier: second.sha1 }]);
  });

  test('count in whole seconds, before a restart as after it', async () => {
    const times = { startDateTime: '2026-03-01T00:00:00.750Z', endDateTime: '2026-04-01T00:00:00.250Z' };
    const { id } = await graph.create('Fractions', { keyCredentials: [entryOf(first, times)] });
    const { certificates } = graph.world.directory.getApplication(getGuid(String(id)));
    expect(certificates).toMatchObject([
      { start: new Date('2026-03-01T00:00:00Z'), end: new Date('2026-04-01T00:00:00Z') },
    ]);
  });

  test('take an id that the client has chosen, and a new name', async () => {
    const keyId = newGuid();
    const { id } = await graph.create('Chosen', { keyCredentials: [entryOf(first, { keyId })] });
    expect(await keysOf(id)).toMatchObject([{ keyId, displayName: null }]);
    expect((await patchKeys(id, [{ keyId, displayName: 'named' }])).status).toBe(204);
    expect(await keysOf(id)).toMatchObject([{ keyId, displayName: 'named', customKeyIdentifier: first.sha1 }]);
  });

  test('are refused with an id of another application', async () => {
    const keyId = newGuid();
    await graph.create('Has it', { keyCredentials: [entryOf(first, { keyId })] });
    const { id } = await graph.create('Wants it');
    expect(refusedAs(await patchKeys(id, [entryOf(second, { keyId })]))).toEqual({
      status: 400,
      code: 'Request_BadRequest',
    });
  });

  const value = { status: 400, code: 'KeyCredentialsInvalidValue' };
  const end = { status: 400, code: 'KeyCredentialsInvalidEndDate' };
  const base64 = (...pems: string[]): string => Buffer.from(pems.join('\n')).toString('base64');
  const refused: readonly { name: string; entry: () => unknown; as: { status: number; code: string } }[] = [
    { name: 'a private key', entry: () => ({ key: base64(first.privatePem) }), as: value },
    {
      name: 'a certificate with its private key',
      entry: () => ({ key: base64(first.pem, first.privatePem) }),
      as: value,
    },
    { name: 'two certificates', entry: () => ({ key: base64(first.pem, second.pem) }), as: value },
    {
      name: 'a certificate with something behind it',
      entry: () => ({ key: Buffer.concat([new X509Certificate(first.pem).raw, Buffer.from('x')]).toString('base64') }),
      as: value,
    },
    {
      name: 'half a certificate',
      entry: () => ({ key: new X509Certificate(first.pem).raw.subarray(0, 400).toString('base64') }),
      as: value,
    },
    { name: 'nothing', entry: () => ({ key: '' }), as: { status: 400, code: 'Request_BadRequest' } },
    {
      name: 'an end before the start',
      entry: () => entryOf(first, { startDateTime: '2026-05-01T00:00:00Z', endDateTime: '2026-04-01T00:00:00Z' }),
      as: end,
    },
    {
      name: 'an end after that of the certificate',
      entry: () => entryOf(first, { endDateTime: '2027-06-01T00:00:00Z' }),
      as: end,
    },
    { name: 'an end that has passed', entry: () => entryOf(first, { endDateTime: '2026-02-01T00:00:00Z' }), as: end },
    {
      name: 'a start before that of the certificate',
      entry: () => entryOf(first, { startDateTime: '2025-01-01T00:00:00Z' }),
      as: { status: 400, code: 'KeyCredentialsInvalidStartDate' },
    },
    {
      name: 'a time that is none',
      entry: () => entryOf(first, { endDateTime: '2027-02-30' }),
      as: { status: 400, code: 'Request_BadRequest' },
    },
    {
      name: 'a name with a control character',
      entry: () => entryOf(first, { displayName: 'a\u0000b' }),
      as: { status: 400, code: 'Request_BadRequest' },
    },
  ];

  test.each(refused)('refuse $name', async ({ entry, as }) => {
    const { id } = await graph.create('Refusing');
    expect(refusedAs(await patchKeys(id, [entry()]))).toEqual(as);
    expect(await keysOf(id)).toEqual([]);
  });

  test('refuse a certificate that has expired, one with a weak key, and one with another kind of key', async () => {
    const { id } = await graph.create('Weak');
    const expired = await makeCertificate({ notAfter: new Date(start.getTime() - 1000) });
    expect(refusedAs(await patchKeys(id, [entryOf(expired)]))).toEqual(end);
    const weak = await makeCertificate({ modulusLength: 1024 });
    expect(refusedAs(await patchKeys(id, [entryOf(weak)]))).toEqual(value);
    expect(refusedAs(await patchKeys(id, [{ key: keyOf({ pem: await makeEcCertificate() }) }]))).toEqual(value);
  });

  test('refuse one certificate twice, and leave all as it was', async () => {
    const { id } = await graph.create('Twice', { keyCredentials: [entryOf(first)] });
    expect(refusedAs(await patchKeys(id, [entryOf(second), entryOf(second)]))).toEqual({
      status: 400,
      code: 'KeyCredentialsInvalidDuplicate',
    });
    expect(await keysOf(id)).toMatchObject([{ customKeyIdentifier: first.sha1 }]);
  });
});

describe('addKey and removeKey', () => {
  const seconds = Math.floor(start.getTime() / 1000);
  const proofOf = (
    certificate: TestCertificate,
    id: unknown,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): string =>
    signJwt(
      certificate.privateKey,
      { alg: 'RS256', typ: 'JWT', ...header },
      { aud: '00000002-0000-0000-c000-000000000000', iss: id, nbf: seconds, exp: seconds + 600, ...claims },
    );
  const addKey = (id: unknown, proof: unknown, sent: { token?: string; certificate?: TestCertificate } = {}) =>
    graph.ask('POST', `applications/${String(id)}/addKey`, {
      body: { keyCredential: entryOf(sent.certificate ?? second), passwordCredential: null, proof },
      ...(sent.token === undefined ? {} : { token: sent.token }),
    });

  test.each(['RS256', 'PS256'])('roll a certificate with a proof by %s', async (alg) => {
    const { id } = await graph.create('Proven', { keyCredentials: [entryOf(first)] });
    const added = await addKey(id, proofOf(first, id, {}, { alg }));
    expect(added.status).toBe(200);
    expect(jsonOf(added)).toMatchObject({
      '@odata.context': expect.stringContaining('$metadata#microsoft.graph.keyCredential'),
      customKeyIdentifier: second.sha1,
    });
    const [old] = await keysOf(id);
    const removed = await graph.ask('POST', `applications/${String(id)}/removeKey`, {
      body: { keyId: old?.['keyId'], proof: proofOf(second, id, {}, { alg }) },
    });
    expect(removed.status).toBe(204);
    expect(await keysOf(id)).toMatchObject([{ customKeyIdentifier: second.sha1 }]);
  });

  test('need no permission of an application that rolls its own keys', async () => {
    const own = await graph.world.addApplication('Rolls itself');
    await graph.world.directory.addCertificate(own.application.id, first.pem);
    const token = await graph.world.token(own, graphScope);
    const path = `applications(appId='${own.application.clientId}')`;
    expect((await addKey(own.application.id, proofOf(first, own.application.id), { token })).status).toBe(200);
    const [old] = await keysOf(own.application.id);
    const body = { keyId: old?.['keyId'], proof: proofOf(second, own.application.id) };
    expect((await graph.ask('POST', `${path}/removeKey`, { body, token })).status).toBe(204);
    expect((await graph.ask('GET', path, { token })).status).toBe(403);
    const { id } = await graph.create('Another', { keyCredentials: [entryOf(first)] });
    expect((await addKey(id, proofOf(first, id), { token })).status).toBe(403);
    expect((await addKey(newGuid(), proofOf(first, id), { token })).status).toBe(403);
    // Another application whose unique name is this one's object id.
    const name = `(uniqueName='${own.application.id}')`;
    await graph.ask('PATCH', `applications${name}`, {
      body: { displayName: 'Trap', keyCredentials: [entryOf(first)] },
      headers: { prefer: 'create-if-missing' },
    });
    const trap = { keyCredential: entryOf(second), proof: proofOf(first, own.application.id) };
    expect((await graph.ask('POST', `applications${name}/addKey`, { body: trap, token })).status).toBe(403);
  });

  const proofs: readonly { name: string; proof: (id: unknown) => unknown }[] = [
    { name: 'by a certificate that is not registered', proof: (id) => proofOf(second, id) },
    { name: 'for another audience', proof: (id) => proofOf(first, id, { aud: graphScope }) },
    { name: 'by another issuer', proof: () => proofOf(first, newGuid()) },
    { name: 'that has expired', proof: (id) => proofOf(first, id, { nbf: seconds - 700, exp: seconds - 100 }) },
    { name: 'that is not valid yet', proof: (id) => proofOf(first, id, { nbf: seconds + 100, exp: seconds + 600 }) },
    { name: 'of more than ten minutes', proof: (id) => proofOf(first, id, { exp: seconds + 601 }) },
    { name: 'without an end', proof: (id) => proofOf(first, id, { exp: undefined }) },
    { name: 'without a start', proof: (id) => proofOf(first, id, { nbf: undefined }) },
    { name: 'without a signature', proof: (id) => proofOf(first, id, {}, { alg: 'none' }) },
    { name: 'that says HS256', proof: (id) => proofOf(first, id, {}, { alg: 'HS256' }) },
    { name: 'that is no token', proof: () => 'junk' },
    { name: 'of 10,000 characters', proof: () => 'x'.repeat(10_000) },
  ];

  test.each(proofs)('refuse a proof $name', async ({ proof }) => {
    const { id } = await graph.create('Unproven', { keyCredentials: [entryOf(first)] });
    const refusal = { status: 401, code: 'Authentication_MissingOrMalformed' };
    expect(refusedAs(await addKey(id, proof(id)))).toEqual(refusal);
    const [old] = await keysOf(id);
    const body = { keyId: old?.['keyId'], proof: proof(id) };
    expect(refusedAs(await graph.ask('POST', `applications/${String(id)}/removeKey`, { body }))).toEqual(refusal);
    expect(await keysOf(id)).toHaveLength(1);
  });

  test('refuse where there is no valid certificate to prove with', async () => {
    const { id } = await graph.create('None');
    expect((await addKey(id, proofOf(first, id))).status).toBe(401);
    const { directory } = graph.world;
    const expired = await makeCertificate({ notAfter: new Date(start.getTime() - 1000) });
    await directory.addCertificate(getGuid(String(id)), expired.pem);
    expect((await addKey(id, proofOf(expired, id))).status).toBe(401);
  });

  test('refuse no proof, no key, and keys with a password', async () => {
    const { id } = await graph.create('Incomplete', { keyCredentials: [entryOf(first)] });
    const path = `applications/${String(id)}/addKey`;
    for (const [body, status] of [
      [{ keyCredential: entryOf(second) }, 400],
      [{ proof: proofOf(first, id) }, 400],
      [{ keyCredential: entryOf(second), passwordCredential: { secretText: 'x' }, proof: proofOf(first, id) }, 501],
    ] as const) {
      expect((await graph.ask('POST', path, { body })).status).toBe(status);
    }
  });
});

describe('credentials for an application that holds more than the caller', () => {
  let powerful: TestApplication;
  beforeAll(async () => {
    powerful = await graph.world.addApplication('Powerful');
    await graph.world.directory.grantAppRole(powerful.principal.id, 'AppRoleAssignment.ReadWrite.All');
  });

  const ways: readonly { name: string; method: string; path: string; body: () => unknown }[] = [
    { name: 'a secret', method: 'POST', path: '/addPassword', body: () => ({}) },
    { name: 'a certificate', method: 'PATCH', path: '', body: () => ({ keyCredentials: [entryOf(first)] }) },
    {
      name: 'a key',
      method: 'POST',
      path: '/addKey',
      body: () => ({ keyCredential: entryOf(first), proof: 'x' }),
    },
    {
      name: 'a federated credential',
      method: 'POST',
      path: '/federatedIdentityCredentials',
      body: () => ({ name: 'mine', issuer: 'https://evil.example', subject: 'me', audiences: ['x'] }),
    },
    {
      name: 'a federated credential by upsert',
      method: 'PATCH',
      path: "/federatedIdentityCredentials(name='mine')",
      body: () => ({ issuer: 'https://evil.example', subject: 'me', audiences: ['x'] }),
    },
  ];

  test.each(ways)('$name is refused, so that permissions cannot be taken over', async ({ method, path, body }) => {
    const { token } = { token: graph.tokens.write };
    const before = graph.world.directory.current;
    const sent = { body: body(), token, headers: { prefer: 'create-if-missing' } };
    const response = await graph.ask(method, `applications/${powerful.application.id}${path}`, sent);
    expect(refusedAs(response)).toEqual({ status: 403, code: 'Authorization_RequestDenied' });
    expect(graph.world.directory.current).toBe(before);
  });

  test('a change of a federated credential that is there is refused too', async () => {
    const { id } = await graph.world.directory.addFederatedCredential(powerful.application.id, {
      name: 'theirs',
      issuer: 'https://good.example',
      subject: 'them',
    });
    const path = `applications/${powerful.application.id}/federatedIdentityCredentials/${id}`;
    const body = { issuer: 'https://evil.example' };
    expect((await graph.ask('PATCH', path, { body, token: graph.tokens.write })).status).toBe(403);
  });

  test('are given by a caller who holds as much, and by the application itself', async () => {
    const path = `applications/${powerful.application.id}/addPassword`;
    expect((await graph.ask('POST', path)).status).toBe(200);
    await graph.world.directory.grantAppRole(powerful.principal.id, 'Application.ReadWrite.All');
    const token = await graph.world.token(powerful, graphScope);
    expect((await graph.ask('POST', path, { token })).status).toBe(200);
  });
});
