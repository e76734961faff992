import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FetchJson } from '../../src/token/issuers/fetch-json.ts';
import { IssuerKeySource, issuerLimits } from '../../src/token/issuers/issuer-keys.ts';
import { signJwt } from './assertions.ts';
import { makeCa, rsaKey, type TestCa, testFetch } from './issuers/https-issuer.ts';
import { jsonOf, publicUrl, segmentOf, start, type TestApplication, World } from './world.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const audience = 'api://AzureADTokenExchange';
const subject = 'repo:fjordheim/ats:environment:production';

let ca: TestCa;
let provider: OAuth2Server;
let issuer: string;
let world: World;
let app: TestApplication;
let plain: TestApplication;
let fetched: string[];
const stranger = rsaKey('current');

type Members = Readonly<Record<string, unknown>>;

/** Made once: keys take long to make. */
let providerKey: Record<string, unknown>;
let source: IssuerKeySource;

beforeAll(async () => {
  ca = await makeCa();
  world = await World.make({ issuerKeys: { find: (...question) => source.find(...question) } });
  providerKey = await new OAuth2Server().issuer.keys.generate('RS256', { kid: 'current' });
});
afterAll(() => ca.remove());

beforeEach(async () => {
  provider = new OAuth2Server(ca.keyFile, ca.certFile);
  await provider.issuer.keys.add(providerKey);
  await provider.start(0, 'localhost');
  issuer = provider.issuer.url ?? '';
  world.now = start;
  world.audit.take();
  fetched = [];
  const counted: FetchJson = (url, limit) => {
    fetched.push(url.href);
    return testFetch(ca)(url, limit);
  };
  source = new IssuerKeySource({ fetchJson: counted, clock: world.clock });
  app = await world.addApplication('Recruiting system');
  plain = await world.addApplication('Without federated credentials');
  await addCredential({ name: 'production' });
  return () => provider.stop().catch(() => undefined);
});

const addCredential = (changes: { name: string; issuer?: string; subject?: string; audiences?: string[] }) =>
  world.directory.addFederatedCredential(app.application.id, { issuer, subject, audiences: [audience], ...changes });

/** What the provider issues, at the time of the tests' clock. */
function assertion(claims: Members = {}, kid = 'current', header: Members = {}): Promise<string> {
  const seconds = Math.floor(world.now.getTime() / 1000);
  return provider.issuer.buildToken({
    kid,
    scopesOrTransform: (head, payload) => {
      Object.assign(head, header);
      Object.assign(payload, { iat: seconds, nbf: seconds, exp: seconds + 600, sub: subject, aud: audience }, claims);
    },
  });
}

const ask = async (text: string, client = app, changes: Readonly<Record<string, string | undefined>> = {}) => {
  const answer = await world.askForm(client, {
    client_secret: undefined,
    client_assertion_type: jwtBearer,
    client_assertion: text,
    ...changes,
  });
  const body = jsonOf(answer);
  const codes = body['error_codes'];
  return { status: answer.status, body, code: Array.isArray(codes) ? Number(codes[0]) : undefined };
};

/** The one entry that the refusal left says why, in more words than the client was told. */
function expectAudited(code: number): void {
  const clientId = app.application.clientId;
  expect(world.audit.take()).toEqual([
    expect.objectContaining({
      outcome: 'denied',
      code: String(code),
      clientId,
      reason: expect.stringMatching(/assertion|federated/),
    }),
  ]);
}

test('an assertion that matches is accepted, and the token says that it was one', async () => {
  const { status, body } = await ask(await assertion());
  expect(status).toBe(200);
  expect(segmentOf(String(body['access_token']), 1)).toMatchObject({
    appid: app.application.clientId,
    appidacr: '2',
    oid: app.principal.id,
    aud: publicUrl,
  });
});

test('the keys are fetched once for many assertions', async () => {
  for (let index = 0; index < 20; index++) await ask(await assertion({ jti: String(index) }));
  expect(fetched).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
});

test.each<[string, Members]>([
  ['a list of audiences, as Kubernetes writes it', { aud: ['other', audience] }],
  ['a clock that is four minutes ahead', { nbf: start.getTime() / 1000 + 240 }],
  ['an assertion that expired four minutes ago', { exp: start.getTime() / 1000 - 240 }],
])('%s is accepted', async (_name, claims) => {
  expect((await ask(await assertion(claims))).status).toBe(200);
});

test.each(['ES256', 'RS512', 'PS384'])('an assertion signed with %s is accepted', async (alg) => {
  await provider.issuer.keys.generate(alg, { kid: alg });
  expect((await ask(await assertion({}, alg))).status).toBe(200);
});

