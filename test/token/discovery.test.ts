import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/kernel/http.ts';
import { findRoute, isAuthorityUrl } from '../../src/token/routes.ts';
import { jsonOf, publicUrl, World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.make();
});

const get = (url: string, host?: string): Promise<HttpResponse> =>
  world.ask({ method: 'GET', url, ...(host === undefined ? {} : { host }) });
const tid = '11111111-1111-4111-8111-111111111111';

describe('OpenID configuration', () => {
  test.each([
    { segment: tid, path: 'v2.0/', root: tid, v: '/v2.0', issuer: `${publicUrl}/${tid}/v2.0` },
    { segment: 'Fjordheim.example', path: 'v2.0/', root: tid, v: '/v2.0', issuer: `${publicUrl}/${tid}/v2.0` },
    { segment: 'common', path: 'v2.0/', root: 'common', v: '/v2.0', issuer: `${publicUrl}/{tenantid}/v2.0` },
    {
      segment: 'organizations',
      path: 'v2.0/',
      root: 'organizations',
      v: '/v2.0',
      issuer: `${publicUrl}/{tenantid}/v2.0`,
    },
    { segment: tid, path: '', root: tid, v: '', issuer: `${publicUrl}/${tid}/` },
    { segment: 'common', path: '', root: 'common', v: '', issuer: `${publicUrl}/{tenantid}/` },
  ])('of $segment under /$path', async ({ segment, path, root, v, issuer }) => {
    const response = await get(`/${segment}/${path}.well-known/openid-configuration`);
    expect(response.status).toBe(200);
    expect(jsonOf(response)).toMatchObject({
      issuer,
      token_endpoint: `${publicUrl}/${root}/oauth2${v}/token`,
      authorization_endpoint: `${publicUrl}/${root}/oauth2${v}/authorize`,
      device_authorization_endpoint: `${publicUrl}/${root}/oauth2${v}/devicecode`,
      jwks_uri: `${publicUrl}/${root}/discovery${v}/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['pairwise'],
      request_uri_parameter_supported: false,
    });
  });

  test('is built from the host that the client used where that is an alias', async () => {
    const document = jsonOf(await get(`/${tid}/v2.0/.well-known/openid-configuration`, '127.0.0.1:8443'));
    expect(document).toMatchObject({
      issuer: `https://127.0.0.1:8443/${tid}/v2.0`,
      token_endpoint: `https://127.0.0.1:8443/${tid}/oauth2/v2.0/token`,
    });
  });

  test('does not believe any other Host header', async () => {
    const response = await get(`/${tid}/v2.0/.well-known/openid-configuration`, 'evil.example');
    expect(response.body.toString()).not.toContain('evil.example');
  });

  test.each([
    'v2.0/.well-known/openid-configuration',
    '.well-known/openid-configuration',
    'discovery/v2.0/keys',
    'discovery/keys',
  ])('unknown tenant at /%s is AADSTS90002', async (path) => {
    const response = await get(`/22222222-2222-4222-8222-222222222222/${path}`);
    expect({ status: response.status, codes: jsonOf(response)['error_codes'] }).toEqual({
      status: 400,
      codes: [90002],
    });
  });

  test('every endpoint that it names is served by the authority', async () => {
    const document = jsonOf(await get('/common/v2.0/.well-known/openid-configuration'));
    const urls = Object.entries(document).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
    expect(urls.length).toBeGreaterThan(6);
    for (const [, url] of urls) expect(isAuthorityUrl(String(url).slice(publicUrl.length))).toBe(true);
  });
});

describe('key set', () => {
  test.each([
    '/common/discovery/keys',
    '/common/discovery/v2.0/keys',
    `/${tid}/discovery/v2.0/keys`,
    '/fjordheim.example/discovery/keys',
  ])('%s has the current and the next key', async (url) => {
    const { keys } = jsonOf(await get(url)) as { keys: Record<string, string>[] };
    expect(keys.map(({ kid }) => kid)).toEqual([world.keys.current.kid, world.keys.next.kid]);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['e', 'issuer', 'kid', 'kty', 'n', 'use', 'x5t']);
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', e: 'AQAB', x5t: key['kid'] });
    }
  });
});

describe('instance discovery', () => {
  const ask = (query: string): Promise<HttpResponse> => get(`/common/discovery/instance?${query}`);
  const endpoint = (segment: string): string =>
    `authorization_endpoint=${encodeURIComponent(`${publicUrl}/${segment}/oauth2/v2.0/authorize`)}`;

  test.each([
    {
      version: '1.1',
      segment: 'fjordheim.example',
      discovery: `${publicUrl}/${tid}/v2.0/.well-known/openid-configuration`,
    },
    { version: '1.0', segment: tid, discovery: `${publicUrl}/${tid}/.well-known/openid-configuration` },
    { version: '1.1', segment: 'common', discovery: `${publicUrl}/common/v2.0/.well-known/openid-configuration` },
  ])('version $version of $segment', async ({ version, segment, discovery }) => {
    const host = 'hr.portvakt.test:8443';
    expect(jsonOf(await ask(`api-version=${version}&${endpoint(segment)}`))).toEqual({
      tenant_discovery_endpoint: discovery,
      'api-version': version,
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host, '127.0.0.1:8443'] }],
    });
  });

  test.each([
    { name: 'no endpoint', query: 'api-version=1.1', code: 900144 },
    {
      name: 'foreign host',
      query: 'authorization_endpoint=https://login.microsoftonline.com/common/oauth2/authorize',
      code: 50049,
    },
    {
      name: 'our host on another port',
      query: 'authorization_endpoint=https://hr.portvakt.test:9/common/oauth2/authorize',
      code: 50049,
    },
    { name: 'no URL', query: 'authorization_endpoint=nonsense', code: 50049 },
    { name: 'no tenant', query: `authorization_endpoint=${publicUrl}`, code: 50049 },
    { name: 'unknown tenant', query: endpoint('nobody.example'), code: 90002 },
  ])('$name is AADSTS$code', async ({ query, code }) => {
    const response = await ask(query);
    expect({ status: response.status, codes: jsonOf(response)['error_codes'] }).toEqual({ status: 400, codes: [code] });
  });
});

test.each([
  { url: '/t/oauth2/v2.0/token', owned: true },
  { url: '/t/oauth2/v2.0/token?client-request-id=x', owned: true },
  { url: '/T/OAUTH2/TOKEN', owned: true },
  { url: '/error?code=1', owned: true },
  { url: '/', owned: false },
  { url: '//oauth2/token', owned: false },
  { url: '/oauth2/token', owned: false },
  { url: '/api/data/v9.2/accounts', owned: false },
  { url: '/t/oauth2/v2.0/token/', owned: false },
  { url: '/errors', owned: false },
])('$url belongs to the authority: $owned', ({ url, owned }) => {
  expect(isAuthorityUrl(url)).toBe(owned);
});

test('a tenant in the path is percent-decoded', () => {
  expect(findRoute('/fjordheim%2Eexample/oauth2/token')?.tenantSegment).toBe('fjordheim.example');
});
