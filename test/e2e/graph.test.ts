import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Output = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

describe.each(engines)('an administrator with the Graph client library on %s', (engine) => {
  let server: TestServer;
  let output: Output;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/graph-script.mjs', 'admin');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    output = JSON.parse(stdout) as Output;
  });
  afterAll(() => server.close());

  test('registers an application with a secret, a certificate and a federated credential', () => {
    expect(output['read']).toMatchObject({
      ...output['application'],
      passwordCredentials: [{ displayName: 'first', endDateTime: '2099-01-01T00:00:00Z', secretText: null }],
      keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify' }],
      federatedIdentityCredentials: [{ name: 'pipeline', audiences: ['api://AzureADTokenExchange'] }],
    });
  });

  test('grants it a permission, which its tokens carry for the directory only', () => {
    expect(output['roles']).toEqual(['Application.Read.All']);
    expect(output['audience']).toBe(server.url);
  });

  test('reads every page with the iterator of the library, each application once', () => {
    const { all, distinct, has } = output['byPages'] ?? {};
    expect({ has, distinct }).toEqual({ has: true, distinct: all });
    expect(all).toBeGreaterThan(5);
  });

  test('sorts, filters and counts', () => {
    expect(output['sorted']).toEqual({ count: 1, names: ['Registered by the library'] });
  });

  test.each([
    { what: 'refused', statusCode: 403, code: 'Authorization_RequestDenied' },
    { what: 'missing', statusCode: 404, code: 'Request_ResourceNotFound' },
    { what: 'notBuilt', statusCode: 501, code: 'NotImplemented' },
  ])('is told of $what by status, code and request id', ({ what, statusCode, code }) => {
    expect(output[what]).toMatchObject({
      name: 'Error',
      statusCode,
      code,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});
