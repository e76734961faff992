import { createHash } from 'node:crypto';
import type { Configuration } from 'openid-client';
import type { Clock } from '../../kernel/clock.ts';
import { SignInRefusal } from '../problems.ts';
import { newToken } from '../rows.ts';
import { createGuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts';
import { type OpenIdSettings, operatorOf } from './settings.ts';

/** Loaded when somebody signs in that way. */
const library = () => import('openid-client');

/** Milliseconds for which the issuer's description of itself is taken as known. */
const knownFor = 3_600_000;

/** Lax, for the issuer leads back from another site; it opens nothing by itself. */
const cookieName = '__Host-portvakt-openid';
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=600';

/** Who has signed in elsewhere. */
export interface OpenIdResult {
  /** Name of the operator. */
  readonly operator: string;
  readonly returnTo: string;
}

/**
 * Sign-in with an outside issuer: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636). The browser holds one secret in a
 * cookie, of which state, nonce and code verifier are made: an answer counts in the browser that has asked for it alone,
 * and nothing is kept here meanwhile. That a code is good once is the issuer's to see to.
 */
export class OpenId {
  readonly settings: OpenIdSettings;
  readonly #fetch: ReturnType<typeof createGuardedFetch>;
  readonly #clock: Clock;
  #known: { readonly until: number; readonly configuration: Configuration } | undefined;

  constructor(settings: OpenIdSettings, fetching: GuardedFetchOptions, clock: Clock) {
    this.settings = settings;
    this.#fetch = createGuardedFetch(fetching);
    this.#clock = clock;
  }

  /** Where the browser goes, and the cookie that it keeps meanwhile. @throws SignInRefusal 503 */
  async begin(redirectUri: string, returnTo: string): Promise<{ readonly location: string; readonly cookie: string }> {
    const { buildAuthorizationUrl } = await library();
    const configuration = await this.#discover();
    const secret = newToken();
    const location = buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: redirectUri, scope: 'openid email', response_type: 'code' },
      ...{ state: madeOf(secret, 'state'), nonce: madeOf(secret, 'nonce') },
      code_challenge: createHash('sha256').update(madeOf(secret, 'verifier')).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const kept = `${secret}.${Buffer.from(returnTo).toString('base64url')}`;
    return { location: location.href, cookie: `${cookieName}=${kept}; ${attributes}` };
  }

  /**
   * Who is back from the issuer. The ID token's signature is verified although it came from the issuer itself.
   * @param address of the request: the redirect URI with what the issuer has added
   * @throws SignInRefusal 401, 403, 503
   */
  async finish(address: URL, cookies: string | undefined): Promise<OpenIdResult> {
    const kept = findKept(cookies);
    if (kept === undefined)
      throw new SignInRefusal('openIdRefused', 'this browser has not asked for it, or too long ago');
    const configuration = await this.#discover();
    const { authorizationCodeGrant } = await library();
    const tokens = await authorizationCodeGrant(configuration, address, {
      pkceCodeVerifier: madeOf(kept.secret, 'verifier'),
      expectedState: madeOf(kept.secret, 'state'),
      expectedNonce: madeOf(kept.secret, 'nonce'),
      idTokenExpected: true,
    }).catch((error: unknown) => {
      throw new SignInRefusal('openIdRefused', reasonOf(error));
    });
    const claims = tokens.claims();
    const operator = claims && operatorOf(this.settings.operators, claims);
    if (operator === undefined) throw new SignInRefusal('noOperator');
    return { operator, returnTo: kept.returnTo };
  }

  async #discover(): Promise<Configuration> {
    const now = this.#clock().getTime();
    if (this.#known !== undefined && this.#known.until > now) return this.#known.configuration;
    const configuration = await this.#ask().catch((error: unknown) => {
      throw new SignInRefusal('openIdUnavailable', reasonOf(error));
    });
    this.#known = { until: now + knownFor, configuration };
    return configuration;
  }

  async #ask(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const client = await library();
    const options = { [client.customFetch]: this.#fetch as never };
    const found = (
      await client.discovery(new URL(issuer), clientId, undefined, client.None(), options)
    ).serverMetadata();
    const proofs = found.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const bySecret = proofs.includes('client_secret_basic') ? client.ClientSecretBasic : client.ClientSecretPost;
    const proof = clientSecret === undefined ? client.None() : bySecret(clientSecret);
    const configuration = new client.Configuration(found, clientId, undefined, proof);
    configuration[client.customFetch] = this.#fetch as never;
    // Without this the library trusts the connection to the issuer, and does not look at signatures.
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }
}

/** Several secrets of one, none of which tells another one. */
const madeOf = (secret: string, what: 'state' | 'nonce' | 'verifier'): string =>
  createHash('sha256').update(`${what}:${secret}`).digest('base64url');

function findKept(cookies = ''): { readonly secret: string; readonly returnTo: string } | undefined {
  const found = cookies.split(';').flatMap((each) => {
    const [name, value = ''] = each.trim().split('=', 2);
    return name === cookieName ? [value] : [];
  });
  const [, secret, returnTo] = /^([\w-]{43})\.([\w-]{0,1000})$/.exec(found.length === 1 ? (found[0] ?? '') : '') ?? [];
  if (secret === undefined) return undefined;
  return { secret, returnTo: parseReturnTo(Buffer.from(returnTo ?? '', 'base64url').toString()) };
}

/** A page of the web app; anything else leads to its first one, and nobody is led elsewhere. */
export const parseReturnTo = (path: string | null): string =>
  path !== null && path.length <= 500 && /^\/app(?:\/[\w.~%-]+)*\/?$/.test(path) ? path : '/app/';

/** For the audit log: the library's words, which hold neither tokens nor secrets. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something was thrown that is no error';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const code = 'error' in error ? ` (${String(error.error)})` : '';
  return `${error.message}${code}${cause}`;
}
