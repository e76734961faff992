import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/token/caller.ts';
import { challengeFor } from '../../src/token/challenge.ts';
import { IssuerKeySource } from '../../src/token/issuers/issuer-keys.ts';
import { OutsideIssuers } from '../../src/token/issuers/outside-issuers.ts';
import { parseTrustedIssuers } from '../../src/token/issuers/parse-trusted-issuers.ts';
import {
  dataverseAudience,
  finopsAudience,
  outsideDataverseAudience,
  outsideFinopsAudience,
} from '../../src/token/resources.ts';
import { type ExpectedToken, TokenVerifier } from '../../src/token/verify.ts';
import { refusalOf } from '../support/refusal.ts';
import { makeCa, rsaKey, sign, type TestCa, TestIssuer, testFetch } from './issuers/https-issuer.ts';
import { publicUrl, start, type TestApplication, World } from './world.ts';

const client = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f21';
const second = '8c1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f21';
const key = rsaKey('first');
const seconds = start.getTime() / 1000;
type Members = Readonly<Record<string, unknown>>;

let ca: TestCa;
let issuer: TestIssuer;
let world: World;
let own: TestApplication;

beforeAll(async () => {
  ca = await makeCa();
  issuer = await new TestIssuer(ca).start();
  world = await World.make();
  own = await world.addApplication('Our own');
});
beforeEach(() => {
  world.now = start;
  issuer.paths.length = 0;
  issuer.publish([key.jwk]);
});
afterAll(async () => {
  await issuer.stop();
  await ca.remove();
});

/** A verifier that trusts the issuer, in the words of the setting. */
function verifierOf(...changes: Members[]): { verifier: TokenVerifier; outside: OutsideIssuers } {
  const entries = (changes.length === 0 ? [{}] : changes).map((each) => ({
    name: 'Theirs',
    issuer: issuer.url,
    tenant: 'fjordheim.example',
    applications: [client],
    ...each,
  }));
  const keys = new IssuerKeySource({ fetchJson: testFetch(ca), clock: world.clock });
  const trusted = parseTrustedIssuers(JSON.stringify(entries));
  const outside = new OutsideIssuers({ trusted, keys, directory: world.directory });
  return { outside, verifier: new TokenVerifier({ directory: world.directory, keys: world.keys, publicUrl, outside }) };
}

function expected(
  surface: 'webApi' | 'data' | 'graph' = 'webApi',
  changes: Partial<ExpectedToken> = {},
): ExpectedToken {
  const own = { webApi: outsideDataverseAudience, data: outsideFinopsAudience, graph: () => () => false };
  return {
    audiences: surface === 'data' ? finopsAudience(publicUrl) : dataverseAudience(publicUrl),
    tenantId: world.tenant.id,
    now: world.now,
    challenge: challengeFor(publicUrl, world.tenant.id, publicUrl),
    outside: { surface, url: publicUrl, isOwnAudience: own[surface](publicUrl) },
    ...changes,
  };
}

const token = (changes: Members = {}): Promise<string> =>
  sign(key, {
    iss: issuer.url,
    sub: client,
    client_id: client,
    aud: publicUrl,
    exp: seconds + 3_600,
    jti: 'j',
    ...changes,
  });

/** Code of the refusal, and its true reason. */
async function refused401(
  run: () => Caller | Promise<Caller>,
): Promise<{ text: string; reason: string; challenge: string }> {
  const refusal = await refusalOf((async () => run())());
  const { problem, reason, headers } = refusal;
  expect({ status: problem.status, stage: refusal.stage }).toEqual({ status: 401, stage: 'authenticate' });
  return { text: problem.message, reason, challenge: headers['WWW-Authenticate'] ?? '' };
}

test('a token of a trusted issuer is a caller as any other', async () => {
  const { verifier } = verifierOf();
  const caller = await verifier.authenticate(`Bearer ${await token()}`, expected());
  expect(caller).toMatchObject({
    clientId: client,
    tenantId: world.tenant.id,
    audience: publicUrl,
    roles: [],
    tokenId: 'j',
  });
});