describe('what matches no credential is refused without asking anybody', () => {
  const rows: readonly {
    readonly name: string;
    readonly claims: () => Members;
    readonly code: number;
    readonly text: string;
    readonly reason: string;
  }[] = [
    {
      name: 'an issuer that is not registered',
      claims: () => ({ iss: 'https://evil.example' }),
      code: 700211,
      text: "assertion issuer 'https://evil.example'",
      reason: `registered: ${'https://'}`,
    },
    {
      name: 'the issuer with a slash at its end',
      claims: () => ({ iss: `${issuer}/` }),
      code: 700211,
      text: 'assertion issuer',
      reason: 'differs only in case or in a slash at the end',
    },
    {
      name: 'the issuer in upper case',
      claims: () => ({ iss: issuer.replace('localhost', 'LOCALHOST') }),
      code: 700211,
      text: 'LOCALHOST',
      reason: 'differs only in case',
    },
    {
      name: 'the address of metadata of a cloud as issuer',
      claims: () => ({ iss: 'https://169.254.169.254' }),
      code: 700211,
      text: '169.254.169.254',
      reason: 'registered',
    },
    {
      name: 'another subject',
      claims: () => ({ sub: 'repo:fjordheim/other:ref:refs/heads/main' }),
      code: 700213,
      text: "assertion subject 'repo:fjordheim/other:ref:refs/heads/main'",
      reason: subject,
    },
    {
      name: 'the subject in another case',
      claims: () => ({ sub: subject.toUpperCase() }),
      code: 700213,
      text: 'assertion subject',
      reason: 'differs only in case',
    },
    {
      name: 'the beginning of the subject',
      claims: () => ({ sub: subject.slice(0, -1) }),
      code: 700213,
      text: 'assertion subject',
      reason: 'registered',
    },
    {
      name: 'another audience',
      claims: () => ({ aud: 'api://other' }),
      code: 700212,
      text: "assertion audience 'api://other'",
      reason: audience,
    },
    {
      name: 'the audience in lower case',
      claims: () => ({ aud: audience.toLowerCase() }),
      code: 700212,
      text: 'assertion audience',
      reason: audience,
    },
    {
      name: 'all three wrong: the issuer is told first',
      claims: () => ({ iss: 'https://evil.example', sub: 'x', aud: 'y' }),
      code: 700211,
      text: 'assertion issuer',
      reason: 'registered',
    },
    {
      name: 'subject and audience wrong: the subject is told first',
      claims: () => ({ sub: 'x', aud: 'y' }),
      code: 700213,
      text: 'assertion subject',
      reason: 'registered',
    },
  ];

  test.each(rows)('$name', async ({ claims, code, text, reason }) => {
    const refused = await ask(await assertion(claims()));
    expect({ status: refused.status, code: refused.code, error: refused.body['error'] }).toEqual({
      status: 401,
      code,
      error: 'invalid_client',
    });
    expect(refused.body['error_description']).toContain(text);
    expect(world.refusals.at(-1)?.['reason']).toContain(reason);
    expect(fetched).toEqual([]);
    expectAudited(code);
  });

  test('an application without federated credentials', async () => {
    const refused = await ask(await assertion(), plain);
    expect([refused.status, refused.code, fetched]).toEqual([401, 70025, []]);
  });

  test('a credential of another application is none of this one', async () => {
    await world.directory.addFederatedCredential(plain.application.id, { name: 'other', issuer, subject: 'x' });
    const refused = await ask(await assertion(), plain);
    expect([refused.status, refused.code, fetched]).toEqual([401, 700213, []]);
  });

  test('issuer of one credential and subject of another', async () => {
    await addCredential({ name: 'second', issuer: 'https://other.example', subject: 'second' });
    expect((await ask(await assertion({ sub: 'second' }))).code).toBe(700213);
  });

  test('a credential that was removed', async () => {
    const [credential] = world.directory.getApplication(app.application.id).federatedCredentials;
    expect((await ask(await assertion())).status).toBe(200);
    await world.directory.removeFederatedCredential(app.application.id, credential?.id ?? ('' as never));
    expect((await ask(await assertion())).code).toBe(70025);
  });
});

