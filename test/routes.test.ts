import { expect, test } from 'vitest';
import type { HttpRequest, Surface } from '../src/kernel/http.ts';
import { createRoutes } from '../src/routes.ts';

const named =
  (name: string): Surface =>
  async () => ({ status: 200, headers: {}, body: name });

const surfaces = {
  webApi: named('web api'),
  finops: named('finops'),
  graph: named('graph'),
  admin: named('admin'),
  consent: named('consent'),
  token: named('token'),
  webApp: named('web app'),
  metrics: named('metrics'),
};
const get = (url: string): HttpRequest => ({
  method: 'GET',
  url,
  host: 'localhost',
  headers: {},
  body: Buffer.alloc(0),
});

test.each([
  { url: '/api/data/v9.2/WhoAmI', status: 200, body: 'web api' },
  { url: '/data/SystemUsers', status: 200, body: 'finops' },
  { url: '/v1.0/applications', status: 200, body: 'graph' },
  { url: '/common/discovery/instance?api-version=1.1', status: 200, body: 'token' },
  { url: '/nordlys.example/oauth2/v2.0/token', status: 200, body: 'token' },
  { url: '/error?code=7000215', status: 200, body: 'token' },
  { url: '/healthz', status: 200, body: 'ok\n' },
  { url: '/readyz', status: 200, body: 'ready\n' },
  { url: '/', status: 200, body: 'web app' },
  { url: '/app/anything?x=/api', status: 200, body: 'web app' },
  { url: '/metrics', status: 200, body: 'metrics' },
  { url: '/XRMServices/2011', status: 501, body: 'the SOAP organization service is not built yet; see docs/urls.md\n' },
  { url: '/portvakt/v1/tenants', status: 200, body: 'admin' },
  { url: '/nordlys.example/adminconsent?client_id=x', status: 200, body: 'consent' },
  { url: '/common/v2.0/adminconsent', status: 200, body: 'consent' },
  { url: '/api/adminconsent', status: 200, body: 'web api' },
  {
    url: 'https://elsewhere.example/api/data/v9.2/WhoAmI',
    status: 404,
    body: 'nothing is served here; see docs/urls.md\n',
  },
  { url: '/favicon.ico', status: 404, body: 'nothing is served here; see docs/urls.md\n' },
])('$url is answered with $status by $body', async ({ url, status, body }) => {
  const answer = await createRoutes({ ...surfaces, isReady: () => true })(get(url));
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
});

test.each([
  { url: '/healthz', status: 200 },
  { url: '/readyz', status: 503 },
  { url: '/api/data/v9.2/WhoAmI', status: 503 },
])('$url answers $status before the server is ready', async ({ url, status }) => {
  expect((await createRoutes({ ...surfaces, isReady: () => false })(get(url))).status).toBe(status);
});
