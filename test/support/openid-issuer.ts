import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type TestCa, TestIssuer } from '../token/issuers/https-issuer.ts';

export const openIdClient = { id: 'portvakt web app', secret: 'between the two of us' } as const;

/** What an issuer does that is broken, or in somebody else's hands. */
export interface Misdeed {
  /** Claims of the ID token; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly isUnsigned?: boolean;
  /** Signed with a key that it has not published. */
  readonly isForged?: boolean;
  readonly hasNoIdToken?: boolean;
}

interface Code {
  readonly asked: URLSearchParams;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly misdeed: Misdeed;
}

/** An OpenID Connect issuer whose people sign in at once. Checks what a client must send, as good ones do. */
export class OpenIdIssuer {
  readonly #server: TestIssuer;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #codes = new Map<string, Code>();
  /** Who signs in at its page. */
  person: Readonly<Record<string, unknown>> = {};

  constructor(ca: TestCa) {
    this.#server = new TestIssuer(ca);
  }

  get url(): string {
    return this.#server.urlOf('localhost');
  }

  async start(): Promise<this> {
    await this.#server.start();
    const key = { ...(await exportJWK(this.#key.publicKey)), kid: 'first', use: 'sig', alg: 'RS256' };
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': {
        ...{ issuer: this.url, jwks_uri: `${this.url}/keys`, authorization_endpoint: `${this.url}/authorize` },
        ...{ token_endpoint: `${this.url}/token`, response_types_supported: ['code'] },
      },
      '/keys': { keys: [key] },
    };
    this.#server.handler = async (request, answer) => {
      if (request.url?.startsWith('/authorize?') === true) {
        const back = this.signIn(`${this.url}${request.url}`, this.person);
        answer.writeHead(302, { Location: back.href }).end();
        return;
      }
      const document = documents[request.url ?? ''] ?? (await this.#token(request));
      answer.writeHead('error' in document ? 400 : 200, { 'Content-Type': 'application/json' });
      answer.end(JSON.stringify(document));
    };
    return this;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** What the browser of somebody who has signed in is led back to. @param location where the client has led it */
  signIn(location: string, claims: Readonly<Record<string, unknown>>, misdeed: Misdeed = {}): URL {
    const asked = new URL(location).searchParams;
    const code = randomUUID();
    this.#codes.set(code, { asked, claims, misdeed });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    return back;
  }

  async #token(request: IncomingMessage): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = new URLSearchParams(Buffer.concat(chunks).toString());
    const code = this.#codes.get(sent.get('code') ?? '');
    this.#codes.delete(sent.get('code') ?? '');
    const proof = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    const { id, secret } = openIdClient;
    const words = [id, secret].map((each) => encodeURIComponent(each).replaceAll('%20', '+'));
    const isClient = request.headers.authorization === `Basic ${Buffer.from(words.join(':')).toString('base64')}`;
    if (!isClient) return { error: 'invalid_client' };
    if (code === undefined || code.asked.get('code_challenge') !== proof) return { error: 'invalid_grant' };
    const answer = { access_token: 'not looked at', token_type: 'Bearer', expires_in: 60 };
    return code.misdeed.hasNoIdToken === true ? answer : { ...answer, id_token: await this.#idToken(code) };
  }

  #idToken({ asked, claims, misdeed }: Code): string | Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.url, aud: openIdClient.id, iat: now, exp: now + 60, nonce: asked.get('nonce') };
    const payload: JWTPayload = JSON.parse(JSON.stringify({ ...usual, ...claims, ...misdeed.claims }));
    if (misdeed.isUnsigned === true) return new UnsecuredJWT(payload).encode();
    const { privateKey } = misdeed.isForged === true ? this.#other : this.#key;
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'first' }).sign(privateKey);
  }
}