test('a token that was seen before is there at once, until its time is over', async () => {
  const { verifier } = verifierOf();
  const text = await token({ exp: seconds + 900 });
  const first = verifier.authenticate(`Bearer ${text}`, expected());
  expect(first).toBeInstanceOf(Promise);
  const caller = await first;
  expect(verifier.authenticate(`Bearer ${text}`, expected())).toBe(caller);
  // Verified again after ten minutes, and over at `exp`.
  world.now = new Date(start.getTime() + 600_000);
  expect(verifier.authenticate(`Bearer ${text}`, expected())).toBeInstanceOf(Promise);
  world.now = new Date(start.getTime() + 900_000);
  expect((await refused401(() => verifier.authenticate(`Bearer ${text}`, expected()))).text).toContain('has expired');
});

test('a key that the issuer has withdrawn ends its tokens', async () => {
  const { verifier } = verifierOf();
  const text = await token({ exp: seconds + 20_000 });
  await verifier.authenticate(`Bearer ${text}`, expected());
  issuer.publish([rsaKey('next').jwk]);
  world.now = new Date(start.getTime() + 3_600_000);
  expect((await refused401(() => verifier.authenticate(`Bearer ${text}`, expected()))).reason).toContain(
    'names the key first',
  );
});

test('keys that are kept outlast an outage', async () => {
  const { verifier } = verifierOf();
  await verifier.authenticate(`Bearer ${await token()}`, expected());
  issuer.handler = (_request, answer) => answer.writeHead(503).end();
  world.now = new Date(start.getTime() + 50_000_000);
  const later = await token({ exp: seconds + 60_000, jti: 'later' });
  expect(await verifier.authenticate(`Bearer ${later}`, expected())).toMatchObject({ tokenId: 'later' });
});

test('our own tokens are accepted beside them, at once', async () => {
  const { verifier } = verifierOf();
  const caller = verifier.authenticate(`Bearer ${await world.token(own)}`, expected());
  expect(caller).toMatchObject({ clientId: own.application.clientId });
});

