import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/refusal.ts';
import { challengeFor } from '../../src/token/challenge.ts';
import { dataverseAudience, finopsAudience, graphAudience } from '../../src/token/resources.ts';
import { type ExpectedToken, TokenVerifier } from '../../src/token/verify.ts';
import { verifyProblems } from '../../src/token/verify-problems.ts';
import { signToken } from './forge.ts';
import {
  authenticateNow,
  makeKeys,
  publicUrl,
  segmentOf,
  start,
  type TestApplication,
  unknownGuid,
  World,
} from './world.ts';

let world: World;
let app: TestApplication;
let verifier: TokenVerifier;
let expected: ExpectedToken;

beforeAll(async () => {
  world = await World.make();
});

beforeEach(async () => {
  app = await world.addApplication('Recruiting system');
  verifier = new TokenVerifier({ directory: world.directory, keys: world.keys, publicUrl });
  expected = {
    audiences: dataverseAudience(publicUrl),
    tenantId: world.tenant.id,
    now: start,
    challenge: challengeFor(publicUrl, world.tenant.id, publicUrl),
  };
});

function refusalOf(authorization: string | undefined, changes: Partial<ExpectedToken> = {}): Refusal {
  try {
    authenticateNow(verifier, authorization, { ...expected, ...changes });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const messageOf = (token: string, changes: Partial<ExpectedToken> = {}): string =>
  refusalOf(`Bearer ${token}`, changes).problem.message;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const rs256 = (content: string, key: KeyObject): string =>
  createSign('RSA-SHA256').update(content).sign(key, 'base64url');
/** Our own token with changed claims, signed with our own key: what a fault of ours would look like. */
const reissue = (token: string, claims: Record<string, unknown>): string =>
  signToken(world.keys.current, JSON.stringify({ ...segmentOf(token, 1), ...claims }));
/** A token with another header, signed with `key`. */
const withHeader = (token: string, header: object, key = world.keys.current.privateKey): string => {
  const content = `${encode(header)}.${token.split('.')[1]}`;
  return `${content}.${rs256(content, key)}`;
};

describe('a good token', () => {
  test('gives its caller', async () => {
    const token = await world.token(app);
    expect(authenticateNow(verifier, `Bearer ${token}`, expected)).toEqual({
      clientId: app.application.clientId,
      tenantId: world.tenant.id,
      objectId: app.principal.id,
      audience: publicUrl,
      roles: [],
      expiresAt: new Date(start.getTime() + 3_599_000),
      tokenId: segmentOf(token, 1)['uti'],
    });
  });

  test.each(['bearer', 'BEARER', 'Bearer '])('is found after the scheme %s', async (scheme) => {
    expect(authenticateNow(verifier, `${scheme} ${await world.token(app)}`, expected).clientId).toBe(
      app.application.clientId,
    );
  });

  test.each([
    `${publicUrl}/.default`,
    `${publicUrl}//.default`,
    'https://HR.portvakt.test:8443/.default',
    'https://hr.api.portvakt.test:8443/.default',
    '00000007-0000-0000-c000-000000000000/.default',
  ])('for the scope %s opens the Web API', async (scope) => {
    expect(authenticateNow(verifier, `Bearer ${await world.token(app, scope)}`, expected).objectId).toBe(
      app.principal.id,
    );
  });

  test('signed with the next key is accepted', async () => {
    const token = signToken(world.keys.next, JSON.stringify(segmentOf(await world.token(app), 1)));
    expect(authenticateNow(verifier, `Bearer ${token}`, expected).objectId).toBe(app.principal.id);
  });

  test('of Microsoft Graph has the roles, in whatever tenant', async () => {
    await world.directory.grantAppRole(app.principal.id, 'Application.Read.All');
    const token = await world.token(app, 'https://graph.microsoft.com/.default');
    const caller = authenticateNow(verifier, `Bearer ${token}`, {
      ...expected,
      audiences: graphAudience,
      tenantId: 'any',
    });
    expect(caller.roles).toEqual(['Application.Read.All']);
  });

  test('is accepted to the last second and refused after it, from the cache as well', async () => {
    const token = await world.token(app);
    const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
    expect(authenticateNow(verifier, `Bearer ${token}`, { ...expected, now: at(3598) }).clientId).toBe(
      app.application.clientId,
    );
    expect(verifier.cacheSize).toBe(1);
    expect(messageOf(token, { now: at(3599) })).toBe(verifyProblems.expired.text);
    expect(verifier.cacheSize).toBe(0);
  });
});

describe('each audience opens one surface', () => {
  const scopes = {
    dataverse: `${publicUrl}/.default`,
    finops: `${publicUrl}/data/.default`,
    graph: 'https://graph.microsoft.com/.default',
  };
  const tests = { dataverse: dataverseAudience(publicUrl), finops: finopsAudience(publicUrl), graph: graphAudience };
  const apis = ['dataverse', 'finops', 'graph'] as const;

  test.each(apis.flatMap((scope) => apis.map((surface) => ({ scope, surface }))))(
    'a token for $scope at $surface',
    async ({ scope, surface }) => {
      const token = await world.token(app, scopes[scope]);
      const authenticate = () =>
        authenticateNow(verifier, `Bearer ${token}`, { ...expected, audiences: tests[surface] });
      if (scope === surface) expect(authenticate().clientId).toBe(app.application.clientId);
      else expect(authenticate).toThrow(verifyProblems.audience.text);
    },
  );

  test('the cache does not forget to look at the audience', async () => {
    const token = await world.token(app);
    authenticateNow(verifier, `Bearer ${token}`, expected);
    expect(messageOf(token, { audiences: graphAudience })).toBe(verifyProblems.audience.text);
    expect(messageOf(token, { tenantId: world.otherTenant.id })).toBe(verifyProblems.tenant.text);
  });
});

describe('attacks', () => {
  const publicPem = (): string => world.keys.current.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const header = () => ({ typ: 'JWT', alg: 'RS256', kid: world.keys.current.kid, x5t: world.keys.current.kid });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });

  const cases: readonly { name: string; forge: (token: string) => string; problem: keyof typeof verifyProblems }[] = [
    { name: 'no signature', forge: (t) => `${t.split('.').slice(0, 2).join('.')}.`, problem: 'malformed' },
    { name: 'two segments', forge: (t) => t.split('.').slice(0, 2).join('.'), problem: 'malformed' },
    { name: 'four segments', forge: (t) => `${t}.${t.split('.')[2]}`, problem: 'malformed' },
    {
      name: 'alg none',
      forge: (t) => `${encode({ ...header(), alg: 'none' })}.${t.split('.')[1]}.`,
      problem: 'malformed',
    },
    {
      name: 'alg none with the old signature',
      forge: (t) => `${encode({ ...header(), alg: 'none' })}.${t.split('.').slice(1).join('.')}`,
      problem: 'malformed',
    },
    {
      name: 'HS256 with the public key as secret',
      forge: (t) => {
        const content = `${encode({ ...header(), alg: 'HS256' })}.${t.split('.')[1]}`;
        return `${content}.${createHmac('sha256', publicPem()).update(content).digest('base64url')}`;
      },
      problem: 'malformed',
    },
    {
      name: 'an HMAC with the public key under our own header',
      forge: (t) => {
        const content = t.split('.').slice(0, 2).join('.');
        return `${content}.${createHmac('sha256', publicPem()).update(content).digest('base64url')}`;
      },
      problem: 'signature',
    },
    {
      name: 'another key under our header',
      forge: (t) => withHeader(t, header(), stranger.privateKey),
      problem: 'signature',
    },
    {
      name: 'unknown kid',
      forge: (t) => withHeader(t, { ...header(), kid: 'x' }, stranger.privateKey),
      problem: 'malformed',
    },
    {
      name: 'kid of the next key',
      forge: (t) => withHeader(t, { ...header(), kid: world.keys.next.kid, x5t: world.keys.next.kid }),
      problem: 'signature',
    },
    { name: 'no kid', forge: (t) => withHeader(t, { typ: 'JWT', alg: 'RS256' }), problem: 'malformed' },
    {
      name: 'jwk',
      forge: (t) => withHeader(t, { ...header(), jwk: strangerJwk }, stranger.privateKey),
      problem: 'malformed',
    },
    {
      name: 'jku',
      forge: (t) => withHeader(t, { ...header(), jku: 'https://evil.example/keys' }, stranger.privateKey),
      problem: 'malformed',
    },
    {
      name: 'x5u',
      forge: (t) => withHeader(t, { ...header(), x5u: 'https://evil.example/cert' }, stranger.privateKey),
      problem: 'malformed',
    },
    {
      name: 'jku signed by ourselves',
      forge: (t) => withHeader(t, { ...header(), jku: 'https://evil.example/keys' }),
      problem: 'malformed',
    },
    { name: 'crit', forge: (t) => withHeader(t, { ...header(), crit: ['x'], x: 1 }), problem: 'malformed' },
    { name: 'PS256', forge: (t) => withHeader(t, { ...header(), alg: 'PS256' }), problem: 'malformed' },
    {
      name: 'changed claims under the old signature',
      forge: (t) => [t.split('.')[0], encode({ ...segmentOf(t, 1), oid: unknownGuid() }), t.split('.')[2]].join('.'),
      problem: 'signature',
    },
    {
      name: 'one bit of the signature changed',
      forge: (t) => `${t.slice(0, -10)}${t.at(-10) === 'A' ? 'B' : 'A'}${t.slice(-9)}`,
      problem: 'signature',
    },
    { name: 'padding after the signature', forge: (t) => `${t}==`, problem: 'malformed' },
    { name: 'standard base64 in the payload', forge: (t) => t.replace('.', '.+/'), problem: 'malformed' },
    { name: 'a blank inside', forge: (t) => t.replace('.', '. '), problem: 'malformed' },
    { name: 'junk', forge: () => 'junk', problem: 'malformed' },
    { name: 'dots', forge: () => '..', problem: 'malformed' },
    { name: 'a token over the limit', forge: (t) => `${t}${'A'.repeat(10_000)}`, problem: 'malformed' },
    {
      name: 'issuer of the real product',
      forge: (t) => reissue(t, { iss: `https://sts.windows.net/${world.tenant.id}/` }),
      problem: 'issuer',
    },
    {
      name: 'issuer without its slash',
      forge: (t) => reissue(t, { iss: `${publicUrl}/${world.tenant.id}` }),
      problem: 'issuer',
    },
    {
      name: 'issuer of another tenant',
      forge: (t) => reissue(t, { iss: `${publicUrl}/${world.otherTenant.id}/` }),
      problem: 'issuer',
    },
    { name: 'tid of another tenant', forge: (t) => reissue(t, { tid: world.otherTenant.id }), problem: 'issuer' },
    {
      name: 'tid and issuer of another tenant',
      forge: (t) => reissue(t, { tid: world.otherTenant.id, iss: `${publicUrl}/${world.otherTenant.id}/` }),
      problem: 'clientGone',
    },
    {
      name: 'audience of another server',
      forge: (t) => reissue(t, { aud: 'https://elsewhere.example' }),
      problem: 'audience',
    },
    {
      name: 'audience that begins like ours',
      forge: (t) => reissue(t, { aud: `${publicUrl}.evil.example` }),
      problem: 'audience',
    },
    { name: 'list of audiences', forge: (t) => reissue(t, { aud: [publicUrl] }), problem: 'malformed' },
    { name: 'expired', forge: (t) => reissue(t, { exp: start.getTime() / 1000 }), problem: 'expired' },
    { name: 'not valid yet', forge: (t) => reissue(t, { nbf: start.getTime() / 1000 + 61 }), problem: 'notYetValid' },
    { name: 'exp as text', forge: (t) => reissue(t, { exp: '9999999999' }), problem: 'malformed' },
    { name: 'no exp', forge: (t) => reissue(t, { exp: undefined }), problem: 'malformed' },
    { name: 'no nbf', forge: (t) => reissue(t, { nbf: undefined }), problem: 'malformed' },
    { name: 'a user token', forge: (t) => reissue(t, { idtyp: 'user' }), problem: 'malformed' },
    { name: 'version 2.0', forge: (t) => reissue(t, { ver: '2.0' }), problem: 'malformed' },
    { name: 'sub that is not oid', forge: (t) => reissue(t, { sub: unknownGuid() }), problem: 'malformed' },
    {
      name: 'roles that are no list',
      forge: (t) => reissue(t, { roles: 'Application.ReadWrite.All' }),
      problem: 'malformed',
    },
    { name: 'appid that is no GUID', forge: (t) => reissue(t, { appid: 'x' }), problem: 'malformed' },
    { name: 'unknown application', forge: (t) => reissue(t, { appid: unknownGuid() }), problem: 'clientGone' },
    {
      name: 'another service principal',
      forge: (t) => {
        const oid = unknownGuid();
        return reissue(t, { oid, sub: oid });
      },
      problem: 'clientGone',
    },
    { name: 'claims that are no object', forge: () => signToken(world.keys.current, '[]'), problem: 'malformed' },
    { name: 'claims that are no JSON', forge: () => signToken(world.keys.current, 'claims'), problem: 'malformed' },
    { name: 'claims null', forge: () => signToken(world.keys.current, 'null'), problem: 'malformed' },
  ];

  test.each(cases)('$name is refused: $problem', async ({ forge, problem }) => {
    const token = forge(await world.token(app));
    const refusal = refusalOf(`Bearer ${token}`);
    expect(refusal.problem).toEqual({
      status: 401,
      code: verifyProblems[problem].code,
      message: verifyProblems[problem].text,
    });
    expect(refusal.stage).toBe('authenticate');
    expect(refusal.headers['WWW-Authenticate']).toMatch(/^Bearer error=invalid_token, /);
    expect(verifier.cacheSize).toBe(problem === 'audience' ? 1 : 0);
  });

  test('no refusal repeats the token', async () => {
    const token = await world.token(app);
    const refusal = refusalOf(`Bearer ${token}x`);
    for (const segment of token.split('.'))
      expect(JSON.stringify({ ...refusal, m: refusal.message })).not.toContain(segment);
  });

  test('a token of a server with other keys is refused', async () => {
    const other = new TokenVerifier({
      directory: world.directory,
      keys: makeKeys(),
      publicUrl,
    });
    const token = await world.token(app);
    expect(() => authenticateNow(other, `Bearer ${token}`, expected)).toThrow(verifyProblems.malformed.text);
  });
});

