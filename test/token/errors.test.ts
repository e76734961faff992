import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { formLimit } from '../../src/token/form.ts';
import { guessLimits } from '../../src/token/guess-throttle.ts';
import { tokenProblems } from '../../src/token/problems.ts';
import { claimsFor, makeCertificate, signJwt, type TestCertificate } from './assertions.ts';
import { guidPattern, jsonOf, publicUrl, type TestApplication, World } from './world.ts';

let world: World;
let app: TestApplication;
let disabled: TestApplication;
let single: TestApplication;
let multi: TestApplication;
let expired: TestApplication;
let federated: TestApplication;
let certificate: TestCertificate;

/** An identity provider at an address that is not public: nobody is asked. */
const idp = 'https://10.0.0.1';
const unknownClient = '99999999-9999-4999-8999-999999999999';

beforeAll(async () => {
  world = await World.make();
  app = await world.addApplication('Recruiting system');
  disabled = await world.addApplication('Disabled');
  await world.directory.setServicePrincipalEnabled(disabled.principal.id, false);
  single = await world.addApplication('Without service principal');
  await world.directory.deleteServicePrincipal(single.principal.id);
  certificate = await makeCertificate();
  await world.directory.addCertificate(app.application.id, certificate.pem);
  federated = await world.addApplication('With federated credential');
  await world.directory.addFederatedCredential(federated.application.id, { name: 'job', issuer: idp, subject: 'job' });
  multi = await world.addApplication('For many tenants', { signInAudience: 'AzureADMultipleOrgs' });
  expired = await world.addApplication('With old secret');
  const old = expired.application.secrets[0];
  if (old !== undefined) await world.directory.removePassword(expired.application.id, old.keyId);
  const [begin, end] = [new Date('2025-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z')];
  const { text } = await world.directory.addPassword(expired.application.id, { start: begin, end });
  expired = { ...expired, secret: text };
});

/** Sends an assertion of the identity provider, right but for these claims. */
const foreign = (claims: Readonly<Record<string, unknown>>): Promise<HttpResponse> =>
  world.askForm(federated, {
    client_secret: undefined,
    client_assertion_type: jwtBearer,
    client_assertion: signJwt(
      certificate.privateKey,
      { alg: 'RS256', kid: 'a' },
      claimsFor('', 'api://AzureADTokenExchange', undefined, { iss: idp, sub: 'job', ...claims }),
    ),
  });

interface Case {
  readonly name: string;
  readonly send: () => Promise<HttpResponse>;
  readonly status: number;
  readonly error: string;
  readonly code: number;
  /** Stands in the description, after the code. */
  readonly text: string;
}

const at = (segment: string, path = 'oauth2/v2.0/token'): Promise<HttpResponse> =>
  world.ask({ url: `/${segment}/${path}`, body: new URLSearchParams(world.form(app)).toString() });
const raw = (body: string | Buffer, type?: string): Promise<HttpResponse> =>
  world.ask({ body, headers: type === undefined ? {} : { 'content-type': type } });
const v1 = (changes: Record<string, string | undefined>): Promise<HttpResponse> =>
  world.ask({
    url: `/${world.tenant.id}/oauth2/token`,
    body: new URLSearchParams(world.form(app, { scope: undefined, ...changes })).toString(),
  });
const basic = (text: string, changes: Record<string, string | undefined> = {}): Promise<HttpResponse> =>
  world.ask({
    headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
    body: new URLSearchParams(
      world.form(app, { client_secret: undefined, client_id: undefined, ...changes }),
    ).toString(),
  });
const scope = (text: string): Promise<HttpResponse> => world.askForm(app, { scope: text });

