import { describe, expect, test } from 'vitest';
import { readOutsideClaims } from '../../../src/token/issuers/outside-claims.ts';
import { parseTrustedIssuers } from '../../../src/token/issuers/parse-trusted-issuers.ts';

const tid = '5f2a3b8e-0b1c-4c7e-9a53-2f4a5d6e7f80';
const client = '9b1d6f42-3c55-4d0f-8a8e-7b6c5d4e3f21';
const oid = '77777777-2222-4333-8444-555555555555';
const stranger = '88888888-2222-4333-8444-555555555555';

type Members = Readonly<Record<string, unknown>>;

function read(claims: Members, settings: Members = {}): unknown {
  const entry = { name: 'Theirs', issuer: 'https://a.example', tenant: 't', applications: [client], ...settings };
  const [trusted] = parseTrustedIssuers(JSON.stringify([entry]));
  if (trusted === undefined) throw new TypeError('no issuer');
  return readOutsideClaims(trusted, claims);
}

const entraV1 = { ver: '1.0', aud: 'api://p', appid: client, appidacr: '1', oid, sub: oid, tid, uti: 'u' };
const entraV2 = { ver: '2.0', aud: 'api', azp: client, azpacr: '2', oid, sub: oid, tid, uti: 'u' };
const keycloak = {
  azp: 'ats',
  client_id: 'ats',
  aud: ['portvakt', 'account'],
  sub: 'a',
  preferred_username: 'service-account-ats',
  email_verified: false,
  scope: 'profile email',
  jti: 'j',
  typ: 'Bearer',
};
const rfc9068 = { client_id: client, sub: client, aud: 'https://hr.example', jti: 'j', scope: 'x' };
const auth0 = { azp: client, sub: `${client}@clients`, gty: 'client-credentials', aud: 'https://hr.example' };
const keycloakSettings = {
  applications: [{ clientId: 'ats', id: client, name: 'ATS' }],
  applicationClaims: { client_id: '*' },
};

describe('tokens of applications as providers write them', () => {
  test.each<[string, Members, Members]>([
    ['Entra ID v1.0', entraV1, {}],
    ['Entra ID v2.0', entraV2, {}],
    ['Entra ID with idtyp', { ...entraV2, azpacr: undefined, idtyp: 'app' }, {}],
    ['Entra ID of an allowed tenant', { ...entraV2, tid: tid.toUpperCase() }, { foreignTenants: [tid] }],
    ['Keycloak', keycloak, keycloakSettings],
    ['RFC 9068', rfc9068, {}],
    ['Auth0', auth0, {}],
    ['any application', rfc9068, { applications: 'any' }],
    ['a claim of its own', { cid: client, sub: client, aud: 'a' }, { clientIdClaim: 'cid' }],
    ['a client id in upper case', { ...rfc9068, client_id: client.toUpperCase(), sub: client.toUpperCase() }, {}],
    ['a required claim that is a list', { ...rfc9068, groups: ['a', 'b'] }, { requiredClaims: { groups: ['b', 'c'] } }],
  ])('%s', (_name, claims, settings) => {
    expect(read(claims, settings)).toMatchObject({ application: { id: client }, roles: [] });
  });
});

test('all audiences, the name of the token, and only roles that the issuer may give', () => {
  const claims = { ...entraV2, aud: ['a', 'b'], roles: ['Application.ReadWrite.All', 'Other'] };
  expect(read(claims, { appRoles: ['Other'] })).toEqual({
    application: { id: client, name: `Theirs ${client}` },
    audiences: ['a', 'b'],
    roles: ['Other'],
    tokenId: 'u',
  });
});

describe('refused', () => {
  test.each<[string, Members, Members, string, string]>([
    ['another tenant', entraV2, { foreignTenants: [stranger] }, 'tenant', tid],
    ['no tenant', rfc9068, { foreignTenants: [tid] }, 'tenant', 'missing'],
    ['a required claim that is missing', rfc9068, { requiredClaims: { hd: 'x' } }, 'claims', 'hd is missing'],
    ['a required claim of another value', { ...rfc9068, hd: 'X' }, { requiredClaims: { hd: 'x' } }, 'claims', 'hd is'],
    ['a required claim that is empty', { ...rfc9068, hd: '' }, { requiredClaims: { hd: '*' } }, 'claims', 'hd is'],
    ['true as text', { ...rfc9068, ok: 'true' }, { requiredClaims: { ok: true } }, 'claims', 'ok is'],
    ['bound to a key', { ...rfc9068, cnf: { jkt: 'x' } }, {}, 'claims', 'cnf'],
    ['no client id', { sub: client, aud: 'a' }, {}, 'malformed', 'names no client'],
    ['two client ids', { ...rfc9068, azp: stranger }, {}, 'malformed', 'or several'],
    ['a client id that is a number', { client_id: 7, sub: 7, aud: 'a' }, {}, 'malformed', 'names no client'],
    ['a client id that is a list', { client_id: [client], sub: client, aud: 'a' }, {}, 'malformed', 'names no client'],
    ['no audience', { ...rfc9068, aud: undefined }, {}, 'malformed', 'no audience'],
    ['an audience that is a number', { ...rfc9068, aud: 7 }, {}, 'malformed', 'no audience'],
    ['a client that is not listed', { ...rfc9068, client_id: stranger, sub: stranger }, {}, 'unknownClient', stranger],
    [
      'any application, but no GUID',
      { ...rfc9068, client_id: 'ats', sub: 'ats' },
      { applications: 'any' },
      'unknownClient',
      'ats',
    ],
    ['a user of Entra ID v1.0', { ...entraV1, sub: 'pairwise', scp: 'user_impersonation' }, {}, 'userToken', 'scp'],
    ['a user of Entra ID whose idtyp says so', { ...entraV2, idtyp: 'user' }, {}, 'userToken', 'idtyp'],
    ['a public client of Entra ID', { ...entraV2, azpacr: '0' }, {}, 'userToken', 'nothing in it says'],
    ['sub is not oid', { ...entraV2, sub: 'x' }, {}, 'userToken', 'nothing in it says'],
    [
      'a user of Keycloak',
      { ...keycloak, client_id: undefined, preferred_username: 'kari' },
      keycloakSettings,
      'userToken',
      'client_id is missing',
    ],
    [
      'a user of Keycloak without the setting',
      { ...keycloak, azp: client, client_id: client },
      {},
      'userToken',
      'preferred_username',
    ],
    [
      'a user who calls himself as the client is called',
      { ...rfc9068, email: 'x@example.com' },
      {},
      'userToken',
      'email',
    ],
    ['an ID token', { ...rfc9068, nonce: 'n' }, {}, 'userToken', 'nonce'],
    ['nothing that speaks of an application', { ...rfc9068, sub: 'kari' }, {}, 'userToken', 'nothing in it says'],
    [
      'idtyp user in spite of what tells applications',
      { ...keycloak, idtyp: 'user' },
      keycloakSettings,
      'userToken',
      'idtyp',
    ],
  ])('%s', (_name, claims, settings, problem, reason) => {
    expect(read(claims, settings)).toEqual({ problem, reason: expect.stringContaining(reason) });
  });
});
