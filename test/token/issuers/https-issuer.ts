import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JWTPayload, SignJWT } from 'jose';
import { ensureDevelopmentCertificates } from '../../../src/tls/development-ca.ts';
import { createAddressRules } from '../../../src/token/issuers/address-rules.ts';
import { createFetchJson, type FetchOptions, type Lookup } from '../../../src/token/issuers/fetch-json.ts';

/** Certificates for `localhost` and some names that lead there in tests, and the CA that clients trust. */
export interface TestCa {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  remove(): Promise<void>;
}

const issuerHost = 'issuer.portvakt.test';
export const otherHost = 'keys.portvakt.test';

export async function makeCa(): Promise<TestCa> {
  const folder = await mkdtemp(join(tmpdir(), 'portvakt-issuer-'));
  const pair = await ensureDevelopmentCertificates(folder, [issuerHost, otherHost], () => new Date());
  const caFile = join(folder, 'ca.pem');
  const ca = await readFile(caFile, 'utf8');
  const [certFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server-key.pem')];
  return { ...pair, ca, caFile, certFile, keyFile, remove: () => rm(folder, { recursive: true }) };
}

type Handler = (request: IncomingMessage, answer: ServerResponse) => void;

/** An HTTPS server whose answers a test writes. Counts what it is asked. */
export class TestIssuer {
  readonly paths: string[] = [];
  readonly #server: Server;
  handler: Handler = (_request, answer) => answer.writeHead(404).end();

  constructor({ cert, key }: TestCa) {
    this.#server = createServer({ cert, key }, (request, answer) => {
      this.paths.push(request.url ?? '');
      this.handler(request, answer);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  urlOf(host: string): string {
    return `https://${host}:${this.port}`;
  }

  get url(): string {
    return this.urlOf(issuerHost);
  }

  /** Serves JSON documents by path. */
  serve(documents: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}): void {
    this.handler = (request, answer) => {
      const document = documents[request.url ?? ''];
      if (document === undefined) answer.writeHead(404).end();
      else answer.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(document));
    };
  }

  /** A usual issuer with these keys. */
  publish(keys: readonly object[], headers: Readonly<Record<string, string>> = {}): void {
    const configuration = { issuer: this.url, jwks_uri: `${this.url}/keys` };
    this.serve({ '/.well-known/openid-configuration': configuration, '/keys': { keys } }, headers);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Names of this folder's tests lead to this machine. */
const testLookup: Lookup = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);

export const testFetch = (ca: TestCa, options: Partial<FetchOptions> = {}) =>
  createFetchJson({
    rules: createAddressRules(['127.0.0.1']),
    ca: [ca.ca],
    lookup: testLookup,
    timeoutMs: 2_000,
    ...options,
  });

export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** As an issuer publishes it. */
  readonly jwk: Record<string, unknown>;
}

export function rsaKey(kid: string, modulusLength = 2048): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

export function ecKey(kid: string, namedCurve = 'P-256'): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } };
}

/** A token that `key` signs; `undefined` in `header` leaves a member out. */
export function sign(
  key: TestKey,
  claims: JWTPayload & Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT', ...header })
    .sign(key.privateKey);
}