const invalid = { status: 400, error: 'invalid_request' } as const;
const malformed = { ...invalid, code: 9002313 } as const;
const badScope = { status: 400, error: 'invalid_scope' } as const;
const badClient = { status: 401, error: 'invalid_client' } as const;
const unauthorized = { status: 400, error: 'unauthorized_client' } as const;
const notImplemented = { status: 501, error: 'invalid_request', code: 9002313, text: 'is not implemented' } as const;

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Sends an assertion that is right but for these parts. */
const assertion = (
  header: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>> = {},
  type = jwtBearer,
): Promise<HttpResponse> => {
  const audience = `${publicUrl}/${world.tenant.id}/v2.0`;
  const all = claimsFor(app.application.clientId, audience, world.now, claims);
  const text = signJwt(certificate.privateKey, { alg: 'RS256', ...header }, all);
  return world.askForm(app, { client_secret: undefined, client_assertion_type: type, client_assertion: text });
};

const cases: readonly Case[] = [
  {
    name: 'GET',
    send: () => world.ask({ method: 'GET' }),
    ...invalid,
    status: 405,
    code: 900561,
    text: 'Received a GET request',
  },
  {
    name: 'PUT',
    send: () => world.ask({ method: 'PUT' }),
    ...invalid,
    status: 405,
    code: 900561,
    text: 'Received a PUT request',
  },
  {
    name: 'unknown tenant GUID',
    send: () => at(unknownClient),
    ...invalid,
    code: 90002,
    text: `Tenant '${unknownClient}' not found.`,
  },
  {
    name: 'unknown domain',
    send: () => at('nobody.example'),
    ...invalid,
    code: 90002,
    text: "Tenant 'nobody.example' not found.",
  },
  {
    name: 'tenant that is no name',
    send: () => at('no_domain'),
    ...invalid,
    code: 900023,
    text: "'no_domain' is neither a valid DNS name",
  },
  {
    name: 'tenant with a broken escape',
    send: () => at('%E0%A4'),
    ...invalid,
    code: 900023,
    text: 'neither a valid DNS name',
  },
  {
    name: 'common',
    send: () => at('common'),
    ...invalid,
    code: 9001023,
    text: 'not supported over the /common or /consumers',
  },
  {
    name: 'COMMON',
    send: () => at('COMMON'),
    ...invalid,
    code: 9001023,
    text: 'not supported over the /common or /consumers',
  },
  {
    name: 'consumers',
    send: () => at('consumers'),
    ...invalid,
    code: 9001023,
    text: 'not supported over the /common or /consumers',
  },
  {
    name: 'organizations',
    send: () => at('organizations'),
    ...invalid,
    code: 50059,
    text: 'No tenant-identifying information',
  },
  {
    name: 'unknown tenant on v1',
    send: () => at('nobody.example', 'oauth2/token'),
    ...invalid,
    code: 90002,
    text: 'not found',
  },
  { name: 'no body', send: () => raw(''), ...invalid, code: 900144, text: "following parameter: 'grant_type'" },
  {
    name: 'JSON body',
    send: () => raw('{"grant_type":"client_credentials"}', 'application/json'),
    ...malformed,
    text: 'Content-Type',
  },
  { name: 'broken escape', send: () => raw('grant_type=%zz'), ...malformed, text: 'not URL-encoded' },
  { name: 'escape that is not UTF-8', send: () => raw('grant_type=%ff%fe'), ...malformed, text: 'not URL-encoded' },
  { name: 'bare bytes', send: () => raw(Buffer.from([0x61, 0x3d, 0xe6, 0xf8])), ...malformed, text: 'not URL-encoded' },
  { name: 'line break', send: () => raw('grant_type=client_credentials\n'), ...malformed, text: 'not URL-encoded' },
  {
    name: 'parameter twice',
    send: () => raw('client_id=a&client_id=b'),
    ...malformed,
    text: "'client_id' is there twice",
  },
  { name: 'empty parameter twice', send: () => raw('scope=&scope=b'), ...malformed, text: "'scope' is there twice" },
  {
    name: 'hundreds of parameters',
    send: () => raw(Array.from({ length: 200 }, (_, i) => `p${i}=1`).join('&')),
    ...malformed,
    text: 'more than 100 parameters',
  },
  {
    name: 'body over the limit',
    send: () => raw('a'.repeat(formLimit + 1)),
    ...malformed,
    status: 413,
    text: 'larger than',
  },
  {
    name: 'no grant type',
    send: () => world.askForm(app, { grant_type: undefined }),
    ...invalid,
    code: 900144,
    text: "'grant_type'",
  },
  {
    name: 'empty grant type',
    send: () => world.askForm(app, { grant_type: '' }),
    ...invalid,
    code: 900144,
    text: "'grant_type'",
  },
  {
    name: 'password grant',
    send: () => world.askForm(app, { grant_type: 'password' }),
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    text: "unsupported grant type 'password'",
  },
  {
    name: 'no client id',
    send: () => world.askForm(app, { client_id: undefined }),
    ...invalid,
    code: 900144,
    text: "'client_id'",
  },
  { name: 'no scope', send: () => world.askForm(app, { scope: undefined }), ...invalid, code: 900144, text: "'scope'" },
  { name: 'no resource on v1', send: () => v1({}), ...invalid, code: 900144, text: "'resource'" },
  {
    name: 'resource on v2.0',
    send: () => world.askForm(app, { scope: undefined, resource: publicUrl }),
    ...invalid,
    code: 901002,
    text: "'resource' request parameter is not supported",
  },
  {
    name: 'client id that is no GUID',
    send: () => world.askForm(app, { client_id: 'me' }),
    ...unauthorized,
    code: 700016,
    text: "identifier 'me' was not found in the directory 'Fjordheim'",
  },
  {
    name: 'unknown client id',
    send: () => world.askForm(app, { client_id: unknownClient }),
    ...unauthorized,
    code: 700016,
    text: `identifier '${unknownClient}' was not found`,
  },
  {
    name: 'single-tenant app in another tenant',
    send: () => at('nordlys.example'),
    ...invalid,
    code: 50194,
    text: 'is not configured as a multi-tenant application',
  },
  {
    name: 'multi-tenant app without consent',
    send: () =>
      world.ask({ url: '/nordlys.example/oauth2/v2.0/token', body: new URLSearchParams(world.form(multi)).toString() }),
    ...unauthorized,
    code: 700016,
    text: "was not found in the directory 'Nordlys'",
  },
  {
    name: 'app without service principal',
    send: () => world.askForm(single),
    ...unauthorized,
    code: 7000229,
    text: 'is missing service principal in the tenant',
  },
  {
    name: 'disabled service principal',
    send: () => world.askForm(disabled),
    ...unauthorized,
    code: 7000112,
    text: '(Disabled) is disabled.',
  },
  {
    name: 'no credential',
    send: () => world.askForm(app, { client_secret: undefined }),
    ...badClient,
    code: 7000216,
    text: "required for the 'client_credentials' grant type",
  },
  {
    name: 'empty secret',
    send: () => world.askForm(app, { client_secret: '' }),
    ...badClient,
    code: 7000216,
    text: "'client_secret'",
  },
  {
    name: 'wrong secret',
    send: () => world.askForm(app, { client_secret: 'wrong' }),
    ...badClient,
    code: 7000215,
    text: 'Invalid client secret provided.',
  },
  {
    name: 'secret of another app',
    send: () => world.askForm(app, { client_secret: disabled.secret }),
    ...badClient,
    code: 7000215,
    text: 'Invalid client secret provided.',
  },
  {
    name: 'id of the secret',
    send: () => world.askForm(app, { client_secret: app.application.secrets[0]?.keyId }),
    ...badClient,
    code: 7000215,
    text: 'not the client secret ID',
  },
  { name: 'expired secret', send: () => world.askForm(expired), ...badClient, code: 7000222, text: 'are expired' },
  {
    name: 'wrong secret of an app whose secrets are expired',
    send: () => world.askForm(expired, { client_secret: 'x' }),
    ...badClient,
    code: 7000215,
    text: 'Invalid client secret',
  },
  {
    name: 'assertion without its type',
    send: () => world.askForm(app, { client_secret: undefined, client_assertion: 'a.b.c' }),
    ...invalid,
    code: 900144,
    text: "'client_assertion_type'",
  },
  {
    name: 'assertion of an unknown type',
    send: () => assertion({}, {}, 'saml2-bearer'),
    ...invalid,
    code: 90023,
    text: "The 'client_assertion_type' saml2-bearer is not supported.",
  },
  {
    name: 'assertion without exp',
    send: () => assertion({}, { exp: undefined }),
    ...badClient,
    code: 50027,
    text: 'JWT token is invalid or malformed.',
  },
  {
    name: 'assertion signed by ES256',
    send: () => assertion({ alg: 'ES256' }),
    ...invalid,
    code: 5002730,
    text: 'Unsupported key for the signing algorithm.',
  },
  {
    name: 'assertion of another client',
    send: () => assertion({}, { iss: unknownClient, sub: unknownClient }),
    ...badClient,
    code: 700021,
    text: `application identifier '${unknownClient}' doesn't match`,
  },
  {
    name: 'assertion about somebody else',
    send: () => assertion({}, { sub: unknownClient }),
    ...badClient,
    code: 50048,
    text: 'Subject mismatches Issuer',
  },
  {
    name: 'assertion by an unregistered certificate',
    send: () => assertion({ kid: 'A'.repeat(40) }),
    ...badClient,
    code: 700027,
    text: `[Reason - The key was not found., Thumbprint of key used by client: '${'A'.repeat(40)}'`,
  },
  {
    name: 'assertion for the second time',
    send: () => replayed(),
    ...badClient,
    code: 50013,
    text: 'Assertion is invalid: it was presented before',
  },
  {
    name: 'guess after guess',
    send: () => guessOften(),
    status: 429,
    error: 'temporarily_unavailable',
    code: 90055,
    text: 'too many failed requests. Try again in 60 seconds.',
  },
  {
    name: 'assertion that has expired',
    send: () => assertion({}, { exp: 1 }),
    ...badClient,
    code: 700024,
    text: 'not within its valid time range',
  },
  {
    name: 'assertion for another audience',
    send: () => assertion({}, { aud: 'https://elsewhere.example' }),
    ...badClient,
    code: 700023,
    text: 'audience claim does not match Realm issuer',
  },
  {
    name: 'assertion of another identity provider',
    send: () => assertion({}, { iss: 'https://idp.example', sub: 'job' }),
    ...badClient,
    code: 70025,
    text: 'has no configured federated identity credentials',
  },
  {
    name: 'assertion of an identity provider that is not registered',
    send: () => foreign({ iss: 'https://idp.example' }),
    ...badClient,
    code: 700211,
    text: "No matching federated identity record found for presented assertion issuer 'https://idp.example'.",
  },
  {
    name: 'assertion about another subject',
    send: () => foreign({ sub: 'other' }),
    ...badClient,
    code: 700213,
    text: "No matching federated identity record found for presented assertion subject 'other'.",
  },
  {
    name: 'assertion of a registered identity provider for another audience',
    send: () => foreign({ aud: 'api://other' }),
    ...badClient,
    code: 700212,
    text: "No matching federated identity record found for presented assertion audience 'api://other'.",
  },
  {
    name: 'assertion of an identity provider that cannot be asked',
    send: () => foreign({}),
    ...invalid,
    code: 50166,
    text: 'Request to External OIDC endpoint failed.',
  },
  {
    name: 'assertion beside the right secret',
    send: () => world.askForm(app, { client_assertion: 'a.b.c' }),
    ...malformed,
    text: 'more than one client credential',
  },
  {
    name: 'Basic beside a secret in the body',
    send: () => basic(`${app.application.clientId}:x`, { client_secret: 'y' }),
    ...malformed,
    text: 'more than one client credential',
  },
  {
    name: 'Basic for another client than the body',
    send: () => basic(`${unknownClient}:x`, { client_id: app.application.clientId }),
    ...malformed,
    text: 'two different clients',
  },
  { name: 'Basic without a colon', send: () => basic('nothing'), ...malformed, text: 'must be Basic' },
  {
    name: 'Basic with a broken escape',
    send: () => basic(`${app.application.clientId}:%zz`),
    ...malformed,
    text: 'must be Basic',
  },
  {
    name: 'Basic that is not base64',
    send: () => world.ask({ headers: { authorization: 'Basic ???' }, body: 'grant_type=client_credentials' }),
    ...malformed,
    text: 'must be Basic',
  },
  {
    name: 'Basic with a wrong secret',
    send: () => basic(`${app.application.clientId}:wrong`),
    ...badClient,
    code: 7000215,
    text: 'Invalid client secret',
  },
  {
    name: 'scope without /.default',
    send: () => scope(`${publicUrl}/user_impersonation`),
    ...badScope,
    code: 1002012,
    text: 'must have a scope value with /.default',
  },
  {
    name: 'bare .default',
    send: () => scope('/.default'),
    ...badScope,
    code: 70011,
    text: 'The scope /.default is not valid.',
  },
  {
    name: 'scope of an unknown scheme',
    send: () => scope('ftp://somewhere/.default'),
    ...badScope,
    code: 70011,
    text: 'is not valid',
  },
  {
    name: 'scope that is no URI',
    send: () => scope('somewhere/.default'),
    ...badScope,
    code: 70011,
    text: 'is not valid',
  },
  {
    name: 'scope with forbidden characters',
    send: () => scope('https://"x"/.default'),
    ...badScope,
    code: 70011,
    text: 'is not valid',
  },
  { name: 'scope of blanks', send: () => scope('  '), ...badScope, code: 70011, text: 'is not valid' },
  {
    name: 'OpenID scopes alone',
    send: () => scope('openid profile'),
    ...badScope,
    code: 700023,
    text: 'names no resource',
  },
  {
    name: 'two resources',
    send: () => scope(`${publicUrl}/.default https://graph.microsoft.com/.default`),
    ...badScope,
    code: 28000,
    text: 'contains more than one resource',
  },
  {
    name: 'unknown resource',
    send: () => scope('https://elsewhere.example/.default'),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: 'The resource principal named https://elsewhere.example was not found in the tenant named Fjordheim.',
  },
  {
    name: 'path of the environment that is no resource',
    send: () => scope(`${publicUrl}/other/.default`),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: 'was not found',
  },
  {
    name: 'environment with two slashes too many',
    send: () => scope(`${publicUrl}///.default`),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: 'was not found',
  },
  {
    name: 'application as resource whose service principal is disabled',
    send: () => scope(`${disabled.application.clientId}/.default`),
    status: 400,
    error: 'invalid_resource',
    code: 500014,
    text: 'is disabled',
  },
  {
    name: 'unknown resource on v1',
    send: () => v1({ resource: 'https://elsewhere.example/' }),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: 'was not found',
  },
  {
    name: 'authorize',
    send: () => world.ask({ method: 'GET', url: '/common/oauth2/v2.0/authorize' }),
    ...notImplemented,
  },
  { name: 'device code', send: () => world.ask({ url: '/common/oauth2/v2.0/devicecode' }), ...notImplemented },
  {
    name: 'unknown path',
    send: () => world.ask({ url: '/common/nothing' }),
    ...malformed,
    status: 404,
    text: 'no such endpoint',
  },
  {
    name: 'unknown instance',
    send: () =>
      world.ask({
        method: 'GET',
        url: '/common/discovery/instance?authorization_endpoint=https://evil.example/common/oauth2/authorize',
      }),
    status: 400,
    error: 'invalid_instance',
    code: 50049,
    text: 'Unknown or invalid instance.',
  },
  {
    name: 'POST to a document',
    send: () => world.ask({ url: '/common/discovery/keys' }),
    ...invalid,
    status: 405,
    code: 900561,
    text: 'only accepts GET',
  },
];

