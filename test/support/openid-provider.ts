import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { ask } from './client.ts';

/** A second authority, `oidc-provider` from npm over HTTPS, whose access tokens are JWT. */
export interface OpenIdProvider {
  readonly issuer: string;
  /** An access token by the client credentials grant, for this resource. */
  token(clientId: string, resource: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ProviderPlace {
  readonly certFile: string;
  readonly keyFile: string;
  readonly ca: string;
  /** Of clients that may ask for tokens. */
  readonly clientIds: readonly string[];
}

const secret = 'a secret of the second authority';

export async function startOpenIdProvider({
  certFile,
  keyFile,
  ca,
  clientIds,
}: ProviderPlace): Promise<OpenIdProvider> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  const server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const issuer = `https://localhost:${portOf(server)}`;
  server.on('request', makeProvider(issuer, clientIds).callback());
  return {
    issuer,
    token: (clientId, resource) => requestToken(ca, issuer, clientId, resource),
    stop: () => stop(server),
  };
}

function makeProvider(issuer: string, clientIds: readonly string[]): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new Provider(issuer, {
    clients: clientIds.map((client_id) => ({
      client_id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    cookies: { keys: ['not used by this grant'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'first', use: 'sig', alg: 'RS256' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3_600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

async function requestToken(ca: string, issuer: string, clientId: string, resource: string): Promise<string> {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64');
  const answer = await ask(ca, `${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }).toString(),
  });
  const body = answer.json();
  if (typeof body !== 'object' || body === null || !('access_token' in body)) throw new Error(answer.text);
  return String(body.access_token);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