describe('an assertion whose credential matches is refused', () => {
  const seconds = start.getTime() / 1000;
  const forged = (header: Members, claims: Members = {}): string =>
    signJwt(stranger.privateKey, header, { iss: issuer, sub: subject, aud: audience, exp: seconds + 600, ...claims });

  const rows: readonly {
    readonly name: string;
    readonly text: () => Promise<string> | string;
    readonly status?: number;
    readonly code: number;
    readonly reason: string;
    readonly fetches?: number;
  }[] = [
    { name: 'expired', text: () => assertion({ exp: seconds - 301 }), code: 700024, reason: 'expired', fetches: 0 },
    {
      name: 'not valid yet',
      text: () => assertion({ nbf: seconds + 301 }),
      code: 700024,
      reason: 'valid from',
      fetches: 0,
    },
    {
      name: 'signed by a stranger',
      text: () => forged({ alg: 'RS256', kid: 'current' }),
      code: 700027,
      reason: 'signature',
    },
    {
      name: 'signed by a key that is not published',
      text: () => forged({ alg: 'RS256', kid: 'x' }),
      code: 700027,
      reason: 'names the key x',
    },
    {
      name: 'with the key of the attacker inside',
      text: () => forged({ alg: 'RS256', kid: 'current', jwk: stranger.jwk }),
      code: 700027,
      reason: 'signature',
    },
    {
      name: 'with a key set of the attacker',
      text: () => forged({ alg: 'RS256', kid: 'current', jku: 'https://evil.example/' }),
      code: 700027,
      reason: 'signature',
    },
    {
      name: 'alg none',
      text: () => forged({ alg: 'none', kid: 'current' }),
      status: 400,
      code: 5002730,
      reason: 'algorithm none',
      fetches: 0,
    },
    {
      name: 'HS256',
      text: () => forged({ alg: 'HS256', kid: 'current' }),
      status: 400,
      code: 5002730,
      reason: 'algorithm HS256',
      fetches: 0,
    },
    {
      name: 'crit',
      text: () => forged({ alg: 'RS256', kid: 'current', crit: ['x'], x: 1 }),
      code: 50027,
      reason: 'critical',
      fetches: 0,
    },
    {
      name: 'an odd kid',
      text: () => forged({ alg: 'RS256', kid: 'k'.repeat(300) }),
      code: 50027,
      reason: 'kid',
      fetches: 0,
    },
    {
      name: 'a token of another kind',
      text: () => forged({ alg: 'RS256', kid: 'current', typ: 'logout+jwt' }),
      code: 50027,
      reason: 'another type',
      fetches: 0,
    },
    {
      name: 'oversize',
      text: () => forged({ alg: 'RS256', kid: 'current' }, { pad: 'x'.repeat(13_000) }),
      code: 50027,
      reason: 'longer than',
      fetches: 0,
    },
  ];

  test.each(rows)('$name', async ({ text, status = 401, code, reason, fetches = 2 }) => {
    const refused = await ask(await text());
    expect({ status: refused.status, code: refused.code, fetches: fetched.length }).toEqual({ status, code, fetches });
    expect(world.refusals.at(-1)?.['reason']).toContain(reason);
    expect(String(refused.body['error_description'])).not.toContain('localhost');
    expectAudited(code);
  });
});

test('the issuer rolls its keys over without a refusal', async () => {
  expect((await ask(await assertion())).status).toBe(200);
  await provider.issuer.keys.generate('RS256', { kid: 'next' });
  world.now = new Date(start.getTime() + 1_000 * issuerLimits.unknownKeySeconds);
  expect((await ask(await assertion({}, 'next'))).status).toBe(200);
  expect((await ask(await assertion({}, 'current'))).status).toBe(200);
});

describe('outage of the issuer', () => {
  test('keys that are kept serve on', async () => {
    await ask(await assertion());
    const text = await assertion({ exp: start.getTime() / 1000 + 90_000 });
    await provider.stop();
    world.now = new Date(start.getTime() + 1_000 * 80_000);
    expect((await ask(text)).status).toBe(200);
  });

  test('without kept keys the refusal is loud, tells the client nothing of the network, and the log all', async () => {
    const text = await assertion();
    await provider.stop();
    const refused = await ask(text);
    expect({ ...refused, body: refused.body['error'] }).toEqual({ status: 400, code: 50166, body: 'invalid_request' });
    expect(refused.body['error_description']).toMatch(/^AADSTS50166: Request to External OIDC endpoint failed\. Trace/);
    expect(world.refusals.at(-1)?.['reason']).toMatch(/^federated credential production: .*ECONNREFUSED/);
  });
});

test('an issuer at an address that is not public is not asked, and the client does not learn why', async () => {
  await addCredential({ name: 'metadata', issuer: 'https://169.254.169.254', subject: 'x' });
  const refused = await ask(await assertion({ iss: 'https://169.254.169.254', sub: 'x' }));
  expect(refused.code).toBe(50166);
  expect(world.refusals.at(-1)?.['reason']).toContain('not public');
});

test('a secret is judged at once while an issuer is slow', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fetchJson: FetchJson = () => held.then(() => ({ value: {}, maxAge: undefined }));
  source = new IssuerKeySource({ fetchJson, clock: world.clock });
  const waiting = ask(await assertion());
  expect((await world.askForm(app)).status).toBe(200);
  release();
  expect((await waiting).code).toBe(50166);
});
