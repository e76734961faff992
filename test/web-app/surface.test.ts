import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpRequest } from '../../src/kernel/http.ts';
import { createWebAppSurface } from '../../src/web-app/surface.ts';

let parent: string;
let folder: string;
const script = `console.log(${JSON.stringify('x'.repeat(2000))});\n`;
const index = '<!doctype html><meta property="csp-nonce" nonce="__PORTVAKT_NONCE__"><p>the app</p>';

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'portvakt-web-app-'));
  folder = join(parent, 'admin-ui');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(parent, 'secret.txt'), 'not to be served');
  await writeFile(join(folder, 'index.html'), index);
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), script);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): HttpRequest => ({
  method,
  url,
  host: 'localhost',
  headers,
  body: Buffer.alloc(0),
});
const ask = (...request: Parameters<typeof get>) => createWebAppSurface(folder)(get(...request));

test.each([
  { url: '/', status: 302 },
  { url: '/?next=https://elsewhere.example', status: 302 },
  { url: '/app', status: 302 },
  { url: '/app/', status: 200, type: 'text/html; charset=utf-8' },
  { url: '/app/users?page=2', status: 200, type: 'text/html; charset=utf-8' },
  { url: '/app/index.html', status: 200, type: 'text/html; charset=utf-8' },
  { url: '/app/favicon.svg', status: 200, type: 'image/svg+xml' },
  { url: '/app/assets/index-1a2b.js', status: 200, type: 'text/javascript; charset=utf-8' },
  { url: '/app/assets/gone.js', status: 404 },
  { url: '/app/users', accept: 'application/json', status: 404 },
  { url: '//elsewhere.example/', status: 404 },
])('$url ($accept) answers $status', async ({ url, accept, status, type }) => {
  const answer = await ask(url, accept === undefined ? {} : { accept });
  expect(answer.status).toBe(status);
  if (type !== undefined) expect(answer.headers['Content-Type']).toBe(type);
  if (status === 302) expect(answer.headers['Location']).toBe('/app/');
  expect(answer.headers).toMatchObject({
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': expect.stringContaining('camera=()'),
  });
});

test('the page has a nonce of its own in every answer, and allows no other script or style, and no frame', async () => {
  const answers = [await ask('/app/'), await ask('/app/')];
  const nonces = answers.map(
    ({ headers }) => /'nonce-([\w-]{24})'/.exec(headers['Content-Security-Policy'] ?? '')?.[1],
  );
  expect(new Set(nonces).size).toBe(2);
  answers.forEach(({ body, headers }, at) => {
    expect(body).toBe(index.replace('__PORTVAKT_NONCE__', nonces[at] ?? ''));
    expect(headers['Content-Security-Policy']).not.toContain('unsafe');
    expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'");
    expect(headers['Cache-Control']).toBe('no-store');
  });
});

test.each([
  '/app/../secret.txt',
  '/app/..%2fsecret.txt',
  '/app/%2e%2e/secret.txt',
  '/app/assets/../../secret.txt',
  '/app/assets/..%5c..%5csecret.txt',
  '/app/....//secret.txt',
  '/app//etc/passwd',
  '/app/%00/../secret.txt',
])('%s leads out of the folder nowhere', async (url) => {
  const answer = await ask(url, { accept: 'text/html' });
  expect(String(answer.body)).not.toContain('not to be served');
  expect(String(answer.body)).not.toContain('root:');
  // The address is the app's own to make sense of: the page, or nothing.
  expect([200, 404]).toContain(answer.status);
  if (answer.status === 200) expect(String(answer.body)).toContain('the app');
});

test.each([
  { accepted: 'gzip, deflate, br', encoding: 'br', open: brotliDecompressSync },
  { accepted: 'gzip', encoding: 'gzip', open: gunzipSync },
  { accepted: 'br;q=0, gzip;q=0.5', encoding: 'gzip', open: gunzipSync },
])('a script is sent compressed to who accepts $accepted, and kept for ever', async ({ accepted, encoding, open }) => {
  const answer = await ask('/app/assets/index-1a2b.js', { 'accept-encoding': accepted });
  expect(answer.headers).toMatchObject({
    'Content-Encoding': encoding,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  });
  expect(open(answer.body as Buffer).toString()).toBe(script);
  const again = await ask('/app/assets/index-1a2b.js', { 'if-none-match': answer.headers['ETag'] ?? '' });
  expect(again).toMatchObject({ status: 304, body: '' });
});

test('what was built again is served at once', async () => {
  const surface = createWebAppSurface(folder);
  expect(String((await surface(get('/app/'))).body)).toContain('the app');
  await writeFile(join(folder, 'index.html'), `${index} built again`);
  await utimes(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5000));
  expect(String((await surface(get('/app/'))).body)).toContain('built again');
});

test('without a build it says how to make one, and nothing but reading is answered', async () => {
  const surface = createWebAppSurface(join(parent, 'nothing'));
  expect(await surface(get('/app/'))).toMatchObject({ status: 501, body: expect.stringContaining('npm run build') });
  expect(await surface(get('/app/', {}, 'POST'))).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
});
