import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyEngine } from '../support/database.ts';
import { entryOf } from '../support/read-audit.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(anyEngine);
});
afterAll(() => server.close());

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const json = 'application/json';

test.each([
  { path: '/api/data/v9.2/WhoAmI', as: 'ats', header: 'req_id', isAudited: true },
  { path: '/api/data/v9.2/$metadata', as: 'ats', header: 'req_id', isAudited: true },
  { path: '/api/data/v9.2/WhoAmI', header: 'req_id', isAudited: true },
  { path: '/api/data/v9.2/nothing', as: 'ats', header: 'req_id', isAudited: true },
  { path: '/api/data/v8.0/WhoAmI', header: 'req_id', isAudited: true },
  { path: '/api/data/v9.2/$batch', as: 'ats', method: 'POST', header: 'req_id', isAudited: true },
  { path: '/data/SystemUsers', header: 'x-ms-request-id', isAudited: true },
  { path: '/data/Nothing', as: 'admin', header: 'x-ms-request-id', isAudited: true },
  { path: '/v1.0/applications', header: 'request-id', isAudited: true },
  { path: '/v1.0/nothing', as: 'admin', header: 'request-id', isAudited: true },
  { path: '/portvakt/v1/tenants', as: 'ats', header: 'request-id', isAudited: true },
  { path: '/portvakt/v1/nothing', as: 'admin', header: 'request-id', isAudited: true },
  { path: '/common/oauth2/v2.0/token', method: 'POST', header: 'x-ms-request-id', isAudited: true },
  { path: '/common/adminconsent', header: 'x-ms-request-id', isAudited: true },
  { path: '/common/discovery/v2.0/keys', header: 'x-ms-request-id' },
  { path: '/common/v2.0/.well-known/openid-configuration', header: 'x-ms-request-id' },
  { path: '/nothing-at-all', header: 'x-ms-request-id' },
  { path: '/metrics', header: 'x-ms-request-id' },
  { path: '/healthz', header: 'x-ms-request-id' },
] as const)('$path names its request in $header', async (asked) => {
  const { path, header } = asked;
  const method = 'method' in asked ? asked.method : 'GET';
  const as = 'as' in asked ? { as: asked.as } : {};
  const answer = await server.ask(path, { method, headers: { accept: json }, ...as });
  expect(answer.headers[header]).toMatch(guid);
  if ('isAudited' in asked)
    expect((await entryOf(server, answer.headers[header])).requestId).toBe(answer.headers[header]);
});

test('a client that sends its own id finds the request by it', async () => {
  const own = '5b0f1c2e-7777-4abc-8def-0123456789ab';
  await server.ask('/v1.0/applications', { headers: { 'client-request-id': own } });
  expect((await entryOf(server, own)).correlationId).toBe(own);
});