/** The same assertion twice, at an authority that refuses replays. */
async function replayed(): Promise<HttpResponse> {
  const strict = await World.make({ assertionReplay: 'refuse' });
  const own = await strict.addApplication('With certificate');
  await strict.directory.addCertificate(own.application.id, certificate.pem);
  const claims = claimsFor(own.application.clientId, `${publicUrl}/${strict.tenant.id}/v2.0`);
  const text = signJwt(certificate.privateKey, { alg: 'RS256' }, claims);
  const changes = { client_secret: undefined, client_assertion_type: jwtBearer, client_assertion: text };
  await strict.askForm(own, changes);
  return strict.askForm(own, changes);
}

async function guessOften(): Promise<HttpResponse> {
  const body = new URLSearchParams(world.form(app, { client_secret: 'wrong' })).toString();
  const guess = (): Promise<HttpResponse> => world.ask({ remoteAddress: '203.0.113.7', body });
  for (let time = 0; time < guessLimits.pair; time++) await guess();
  return guess();
}
/** Ends of the token endpoints' paths; nothing is decided at the others. */
const isTokenRequest = (url: string): boolean => /\/oauth2(\/v2\.0)?\/token$/.test(url);

describe('the authority refuses', () => {
  test.each(cases)('$name with $status, AADSTS$code, and one entry in the audit log', async (row) => {
    const { send, status, error, code, text } = row;
    const handle = vi.spyOn(world.authority, 'handle');
    world.audit.take();
    const response = await send();
    const entries = world.audit.take();
    const urls = handle.mock.calls.map(([{ url }]) => url);
    handle.mockRestore();
    if (isTokenRequest(urls.at(-1) ?? '')) {
      expect(entries).toHaveLength(urls.length);
      const denied = { kind: 'token', surface: 'token', outcome: 'denied', stage: 'token' };
      expect(entries.at(-1)).toMatchObject({ ...denied, status, code: String(code) });
      const { reason = '', requestId } = entries.at(-1) ?? {};
      expect(reason).not.toBe('');
      expect(requestId).toBe(jsonOf(response)['trace_id']);
      expect(JSON.stringify(entries)).not.toContain(JSON.stringify(app.secret).slice(1, -1));
    } else expect(entries).toEqual([]);
    const body = jsonOf(response);
    expect({ status: response.status, error: body['error'], codes: body['error_codes'] }).toEqual({
      status,
      error,
      codes: [code],
    });
    const trailer = `Trace ID: ${body['trace_id']} Correlation ID: ${body['correlation_id']} Timestamp: ${body['timestamp']}`;
    expect(body['error_description']).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(body['error_description']).toContain(text);
    expect(String(body['error_description']).endsWith(trailer)).toBe(true);
    expect(body['timestamp']).toBe('2026-03-01 12:00:00Z');
    expect(body['trace_id']).toMatch(guidPattern);
    expect(body['correlation_id']).toMatch(guidPattern);
    expect(body['error_uri']).toBe(`${publicUrl}/error?code=${code}`);
    expect(Object.keys(body).sort()).toEqual([
      'correlation_id',
      'error',
      'error_codes',
      'error_description',
      'error_uri',
      'timestamp',
      'trace_id',
    ]);
    expect(response.headers['Cache-Control']).toContain('no-store');
    expect(body).not.toHaveProperty('access_token');
  });

  test('a token that cannot be audited with 503, and so a refusal', async () => {
    for (const changes of [{}, { client_secret: 'wrong' }]) {
      world.audit.fails = true;
      const response = await world.askForm(app, changes);
      world.audit.fails = false;
      expect(response.status).toBe(503);
      expect(jsonOf(response)).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90033] });
      expect(jsonOf(response)).not.toHaveProperty('access_token');
    }
  });

  test('every problem of the table is in these cases', () => {
    const covered = new Set(cases.map(({ code, status }) => `${code} ${status}`)).add('90033 503');
    const all = new Set(Object.values(tokenProblems).map(({ code, status }) => `${code} ${status}`));
    // The consent page's (test/consent).
    const elsewhere = ['50011 400'];
    expect([...all].filter((each) => !covered.has(each))).toEqual(elsewhere);
  });

  test('no answer repeats the secret', async () => {
    for (const changes of [
      { scope: 'x' },
      { scope: 'https://elsewhere.example/.default' },
      { client_id: 'me' },
      { grant_type: 'x' },
    ]) {
      const response = await world.askForm(app, changes);
      expect(response.body.toString()).not.toContain(app.secret);
    }
  });
});