describe('refused with 401, the challenge, and the true reason in the log', () => {
  const rows: readonly {
    readonly name: string;
    readonly claims?: () => Members;
    readonly setting?: () => Members;
    readonly expected?: () => ExpectedToken;
    readonly text: string;
    readonly reason: string;
    readonly asked?: number;
  }[] = [
    {
      name: 'an issuer that is not trusted',
      claims: () => ({ iss: 'https://evil.example' }),
      text: 'was issued elsewhere',
      reason: "the issuer 'https://evil.example' is neither our own nor a trusted one",
      asked: 0,
    },
    {
      name: 'the issuer with a slash too many',
      claims: () => ({ iss: `${issuer.url}/` }),
      text: 'was issued elsewhere',
      reason: 'neither our own nor a trusted one',
      asked: 0,
    },
    {
      name: 'our own issuer, which somebody else has signed',
      claims: () => ({ iss: `${publicUrl}/${world.tenant.id}/` }),
      text: 'was issued elsewhere',
      reason: 'neither',
      asked: 0,
    },
    {
      name: 'expired',
      claims: () => ({ exp: seconds }),
      text: 'has expired',
      reason: 'Theirs: the token expired',
      asked: 0,
    },
    {
      name: 'not valid yet',
      claims: () => ({ nbf: seconds + 100 }),
      text: 'is not valid yet',
      reason: 'valid from',
      asked: 0,
    },
    {
      name: 'another audience',
      claims: () => ({ aud: 'https://other.example' }),
      text: 'for another resource',
      reason: "for 'https://other.example', not for webApi",
    },
    {
      name: "the vendor's id of Dataverse, which every environment of the world has",
      claims: () => ({ aud: '00000007-0000-0000-c000-000000000000' }),
      text: 'for another resource',
      reason: 'not for webApi',
    },
    {
      name: "the vendor's id of finance and operations at /data",
      claims: () => ({ aud: '00000015-0000-0000-c000-000000000000' }),
      expected: () => expected('data'),
      text: 'for another resource',
      reason: 'not for data',
    },
    {
      name: "the vendor's Graph at /v1.0",
      claims: () => ({ aud: 'https://graph.microsoft.com' }),
      expected: () => expected('graph', { tenantId: 'any' }),
      text: 'for another resource',
      reason: 'not for graph',
    },
    {
      name: 'a token for the Web API at /data',
      expected: () => expected('data'),
      text: 'for another resource',
      reason: 'not for data',
    },
    {
      name: "the environment's URL where the issuer has an audience of its own",
      setting: () => ({ audiences: ['api://p'] }),
      text: 'for another resource',
      reason: 'not for webApi',
    },
    {
      name: 'an environment in which the issuer is not trusted',
      setting: () => ({ environments: ['https://other.example'] }),
      text: 'for another resource',
      reason: `is not trusted in ${publicUrl}`,
    },
    {
      name: 'a surface that takes none of outside issuers',
      expected: () => ({ ...expected(), outside: undefined }) as unknown as ExpectedToken,
      text: 'for another resource',
      reason: 'not accepted here',
    },
    {
      name: 'an environment of another tenant',
      expected: () => expected('webApi', { tenantId: world.otherTenant.id }),
      text: 'belongs to another tenant',
      reason: 'is of tenant 11111111-1111-4111-8111-111111111111',
    },
    {
      name: 'a tenant that is unknown here',
      setting: () => ({ tenant: 'nobody.example' }),
      text: 'belongs to another tenant',
      reason: 'nobody.example, which is unknown',
    },
    {
      name: 'a client that the issuer may not vouch for',
      claims: () => ({ client_id: second, sub: second }),
      text: 'may not vouch',
      reason: second,
    },
    {
      name: 'a client id of our own, though any is allowed',
      setting: () => ({ applications: 'any' }),
      claims: () => ({ client_id: own.application.clientId, sub: own.application.clientId }),
      text: 'may not vouch',
      reason: 'an app registration of our own',
    },
    {
      name: "a user's token",
      claims: () => ({ sub: 'kari', scp: 'user_impersonation' }),
      text: 'stands for a user',
      reason: 'the claim scp',
    },
    {
      name: 'an algorithm that is not allowed for this issuer',
      setting: () => ({ algorithms: ['PS256'] }),
      text: 'is not one that this authority issued',
      reason: 'RS256, which is not allowed',
      asked: 0,
    },
  ];

  test.each(rows)('$name', async ({ claims, setting, expected: expectedOf = expected, text, reason, asked = 2 }) => {
    const { verifier } = verifierOf(setting?.() ?? {});
    const bearer = `Bearer ${await token(claims?.())}`;
    const refused = await refused401(() => verifier.authenticate(bearer, expectedOf()));
    expect(refused.text).toContain(text);
    expect(refused.reason).toContain(reason);
    expect(refused.challenge).toContain(
      `authorization_uri=${publicUrl}/${world.tenant.id}/oauth2/authorize, resource_id=`,
    );
    expect(refused.challenge).not.toContain(refused.reason);
    expect(issuer.paths).toHaveLength(asked);
    // Nor is it accepted when it comes again.
    await refused401(() => verifier.authenticate(bearer, expectedOf()));
  });

  test('no issuer is trusted: nothing of a foreign token is looked at', async () => {
    const { directory, keys } = world;
    const verifier = new TokenVerifier({ directory, keys, publicUrl });
    const bearer = `Bearer ${await token()}`;
    expect(() => verifier.authenticate(bearer, expected())).toThrow('is not one that this authority issued');
    expect(issuer.paths).toEqual([]);
  });

  test('the issuer cannot be asked', async () => {
    issuer.handler = (_request, answer) => answer.writeHead(500).end();
    const { verifier } = verifierOf();
    const bearer = `Bearer ${await token()}`;
    const refused = await refused401(() => verifier.authenticate(bearer, expected()));
    expect(refused.text).toContain('cannot be fetched at this moment');
    expect(refused.reason).toContain('status 500');
  });

  test.each(['', 'x', 'a.b.c', '..', `${'a'.repeat(20_000)}.b.c`])('garbage (%#)', async (text) => {
    const { verifier } = verifierOf();
    await refused401(() => verifier.authenticate(`Bearer ${text}`, expected()));
    expect(issuer.paths).toEqual([]);
  });
});

test.each([
  ['webApi', publicUrl],
  ['webApi', `${publicUrl}/`],
  ['webApi', ['other', publicUrl.toUpperCase()]],
  ['data', `${publicUrl}/data`],
] as const)('%s takes the audience %s', async (surface, aud) => {
  const { verifier } = verifierOf();
  expect(await verifier.authenticate(`Bearer ${await token({ aud })}`, expected(surface))).toMatchObject({
    clientId: client,
  });
});

