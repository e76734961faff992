import { describe, expect, test } from 'vitest';
import { parseTrustedIssuers } from '../../../src/token/issuers/parse-trusted-issuers.ts';

const tid = '5f2a3b8e-0b1c-4c7e-9a53-2f4a5d6e7f80';
const other = '11111111-2222-4333-8444-555555555555';
const client = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f21';
const least = {
  name: 'Keycloak',
  issuer: 'https://sso.example/realms/hr',
  tenant: 'Nordlys.example',
  applications: [client],
};

const parse = (...entries: unknown[]) => parseTrustedIssuers(JSON.stringify(entries));

test('the least that an issuer needs; everything else denies or is narrow', () => {
  expect(parse(least)).toEqual([
    {
      name: 'Keycloak',
      issuers: ['https://sso.example/realms/hr'],
      tenant: 'nordlys.example',
      environments: undefined,
      audiences: {},
      foreignTenants: undefined,
      algorithms: ['RS256'],
      clientIdClaim: undefined,
      applications: new Map([[client, { id: client, name: `Keycloak ${client}` }]]),
      applicationClaims: undefined,
      requiredClaims: new Map(),
      appRoles: [],
      authorizationUri: undefined,
    },
  ]);
});

test('a template stands for each foreign tenant', () => {
  const { issuer: _, ...rest } = least;
  const issuers = ['https://sts.windows.net/{tenantid}/', 'https://login.microsoftonline.com/{tenantid}/v2.0'];
  expect(parse({ ...rest, issuers, foreignTenants: [tid.toUpperCase(), other] })[0]).toMatchObject({
    foreignTenants: [tid, other],
    issuers: [
      `https://sts.windows.net/${tid}/`,
      `https://sts.windows.net/${other}/`,
      `https://login.microsoftonline.com/${tid}/v2.0`,
      `https://login.microsoftonline.com/${other}/v2.0`,
    ],
  });
});

test('an application whose client id is no GUID has one that is', () => {
  const [parsed] = parse({
    ...least,
    applications: [{ clientId: 'ats', id: client.toUpperCase(), name: 'Recruiting' }],
  });
  expect(parsed?.applications).toEqual(new Map([['ats', { id: client, name: 'Recruiting' }]]));
});

test('claims may be demanded with one value, several, or any', () => {
  const requiredClaims = { hd: 'nordlys.example', env: ['prod', 'test'], verified: true, jti: '*' };
  expect(parse({ ...least, requiredClaims })[0]?.requiredClaims).toEqual(
    new Map<string, unknown>([
      ['hd', ['nordlys.example']],
      ['env', ['prod', 'test']],
      ['verified', [true]],
      ['jti', 'present'],
    ]),
  );
});

test('audiences for the Web API alone, or for each surface', () => {
  expect(parse({ ...least, audiences: ['api://a'] })[0]?.audiences).toEqual({ webApi: ['api://a'] });
  const each = { webApi: ['api://a'], data: ['api://b'], graph: ['api://c'] };
  expect(parse({ ...least, audiences: each })[0]?.audiences).toEqual(each);
});

describe('a mistake is told with its place and what is allowed', () => {
  const second = { ...least, name: 'Second', issuer: 'https://second.example' };
  test.each<[string, unknown[], string]>([
    ['no object', ['https://sso.example'], '[0]: an object'],
    [
      'a member that is misspelled',
      [{ ...least, requiredClaim: {} }],
      '[0].requiredClaim: no such member; there are name,',
    ],
    ['no name', [{ ...least, name: undefined }], '[0].name: a text is needed'],
    ['an empty name', [{ ...least, name: ' ' }], '[0].name: a text, not empty'],
    ['no tenant', [{ ...least, tenant: undefined }], '[0].tenant: a text is needed'],
    ['no issuer', [{ ...least, issuer: undefined }], '[0].issuer: either `issuer` or `issuers`'],
    ['both', [{ ...least, issuers: ['https://a.example'] }], '[0].issuer: either `issuer` or `issuers`'],
    [
      'plain HTTP',
      [{ ...least, issuer: 'http://sso.example' }],
      "[0].issuer: an https URL; the issuer 'http://sso.example' does not",
    ],
    ['an odd host', [{ ...least, issuer: 'https://0x7f.1/' }], 'has a host that is not spelled as usual'],
    [
      'a template without tenants',
      [{ ...least, issuer: 'https://a.example/{tenantid}/' }],
      '`foreignTenants` must list',
    ],
    ['no applications', [{ ...least, applications: undefined }], "[0].applications: a list of client ids, or 'any'"],
    [
      'all applications by a star',
      [{ ...least, applications: '*' }],
      "[0].applications: a list of client ids, or 'any'",
    ],
    ['a client id that is no GUID', [{ ...least, applications: ['ats'] }], '[0].applications[0]: a GUID, or an object'],
    ['a client id twice', [{ ...least, applications: [client, client] }], 'client id once'],
    [
      'one id for two clients',
      [{ ...least, applications: [client, { clientId: 'x', id: client }] }],
      'applications id once',
    ],
    ['a symmetric algorithm', [{ ...least, algorithms: ['HS256'] }], '[0].algorithms: out of RS256, RS384'],
    ['no algorithm at all', [{ ...least, algorithms: [] }], '[0].algorithms: a list of texts, not empty'],
    ['alg none', [{ ...least, algorithms: ['none'] }], '[0].algorithms: out of'],
    ['audiences of an unknown surface', [{ ...least, audiences: { api: ['x'] } }], '[0].audiences.api: no such member'],
    ['no audience', [{ ...least, audiences: [] }], '[0].audiences: a list of texts, not empty'],
    [
      'an environment with a path',
      [{ ...least, environments: ['https://a.example/x'] }],
      '[0].environments: origins such as',
    ],
    [
      'a claim that must be a number',
      [{ ...least, requiredClaims: { a: 1 } }],
      '[0].requiredClaims.a: a text, true, false',
    ],
    ['a claim of which nothing is allowed', [{ ...least, requiredClaims: { a: [] } }], '[0].requiredClaims.a: a text'],
    [
      'empty rules for applications',
      [{ ...least, applicationClaims: {} }],
      '[0].applicationClaims: at least one claim',
    ],
    ['an authorization URI with a comma', [{ ...least, authorizationUri: 'https://a.example/,x=y' }], 'without comma'],
    ['two of one name', [least, { ...second, name: 'keycloak' }], "each name once; 'keycloak' comes twice"],
    ['two of one issuer', [least, { ...second, issuer: least.issuer }], 'each issuer once'],
    [
      "two with 'any' in a tenant",
      [
        { ...least, applications: 'any' },
        { ...second, applications: 'any' },
      ],
      "each 'any' application",
    ],
    [
      'two that stand in the challenge of a tenant',
      [least, second].map((each) => ({ ...each, authorizationUri: 'https://a.example/authorize' })),
      'each authorizationUri',
    ],
    [
      'too many',
      Array.from({ length: 101 }, (_, index) => ({ ...least, name: `${index}`, issuer: `https://a${index}.example` })),
      'at most 100',
    ],
  ])('%s', (_name, entries, message) => {
    expect(() => parse(...entries)).toThrow(message);
  });

  test.each(['{', '{}', '"x"', 'null'])('%s is no list', (text) => {
    expect(() => parseTrustedIssuers(text)).toThrow('the whole: ');
  });
});
