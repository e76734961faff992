import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyEngine } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const ways = [
  { way: 'msal-node, secret', kind: '1' },
  { way: 'msal-node, certificate by SHA-256', kind: '2' },
  { way: 'msal-node, certificate by SHA-1', kind: '2' },
  { way: 'msal-node, certificate with its chain', kind: '2' },
  { way: 'msal-node, assertion callback', kind: '2' },
  { way: 'msal-node, assertion text', kind: '2' },
  { way: 'azure-identity, secret', kind: '1' },
  { way: 'azure-identity, certificate file', kind: '2' },
  { way: 'azure-identity, certificate with its chain', kind: '2' },
  { way: 'azure-identity, assertion callback', kind: '2' },
  { way: 'openid-client, client_secret_post', kind: '1' },
  { way: 'openid-client, client_secret_basic', kind: '1' },
  { way: 'openid-client, private_key_jwt by RS256', kind: '2' },
  { way: 'openid-client, private_key_jwt by PS256 with kid', kind: '2' },
  { way: 'oauth4webapi, client_secret_post', kind: '1' },
  { way: 'oauth4webapi, client_secret_basic', kind: '1' },
  { way: 'oauth4webapi, private_key_jwt by RS256', kind: '2' },
  { way: 'oauth4webapi, private_key_jwt by PS256 with kid', kind: '2' },
] as const;

const refusals = [
  { library: 'msal-node', says: ['ServerError', 'invalid_client', 'AADSTS700027', 'The key was not found'] },
  { library: 'azure-identity', says: ['AuthenticationRequiredError', 'AADSTS7000215'] },
  { library: 'openid-client', says: ['ResponseBodyError', 'invalid_client', 'AADSTS7000215'] },
  // RFC 6749 section 5.2 demands a challenge here, and the library looks no further than that.
  { library: 'openid-client with Basic', says: ['WWWAuthenticateChallengeError'] },
  { library: 'oauth4webapi', says: ['ResponseBodyError', 'invalid_client', 'AADSTS7000215'] },
] as const;

describe('token libraries with ordinary settings, over HTTPS', () => {
  let server: TestServer;
  let output: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  let user: unknown;
  beforeAll(async () => {
    server = await startTestServer(anyEngine);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/token-script.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    output = JSON.parse(stdout) as typeof output;
    user = (await server.api('WhoAmI')).json();
  });
  afterAll(() => server.close());

  test.each(ways)('$way: a token that the Web API takes', ({ way, kind }) => {
    expect(output[way]).toEqual({ status: 200, user: (user as { UserId: string }).UserId, kind });
  });

  test.each(refusals)('$library tells its user why a credential was refused', ({ library, says }) => {
    for (const words of says) expect(output['refusals']?.[library]).toContain(words);
  });

  test('every way of the script is in the table', () => {
    expect(Object.keys(output).filter((name) => name !== 'refusals')).toEqual(ways.map(({ way }) => way));
  });
});
