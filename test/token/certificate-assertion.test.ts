import { constants, createHmac, createPublicKey, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import {
  base64url,
  claimsFor,
  makeCertificate,
  makeEcCertificate,
  segment,
  signJwt,
  type TestCertificate,
} from './assertions.ts';
import { largeExponent, largeKey } from './slow-certificates.ts';
import { jsonOf, publicUrl, segmentOf, start, type TestApplication, World } from './world.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
let world: World;
let app: TestApplication;
let valid: TestCertificate;
let second: TestCertificate;
let expired: TestCertificate;
let future: TestCertificate;
let foreign: TestCertificate;
let removed: TestCertificate;

beforeAll(async () => {
  world = await World.make();
  app = await world.addApplication('Recruiting system');
  const [before, after] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-04-01T00:00:00Z')];
  valid = await makeCertificate();
  second = await makeCertificate();
  expired = await makeCertificate({ notAfter: before });
  future = await makeCertificate({ notBefore: after });
  foreign = await makeCertificate();
  removed = await makeCertificate();
  for (const { pem } of [expired, valid, second, future, removed]) {
    await world.directory.addCertificate(app.application.id, pem);
  }
  const certificates = world.directory.getApplication(app.application.id).certificates;
  const left = certificates.filter(({ thumbprint }) => thumbprint !== removed.sha1);
  await world.directory.updateApplication(app.application.id, { certificates: left });
});

type Members = Readonly<Record<string, unknown>>;
const seconds = start.getTime() / 1000;
const endpoint = (tenant = world.tenant.id as string): string => `${publicUrl}/${tenant}/oauth2/v2.0/token`;

interface Parts {
  readonly header?: Members;
  readonly claims?: Members;
  readonly signer?: TestCertificate;
}

/** A right assertion, except for what the parts say. */
function assertion({ header, claims, signer = valid }: Parts = {}): string {
  const named = { alg: 'PS256', typ: 'JWT', 'x5t#S256': base64url(signer.sha256) };
  return signJwt(signer.privateKey, header ?? named, claimsFor(app.application.clientId, endpoint(), start, claims));
}

const ask = (text: string, changes: Readonly<Record<string, string | undefined>> = {}): Promise<HttpResponse> =>
  world.askForm(app, {
    client_secret: undefined,
    client_assertion_type: jwtBearer,
    client_assertion: text,
    ...changes,
  });

describe('an assertion is accepted', () => {
  const rows: readonly { readonly name: string; readonly parts: () => Parts }[] = [
    { name: 'PS256 with x5t#S256', parts: () => ({}) },
    { name: 'RS256 with x5t#S256', parts: () => ({ header: { alg: 'RS256', 'x5t#S256': base64url(valid.sha256) } }) },
    { name: 'RS256 with x5t', parts: () => ({ header: { alg: 'RS256', x5t: base64url(valid.sha1) } }) },
    { name: 'PS256 with x5t', parts: () => ({ header: { alg: 'PS256', x5t: base64url(valid.sha1) } }) },
    { name: 'x5t with padding', parts: () => ({ header: { alg: 'RS256', x5t: `${base64url(valid.sha1)}=` } }) },
    {
      name: 'x5t as base64',
      parts: () => ({ header: { alg: 'RS256', x5t: Buffer.from(valid.sha1, 'hex').toString('base64') } }),
    },
    { name: 'x5t in hex', parts: () => ({ header: { alg: 'RS256', x5t: valid.sha1 } }) },
    { name: 'x5t in lower-case hex', parts: () => ({ header: { alg: 'RS256', x5t: valid.sha1.toLowerCase() } }) },
    { name: 'kid in hex', parts: () => ({ header: { alg: 'RS256', kid: valid.sha1 } }) },
    { name: 'kid as x5t', parts: () => ({ header: { alg: 'RS256', kid: base64url(valid.sha1) } }) },
    { name: 'kid as x5t#S256', parts: () => ({ header: { alg: 'PS256', kid: base64url(valid.sha256) } }) },
    {
      name: 'all three of them',
      parts: () => ({
        header: { alg: 'PS256', kid: valid.sha1, x5t: base64url(valid.sha1), 'x5t#S256': base64url(valid.sha256) },
      }),
    },
    { name: 'none of them', parts: () => ({ header: { alg: 'RS256' } }) },
    { name: 'none of them, the other certificate', parts: () => ({ header: { alg: 'PS256' }, signer: second }) },
    { name: 'the other certificate', parts: () => ({ signer: second }) },
    { name: 'with somebody else in x5c', parts: () => ({ header: { alg: 'PS256', x5c: [foreign.pem] } }) },
    { name: 'fractional times', parts: () => ({ claims: { nbf: seconds - 0.5, exp: seconds + 599.25 } }) },
    { name: 'without nbf', parts: () => ({ claims: { nbf: undefined } }) },
    { name: 'without jti', parts: () => ({ claims: { jti: undefined } }) },
    { name: 'valid for a year', parts: () => ({ claims: { exp: seconds + 365 * 86_400 } }) },
    { name: 'a clock four minutes ahead', parts: () => ({ claims: { nbf: seconds + 240 } }) },
    { name: 'a clock four minutes behind', parts: () => ({ claims: { exp: seconds - 240 } }) },
    { name: 'client id in upper case', parts: () => upper() },
    { name: 'audiences as a list', parts: () => ({ claims: { aud: ['https://other.example', endpoint()] } }) },
  ];
  const upper = (): Parts => {
    const id = app.application.clientId.toUpperCase();
    return { claims: { iss: id, sub: id } };
  };

  test.each(rows)('$name', async ({ parts }) => {
    const response = await ask(assertion(parts()));
    expect(jsonOf(response)).toMatchObject({ token_type: 'Bearer' });
    expect(segmentOf(String(jsonOf(response)['access_token']), 1)).toMatchObject({
      appid: app.application.clientId,
      appidacr: '2',
    });
  });

  const id = '11111111-1111-4111-8111-111111111111';
  test.each([
    `${publicUrl}/${id}/oauth2/v2.0/token`,
    `${publicUrl}/${id}/oauth2/token`,
    `${publicUrl}/${id}/v2.0`,
    `${publicUrl}/${id}/v2.0/`,
    `${publicUrl}/${id}/`,
    `${publicUrl}/${id}`,
    `${publicUrl}/fjordheim.example/oauth2/v2.0/token`,
    `${publicUrl}/FJORDHEIM.example/v2.0`,
    `${publicUrl}/${id.toUpperCase()}/oauth2/v2.0/token`,
    `https://127.0.0.1:8443/${id}/oauth2/v2.0/token`,
    `https://HR.portvakt.test:8443/${id}/oauth2/v2.0/token`,
  ])('for the audience %s', async (aud) => {
    expect((await ask(assertion({ claims: { aud } }))).status).toBe(200);
  });

  test('without client_id: the subject says it', async () => {
    expect((await ask(assertion(), { client_id: undefined })).status).toBe(200);
  });

  test('at the v1 endpoint', async () => {
    const form = world.form(app, {
      client_secret: undefined,
      scope: undefined,
      resource: publicUrl,
      client_assertion_type: jwtBearer,
      client_assertion: assertion(),
    });
    const response = await world.ask({
      url: `/${world.tenant.id}/oauth2/token`,
      body: new URLSearchParams(form).toString(),
    });
    expect(response.status).toBe(200);
  });

  test('again and again: real credentials send one assertion several times', async () => {
    const text = assertion();
    for (let time = 0; time < 3; time++) expect((await ask(text)).status).toBe(200);
  });
});

const key = { status: 401, code: 700027 } as const;
const malformed = { status: 401, code: 50027, reason: 'malformed' } as const;
const audience = { status: 401, code: 700023, reason: 'for another audience' } as const;
const tooLate = { status: 401, code: 700024, reason: 'the assertion is valid from' } as const;
const algorithm = { status: 400, code: 5002730 } as const;

interface Refused {
  readonly name: string;
  readonly text: () => string;
  readonly changes?: Readonly<Record<string, string | undefined>>;
  readonly status: number;
  readonly code: number;
  /** Stands in the log, and says what was wrong. */
  readonly reason: string | (() => string);
}

const other = '99999999-9999-4999-8999-999999999999';

const refused: readonly Refused[] = [
  { name: 'nothing', text: () => 'x', ...malformed, reason: 'its header' },
  { name: 'two segments', text: () => 'e30.e30', ...malformed, reason: 'header names no `alg`' },
  { name: 'four segments', text: () => `${assertion()}.x`, ...malformed, reason: 'more than three segments' },
  { name: 'a header that is no JSON', text: () => `${segment('x')}.e30.AA`, ...malformed, reason: 'header is no JSON' },
  { name: 'a header that is a list', text: () => `${segment('[]')}.e30.AA`, ...malformed, reason: 'header is no JSON' },
  { name: 'a payload that is text', text: () => `${segment({ alg: 'RS256' })}.${segment('"x"')}.AA`, ...malformed },
  { name: 'padding in a segment', text: () => assertion().replace('.', '=.'), ...malformed },
  { name: 'an empty signature', text: () => assertion().replace(/\.[^.]+$/, '.'), ...malformed, reason: 'signature' },
  { name: 'no signature', text: () => assertion().replace(/\.[^.]+$/, ''), ...malformed, reason: 'signature' },
  {
    name: 'a critical extension',
    text: () => assertion({ header: { alg: 'PS256', crit: ['b64'], b64: false } }),
    ...malformed,
    reason: 'critical',
  },
  {
    name: 'an alg that is a number',
    text: () => assertion({ header: { alg: 1 } }),
    ...malformed,
    reason: '`alg` is no text',
  },
  {
    name: 'a kid that is an object',
    text: () => assertion({ header: { alg: 'PS256', kid: {} } }),
    ...malformed,
    reason: '`kid`',
  },
  { name: 'no exp', text: () => assertion({ claims: { exp: undefined } }), ...malformed, reason: 'no `exp`' },
  {
    name: 'exp as text',
    text: () => assertion({ claims: { exp: String(seconds + 600) } }),
    ...malformed,
    reason: '`exp` is no number',
  },
  { name: 'nbf null', text: () => assertion({ claims: { nbf: null } }), ...malformed, reason: '`nbf` is no number' },
  { name: 'no iss', text: () => assertion({ claims: { iss: undefined } }), ...malformed, reason: 'no `iss`' },
  { name: 'no aud', text: () => assertion({ claims: { aud: undefined } }), ...malformed, reason: '`aud`' },
  {
    name: 'aud with a number in it',
    text: () => assertion({ claims: { aud: [endpoint(), 1] } }),
    ...malformed,
    reason: '`aud`',
  },
  { name: 'hundreds of kilobytes of brackets', text: () => `${segment('['.repeat(20_000))}.e30.AA`, ...malformed },
  {
    name: 'over the limit',
    text: () => `${'a'.repeat(40_000)}.e30.AA`,
    ...malformed,
    reason: 'more than 32768 characters',
  },
  {
    name: 'alg none',
    text: () => `${segment({ alg: 'none' })}.${assertion().split('.')[1]}.AA`,
    ...algorithm,
    reason: "algorithm is 'none'",
  },
  { name: 'HS256 with the public key', text: () => hmacWithPublicKey(), ...algorithm, reason: "algorithm is 'HS256'" },
  { name: 'ES256', text: () => assertion({ header: { alg: 'ES256' } }), ...algorithm, reason: "algorithm is 'ES256'" },
  { name: 'RS512', text: () => assertion({ header: { alg: 'RS512' } }), ...algorithm, reason: "algorithm is 'RS512'" },
  {
    name: 'rs256 in lower case',
    text: () => assertion({ header: { alg: 'rs256' } }),
    ...algorithm,
    reason: "algorithm is 'rs256'",
  },
  {
    name: 'subject of another client',
    text: () => assertion({ claims: { sub: other } }),
    status: 401,
    code: 50048,
    reason: `the subject '${other}'`,
  },
  {
    name: 'issuer and subject of another client',
    text: () => assertion({ claims: { iss: other, sub: other } }),
    status: 401,
    code: 700021,
    reason: `the issuer '${other}'`,
  },
  {
    name: 'an unregistered certificate',
    text: () => assertion({ signer: foreign }),
    ...key,
    reason: () => `no certificate of the application has the thumbprint ${foreign.sha256}; registered: `,
  },
  { name: 'a removed certificate', text: () => assertion({ signer: removed }), ...key, reason: () => removed.sha256 },
  {
    name: 'an unregistered certificate without a thumbprint',
    text: () => assertion({ signer: foreign, header: { alg: 'RS256' } }),
    ...key,
    reason: 'signature is not of the key of certificate',
  },
  {
    name: 'an unregistered certificate under the thumbprint of a registered one',
    text: () => assertion({ signer: foreign, header: { alg: 'PS256', 'x5t#S256': base64url(valid.sha256) } }),
    ...key,
    reason: () => `the assertion's PS256 signature is not of the key of certificate ${valid.sha1}`,
  },
  {
    name: 'an unregistered certificate in x5c',
    text: () =>
      assertion({ signer: foreign, header: { alg: 'RS256', x5c: [foreign.pem.replace(/-----.*-----|\s/g, '')] } }),
    ...key,
    reason: 'signature is not of the key',
  },
  {
    name: 'an embedded jwk',
    text: () =>
      assertion({
        signer: foreign,
        header: { alg: 'RS256', jwk: createPublicKey(foreign.pem).export({ format: 'jwk' }) },
      }),
    ...key,
    reason: 'signature is not of the key',
  },
  {
    name: 'jku and x5u',
    text: () =>
      assertion({
        signer: foreign,
        header: { alg: 'RS256', jku: 'https://evil.example/keys', x5u: 'https://evil.example/c' },
      }),
    ...key,
    reason: 'signature is not of the key',
  },
  {
    name: 'thumbprints of two certificates',
    text: () =>
      assertion({ header: { alg: 'PS256', x5t: base64url(second.sha1), 'x5t#S256': base64url(valid.sha256) } }),
    ...key,
    reason: 'no certificate of the application',
  },
  {
    name: 'a kid that is no thumbprint',
    text: () => assertion({ header: { alg: 'PS256', kid: 'mine' } }),
    ...key,
    reason: 'thumbprint mine',
  },
  { name: 'PS256 that claims to be RS256', text: () => swapped(), ...key, reason: 'RS256 signature' },
  { name: 'PS256 with another salt length', text: () => saltless(), ...key, reason: 'PS256 signature' },
  { name: 'a changed claim', text: () => tampered(), ...key, reason: 'signature is not of the key' },
  {
    name: 'an expired certificate',
    text: () => assertion({ signer: expired }),
    ...key,
    reason: () => `certificate ${expired.sha1} expired at 2026-02-01`,
  },
  {
    name: 'an expired certificate without thumbprint',
    text: () => assertion({ signer: expired, header: { alg: 'RS256' } }),
    ...key,
    reason: () => `certificate ${expired.sha1} expired`,
  },
  {
    name: 'a certificate that is not valid yet',
    text: () => assertion({ signer: future }),
    ...key,
    reason: () => `certificate ${future.sha1} is not valid before 2026-04-01`,
  },
  { name: 'expired six minutes ago', text: () => assertion({ claims: { exp: seconds - 360 } }), ...tooLate },
  { name: 'expired by the skew exactly', text: () => assertion({ claims: { exp: seconds - 300 } }), ...tooLate },
  {
    name: 'expired by a fraction more than the skew',
    text: () => assertion({ claims: { exp: seconds - 300.001 } }),
    ...tooLate,
  },
  { name: 'valid in six minutes', text: () => assertion({ claims: { nbf: seconds + 360 } }), ...tooLate },
  { name: 'another tenant', text: () => assertion({ claims: { aud: endpoint(world.otherTenant.id) } }), ...audience },
  { name: 'another host', text: () => assertion({ claims: { aud: endpoint().replace('hr.', 'evil.') } }), ...audience },
  { name: 'another port', text: () => assertion({ claims: { aud: endpoint().replace(':8443', '') } }), ...audience },
  {
    name: 'plain HTTP',
    text: () => assertion({ claims: { aud: endpoint().replace('https:', 'http:') } }),
    ...audience,
  },
  { name: 'another path', text: () => assertion({ claims: { aud: `${endpoint()}/more` } }), ...audience },
  { name: 'an audience with a query', text: () => assertion({ claims: { aud: `${endpoint()}?x=1` } }), ...audience },
  {
    name: 'an audience with a user name',
    text: () => assertion({ claims: { aud: endpoint().replace('//', '//hr@') } }),
    ...audience,
  },
  {
    name: 'an audience that is no URL',
    text: () => assertion({ claims: { aud: app.application.clientId } }),
    ...audience,
  },
  { name: 'an empty list of audiences', text: () => assertion({ claims: { aud: [] } }), ...malformed, reason: '`aud`' },
  {
    name: 'the real product as audience',
    text: () => assertion({ claims: { aud: `https://login.microsoftonline.com/${world.tenant.id}/v2.0` } }),
    ...audience,
  },
  {
    name: 'another assertion type',
    text: assertion,
    changes: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    status: 400,
    code: 90023,
    reason: 'saml2-bearer',
  },
  {
    name: 'no assertion type',
    text: assertion,
    changes: { client_assertion_type: undefined },
    status: 400,
    code: 900144,
    reason: "'client_assertion_type'",
  },
  {
    name: 'a type without an assertion',
    text: assertion,
    changes: { client_assertion: undefined },
    status: 400,
    code: 900144,
    reason: "'client_assertion'",
  },
  {
    name: 'another client_id',
    text: assertion,
    changes: { client_id: other },
    status: 400,
    code: 700016,
    reason: other,
  },
  {
    name: 'another issuer',
    text: () => assertion({ claims: { iss: 'https://idp.example', sub: 'job' } }),
    status: 401,
    code: 70025,
    reason: 'has no configured federated identity credentials',
  },
];

const parts = (text: string): [string, string, string] => text.split('.') as [string, string, string];

function hmacWithPublicKey(): string {
  const content = `${segment({ alg: 'HS256', 'x5t#S256': base64url(valid.sha256) })}.${parts(assertion())[1]}`;
  const pem = createPublicKey(valid.pem).export({ type: 'spki', format: 'pem' });
  return `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
}

/** Signed by PS256 over a header that says RS256. */
function swapped(): string {
  const content = `${segment({ alg: 'RS256', x5t: base64url(valid.sha1) })}.${parts(assertion())[1]}`;
  return pssSigned(content, constants.RSA_PSS_SALTLEN_DIGEST);
}

function saltless(): string {
  const [header, claims] = parts(assertion());
  return pssSigned(`${header}.${claims}`, 0);
}

function pssSigned(content: string, saltLength: number): string {
  const options = { key: valid.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return `${content}.${sign('sha256', Buffer.from(content), options).toString('base64url')}`;
}

function tampered(): string {
  const [header, , signature] = parts(assertion());
  return `${header}.${segment(claimsFor(app.application.clientId, endpoint()))}.${signature}`;
}

describe('an assertion is refused', () => {
  test.each(refused)('$name with $status, AADSTS$code', async ({ text, changes, status, code, reason }) => {
    const response = await ask(text(), changes);
    expect({ status: response.status, codes: jsonOf(response)['error_codes'] }).toEqual({ status, codes: [code] });
    expect(world.refusals.at(-1)?.['reason']).toContain(typeof reason === 'string' ? reason : reason());
    expect(jsonOf(response)).not.toHaveProperty('access_token');
  });

  test('without telling which certificates are registered', async () => {
    const response = await ask(assertion({ signer: foreign, header: { alg: 'RS256' } }));
    const text = response.body.toString().toUpperCase();
    for (const { sha1, sha256 } of [valid, second, expired, future]) {
      expect(text).not.toContain(sha1);
      expect(text).not.toContain(sha256);
    }
  });

  test('when it was signed by the certificate of another application', async () => {
    const neighbour = await world.addApplication('Neighbour');
    await world.directory.addCertificate(neighbour.application.id, foreign.pem);
    const response = await ask(assertion({ signer: foreign }));
    expect(jsonOf(response)['error_codes']).toEqual([700027]);
  });
});

test.each([
  { name: 'a key of 4608 bits', pem: largeKey, says: 'an RSA key of 2048 to 4096 bits is needed' },
  {
    name: 'a public exponent above 32 bits',
    pem: largeExponent,
    says: 'the public exponent of the RSA key is too large',
  },
])('a certificate with $name, which is slow to verify, cannot be registered', async ({ pem, says }) => {
  await expect(world.directory.addCertificate(app.application.id, pem)).rejects.toThrow(says);
});

test('an EC certificate cannot be registered', async () => {
  await expect(world.directory.addCertificate(app.application.id, await makeEcCertificate())).rejects.toThrow(
    'RSA key',
  );
});

test('certificates roll over without a gap: old and new side by side', async () => {
  const own = await World.make();
  const rolling = await own.addApplication('Rolling');
  const send = async (signer: TestCertificate): Promise<unknown> => {
    const text = signJwt(
      signer.privateKey,
      { alg: 'PS256', 'x5t#S256': base64url(signer.sha256) },
      claimsFor(rolling.application.clientId, endpoint(own.tenant.id), own.now),
    );
    const changes = { client_secret: undefined, client_assertion_type: jwtBearer, client_assertion: text };
    return jsonOf(await own.askForm(rolling, changes))['error_codes'] ?? 'token';
  };
  const old = await makeCertificate({ notAfter: new Date('2026-03-02T00:00:00Z') });
  await own.directory.addCertificate(rolling.application.id, old.pem);
  expect(await send(old)).toBe('token');
  await own.directory.addCertificate(rolling.application.id, second.pem);
  expect([await send(old), await send(second)]).toEqual(['token', 'token']);
  own.now = new Date('2026-03-02T00:00:00Z');
  expect([await send(old), await send(second)]).toEqual([[700027], 'token']);
});