describe('the order of the checks', () => {
  const wrong = { client_id: unknownClient, client_secret: 'wrong', scope: 'nonsense' };
  test.each([
    {
      name: 'tenant before body',
      send: () => world.ask({ url: '/nobody.example/oauth2/v2.0/token', body: '%' }),
      code: 90002,
    },
    { name: 'grant type before client', send: () => world.askForm(app, { ...wrong, grant_type: 'x' }), code: 70003 },
    {
      name: 'missing scope before client',
      send: () => world.askForm(app, { ...wrong, scope: undefined }),
      code: 900144,
    },
    { name: 'client before credential', send: () => world.askForm(app, wrong), code: 700016 },
    {
      name: 'credential before scope',
      send: () => world.askForm(app, { ...wrong, client_id: app.application.clientId }),
      code: 7000215,
    },
    { name: 'scope before resource', send: () => scope('https://elsewhere.example/read'), code: 1002012 },
  ])('$name', async ({ send, code }) => {
    expect(jsonOf(await send())['error_codes']).toEqual([code]);
  });
});

describe('ids and headers of an error', () => {
  const correlation = 'abcdefab-1234-4abc-8abc-abcdefabcdef';

  test.each([
    { name: 'header', request: { headers: { 'client-request-id': correlation } } },
    { name: 'query', request: { url: `/nobody.example/oauth2/v2.0/token?client-request-id=${correlation}` } },
    { name: 'form', request: { body: `client-request-id=${correlation}` } },
  ])('client-request-id in the $name is echoed', async ({ request }) => {
    const response = await world.ask(request);
    expect(jsonOf(response)['correlation_id']).toBe(correlation);
    expect(response.headers['client-request-id']).toBe(correlation);
  });

  test('a client-request-id that is no GUID is not echoed', async () => {
    const response = await world.ask({ headers: { 'client-request-id': 'x\r\nSet-Cookie: a=b' } });
    expect(jsonOf(response)['correlation_id']).toMatch(guidPattern);
    expect(response.headers['client-request-id']).toMatch(guidPattern);
  });

  test('text of the client is repeated as printable ASCII only', async () => {
    const response = await scope('https://bø\u0000\u202e.example/.default');
    expect(jsonOf(response)['error_description']).toMatch(/^[\x20-\x7e]+$/);
  });

  test('401 to a client that used Basic carries a Basic challenge', async () => {
    const response = await basic(`${app.application.clientId}:wrong`);
    expect(response.headers['WWW-Authenticate']).toBe(`Basic realm="${publicUrl}"`);
  });

  test('401 to a client that used the form carries none', async () => {
    const response = await world.askForm(app, { client_secret: 'wrong' });
    expect(response.headers).not.toHaveProperty('WWW-Authenticate');
  });

  test('wrong verb says which ones are allowed', async () => {
    expect((await world.ask({ method: 'DELETE' })).headers['Allow']).toBe('POST, OPTIONS');
  });

  test('OPTIONS is answered', async () => {
    expect(await world.ask({ method: 'OPTIONS' })).toMatchObject({ status: 200, headers: { Allow: 'POST, OPTIONS' } });
  });

  test('error_uri leads to the text of the error', async () => {
    const page = await world.ask({ method: 'GET', url: '/error?code=7000215' });
    expect(page.status).toBe(200);
    expect(page.body.toString()).toContain('AADSTS7000215 (invalid_client): Invalid client secret provided.');
  });

  test('error page of an unknown code is 404 and repeats nothing', async () => {
    const page = await world.ask({ method: 'GET', url: '/error?code=1&x=<script>' });
    expect(page).toMatchObject({ status: 404, body: 'there is no such error code\n' });
  });
});