test('each surface takes the audience that the issuer has for it', async () => {
  const { verifier } = verifierOf({
    audiences: { webApi: ['api://w'], graph: ['api://g'] },
    appRoles: ['Application.Read.All'],
  });
  const at = async (surface: 'webApi' | 'graph', aud: string) =>
    verifier.authenticate(`Bearer ${await token({ aud, roles: ['Application.Read.All', 'x'] })}`, expected(surface));
  expect(await at('webApi', 'api://w')).toMatchObject({ clientId: client });
  expect(await at('graph', 'api://g')).toMatchObject({ roles: ['Application.Read.All'] });
  await refused401(() => at('webApi', 'api://g'));
  await refused401(() => at('webApi', 'API://w'));
});

describe('applications that an administrator may make an application user for', () => {
  const find = (id: string, ...changes: Members[]) =>
    verifierOf(...changes).outside.findApplication(world.tenant.id, publicUrl, id as never);

  test('one that the issuer lists, with the object id that its tokens lead to', async () => {
    const { verifier, outside } = verifierOf({ applications: [{ id: client, name: 'Recruiting' }] });
    const caller = await verifier.authenticate(`Bearer ${await token()}`, expected());
    expect(outside.findApplication(world.tenant.id, publicUrl, client as never)).toEqual({
      name: 'Recruiting',
      objectId: caller.objectId,
    });
  });

  test('another issuer with the same client id leads to another object id', () => {
    expect(find(client, { name: 'Other' })?.objectId).not.toBe(find(client)?.objectId);
  });

  test.each<[string, string, Members[], boolean]>([
    ['one that is not listed', second, [{}], false],
    ['any', second, [{ applications: 'any' }], true],
    ['one of an issuer of another tenant', client, [{ tenant: 'nordlys.example' }], false],
    ['one of an issuer of another environment', client, [{ environments: ['https://other.example'] }], false],
    ['one of an issuer of this environment', client, [{ environments: [publicUrl] }], true],
    ['one that two issuers list', client, [{}, { name: 'Other', issuer: 'https://other.example' }], false],
    [
      'one that one issuer lists beside another with any',
      client,
      [{}, { name: 'Other', issuer: 'https://other.example', applications: 'any' }],
      true,
    ],
    [
      'one that two would vouch for, by id and by domain of the tenant',
      second,
      [
        { applications: 'any' },
        {
          name: 'Other',
          issuer: 'https://other.example',
          applications: 'any',
          tenant: '11111111-1111-4111-8111-111111111111',
        },
      ],
      false,
    ],
  ])('%s', (_name, id, changes, isFound) => {
    expect(find(id, ...changes) !== undefined).toBe(isFound);
  });

  test('none of our own', () => {
    expect(find(own.application.clientId, { applications: 'any' })).toBeUndefined();
  });
});

test('the challenge leads to the outside issuer where it is the authority', () => {
  const authorizationUri = 'https://login.example.com/common/oauth2/authorize';
  const { outside } = verifierOf({ authorizationUri });
  const found = outside.findAuthorizationUri(world.tenant.id, publicUrl);
  expect(challengeFor(publicUrl, world.tenant.id, publicUrl, found)).toBe(
    `authorization_uri=${authorizationUri}, resource_id=${publicUrl}/`,
  );
  expect(outside.findAuthorizationUri(world.otherTenant.id, publicUrl)).toBeUndefined();
});

test('the challenge names the resource alone where our own authority is turned off and no other one is known', () => {
  expect(challengeFor(undefined, world.tenant.id, publicUrl)).toBe(`resource_id=${publicUrl}/`);
});

test.each([
  { name: 'all have the same', uris: ['https://a.example/x', 'https://a.example/x'], sole: 'https://a.example/x' },
  { name: 'they differ', uris: ['https://a.example/x', 'https://b.example/x'], sole: undefined },
  { name: 'one has none', uris: ['https://a.example/x', undefined], sole: undefined },
])('issuers have one address to send clients to where $name: $sole', ({ uris, sole }) => {
  const trusted = uris.map((authorizationUri) => ({ issuers: [], authorizationUri }) as never);
  const outside = new OutsideIssuers({ trusted, keys: {} as never, directory: world.directory });
  expect(outside.soleAuthorizationUri).toBe(sole);
});
