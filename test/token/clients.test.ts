import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Directory } from '../../src/directory/directory.ts';
import { generateSecret } from '../../src/directory/secret.ts';
import { type Listener, listen } from '../../src/http/listener.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { ensureDevelopmentCertificates } from '../../src/tls/development-ca.ts';
import { TokenAuthority } from '../../src/token/authority.ts';
import { challengeFor } from '../../src/token/challenge.ts';
import { createResourceDirectory, dataverseAudience } from '../../src/token/resources.ts';
import { TokenVerifier } from '../../src/token/verify.ts';
import { MemoryStore } from '../support/memory-store.ts';

import { authenticateNow, makeKeys } from './world.ts';

interface Output {
  readonly msal: { readonly token: string; readonly type: string; readonly expires: string };
  readonly domain: string;
  readonly alias: string;
  readonly wrongSecret: Record<string, unknown>;
  readonly unknownTenant: Record<string, unknown>;
  readonly form: { readonly status: number; readonly body: Record<string, unknown> };
  readonly basic: { readonly status: number; readonly body: Record<string, unknown> };
  readonly http: Record<string, unknown>;
}

let folder: string;
let listener: Listener;
let output: Output;
let clientIdOf: (token: string) => string;
let clientId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-clients-'));
  const tls = await ensureDevelopmentCertificates(folder, [], () => new Date());
  let authority: TokenAuthority | undefined;
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls,
    surface: (request) => authority?.handle(request) ?? Promise.reject(new Error('not ready')),
    log: silentLog,
  });
  const publicUrl = `https://localhost:${listener.port}`;
  const aliases = [`127.0.0.1:${listener.port}`];
  const directory = await Directory.open(new MemoryStore());
  const tenant = await directory.createTenant({ displayName: 'Fjordheim', domains: ['fjordheim.example'] });
  const application = await directory.createApplication({ tenantId: tenant.id, displayName: 'ATS' });
  clientId = application.clientId;
  await directory.createServicePrincipal({ tenantId: tenant.id, clientId: application.clientId });
  const { text } = await directory.addPassword(application.id, { text: generateSecret({ reservedCharacters: true }) });
  const keys = makeKeys();
  const resources = createResourceDirectory([{ url: publicUrl, tenantId: tenant.id }]);
  authority = new TokenAuthority({ directory, resources, keys, publicUrl, aliases });
  const verifier = new TokenVerifier({ directory, keys, publicUrl });
  const challenge = challengeFor(publicUrl, tenant.id, publicUrl);
  clientIdOf = (token) =>
    authenticateNow(verifier, `Bearer ${token}`, {
      audiences: dataverseAudience(publicUrl),
      tenantId: tenant.id,
      now: new Date(),
      challenge,
    }).clientId;
  const script = join(import.meta.dirname, 'client-script.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    timeout: 60_000,
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      API_URL: publicUrl,
      AUTHORITY_URL: `${publicUrl}/${tenant.id}`,
      DOMAIN_AUTHORITY_URL: `${publicUrl}/fjordheim.example`,
      ALIAS_AUTHORITY_URL: `https://127.0.0.1:${listener.port}/${tenant.id}`,
      CLIENT_ID: clientId,
      CLIENT_SECRET: text,
      WRONG_SECRET: 'wrong',
    },
  });
  output = JSON.parse(stdout) as Output;
});

afterAll(async () => {
  await listener?.close();
  await rm(folder, { recursive: true, force: true });
});

test('msal-node gets a token with the tenant GUID', () => {
  expect(clientIdOf(output.msal.token)).toBe(clientId);
  expect(output.msal.type).toBe('Bearer');
  expect(new Date(output.msal.expires).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
});

test('msal-node gets a token with a verified domain', () => {
  expect(clientIdOf(output.domain)).toBe(clientId);
});

test('msal-node gets a token under an alias of the host', () => {
  expect(clientIdOf(output.alias)).toBe(clientId);
});

test('msal-node reports a wrong secret with its code', () => {
  expect(output.wrongSecret).toMatchObject({ name: 'ServerError', code: 'invalid_client', status: 401 });
  expect(output.wrongSecret['message']).toContain('7000215');
});

test('msal-node fails on a tenant that does not exist', () => {
  expect(output.unknownTenant['name']).toMatch(/Error$/);
});

test('fetch gets a token with a form and with Basic', () => {
  for (const answer of [output.form, output.basic]) {
    expect(answer.status).toBe(200);
    expect(clientIdOf(String(answer.body['access_token']))).toBe(clientId);
  }
});

test('msal-node itself refuses plain HTTP', () => {
  expect(output.http['code']).toBe('authority_uri_insecure');
});