describe('without a token', () => {
  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic eDp5', 'Bearerx'])(
    '(%s) the challenge has no error',
    (header) => {
      const refusal = refusalOf(header);
      expect(refusal.problem).toMatchObject({ status: 401, message: verifyProblems.missing.text });
      expect(refusal.headers).toEqual({
        'WWW-Authenticate': `Bearer authorization_uri=${publicUrl}/${world.tenant.id}/oauth2/authorize, resource_id=${publicUrl}/`,
      });
    },
  );

  test('a strict client parses the challenge of every refusal', async () => {
    const token = await world.token(app);
    const headers = [refusalOf(undefined), refusalOf('Bearer x'), refusalOf(`Bearer ${reissue(token, { exp: 1 })}`)];
    for (const {
      headers: { 'WWW-Authenticate': header = '' },
    } of headers) {
      const pairs = header
        .replace(/^Bearer\s+/i, '')
        .split(',')
        .map((pair) => pair.trim().split('='));
      expect(pairs.every((pair) => pair.length === 2)).toBe(true);
      const values = Object.fromEntries(pairs) as Record<string, string>;
      expect(values['authorization_uri']).toBe(`${publicUrl}/${world.tenant.id}/oauth2/authorize`);
      expect(values['resource_id']).toBe(`${publicUrl}/`);
    }
  });
});

describe('what happens to its application ends a token at once', () => {
  const changes: readonly { name: string; change: () => Promise<unknown>; problem: keyof typeof verifyProblems }[] = [
    {
      name: 'deleting the application',
      change: () => world.directory.deleteApplication(app.application.id),
      problem: 'clientGone',
    },
    {
      name: 'deleting the service principal',
      change: () => world.directory.deleteServicePrincipal(app.principal.id),
      problem: 'clientGone',
    },
    {
      name: 'disabling the service principal',
      change: () => world.directory.setServicePrincipalEnabled(app.principal.id, false),
      problem: 'clientDisabled',
    },
    {
      name: 'making the service principal anew',
      change: async () => {
        await world.directory.deleteServicePrincipal(app.principal.id);
        await world.directory.createServicePrincipal({ tenantId: world.tenant.id, clientId: app.application.clientId });
      },
      problem: 'clientGone',
    },
  ];

  test.each(changes)('$name', async ({ change, problem }) => {
    const token = await world.token(app);
    authenticateNow(verifier, `Bearer ${token}`, expected);
    await change();
    expect(messageOf(token)).toBe(verifyProblems[problem].text);
  });

  test('making the application one for its own tenant only ends those of other tenants, not its own', async () => {
    const { directory, tenant, otherTenant } = world;
    const input = { tenantId: otherTenant.id, displayName: 'Vendor', signInAudience: 'AzureADMultipleOrgs' } as const;
    const application = await directory.createApplication(input);
    const { clientId } = application;
    const principal = await directory.createServicePrincipal({ tenantId: tenant.id, clientId });
    const { text: secret } = await directory.addPassword(application.id);
    const [visiting, own] = [await world.token({ application, principal, secret }), await world.token(app)];
    for (const token of [visiting, own]) authenticateNow(verifier, `Bearer ${token}`, expected);

    await directory.updateApplication(application.id, { signInAudience: 'AzureADMyOrg' });
    await directory.updateApplication(app.application.id, { signInAudience: 'AzureADMyOrg' });
    const { problem, reason } = refusalOf(`Bearer ${visiting}`);
    expect(problem.message).toBe(verifyProblems.clientGone.text);
    expect(reason).toContain(`the application is for tenant ${otherTenant.id} only now`);
    expect(authenticateNow(verifier, `Bearer ${own}`, expected).clientId).toBe(app.application.clientId);
  });

  test('other changes empty the cache of that application only, and the token stays good', async () => {
    const other = await world.addApplication('Other');
    const tokens = [await world.token(app), await world.token(other)];
    for (const token of tokens) authenticateNow(verifier, `Bearer ${token}`, expected);
    expect(verifier.cacheSize).toBe(2);
    await world.directory.addPassword(app.application.id);
    expect(verifier.cacheSize).toBe(1);
    for (const token of tokens) authenticateNow(verifier, `Bearer ${token}`, expected);
    expect(verifier.cacheSize).toBe(2);
  });

  test('reading the directory again empties the cache', async () => {
    authenticateNow(verifier, `Bearer ${await world.token(app)}`, expected);
    await world.directory.reload();
    expect(verifier.cacheSize).toBe(0);
  });
});

test('the cache is bounded: the token not used for longest goes first', async () => {
  const small = new TokenVerifier({ directory: world.directory, keys: world.keys, publicUrl, cacheLimit: 2 });
  const tokens = [await world.token(app), await world.token(app), await world.token(app)];
  for (const token of tokens) authenticateNow(small, `Bearer ${token}`, expected);
  expect(small.cacheSize).toBe(2);
});
