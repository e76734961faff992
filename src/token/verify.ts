import type { Directory } from '../directory/directory.ts';
import { isUsableIn } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import type { ConditionId } from '../kernel/cause.ts';
import { epochSeconds } from '../kernel/clock.ts';
import type { Guid, TenantId } from '../kernel/ids.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import { Refusal } from '../kernel/refusal.ts';
import { issuerV1 } from './addresses.ts';
import { parseBase64url } from './base64url.ts';
import type { Caller } from './caller.ts';
import { challengeHeader } from './challenge.ts';
import { type Claims, parseClaims } from './claims.ts';
import { describeMisdirected, type OutsideAddressee, type OutsideIssuers } from './issuers/outside-issuers.ts';
import type { AudienceTest } from './resources.ts';
import { isSignedBy, type SigningKeys } from './signing-key.ts';
import { VerifiedTokens } from './verified-tokens.ts';
import { type VerifyProblemName, verifyProblem } from './verify-problems.ts';

/** What a surface demands of a token. */
export interface ExpectedToken {
  readonly audiences: AudienceTest;
  /** The tenant of the environment; `any`: every tenant of the directory (Microsoft Graph). */
  readonly tenantId: TenantId | 'any';
  readonly now: Date;
  /** Members of the challenge that go on a refusal (`challengeFor`). */
  readonly challenge: string;
  /** Absent: tokens of outside issuers are not accepted. */
  readonly outside?: OutsideAddressee;
}

export interface TokenVerifierOptions {
  readonly directory: Directory;
  readonly keys: SigningKeys;
  /** As the authority's: base of the issuer. */
  readonly publicUrl: string;
  /** Verified tokens kept in memory, some 2 kB each. */
  readonly cacheLimit?: number;
  /** Issuers besides our own; default: none. */
  readonly outside?: OutsideIssuers;
  /** `false` where our own authority is turned off; default `true`. */
  readonly acceptsOwn?: boolean;
}

/** Longest token that is looked at. Ours are about 900 characters; many roles make them longer. */
const tokenLimit = 8192;
/** Seconds by which `nbf` may lie ahead. Tokens end exactly at `exp`: clients ask for new ones minutes before. */
const notBeforeSkew = 60;

/** The first stage of every request: `Authorization` header to `Caller`. */
export class TokenVerifier {
  readonly #directory: Directory;
  readonly #publicUrl: string;
  readonly #keys: SigningKeys;
  readonly #verified: VerifiedTokens;
  readonly #outside: OutsideIssuers | undefined;
  readonly #acceptsOwn: boolean;

  constructor({ directory, keys, publicUrl, cacheLimit = 10_000, outside, acceptsOwn = true }: TokenVerifierOptions) {
    this.#acceptsOwn = acceptsOwn;
    this.#directory = directory;
    this.#outside = outside?.isEmpty === false ? outside : undefined;
    this.#publicUrl = publicUrl;
    this.#keys = keys;
    this.#verified = new VerifiedTokens(cacheLimit);
    keys.onRemoved(() => this.#verified.clear());
    directory.onChange((change) => {
      if (change.kind === 'application') this.#verified.forget(change.clientId);
      else this.#verified.clear();
    });
  }

  /** How many verified tokens are kept. */
  get cacheSize(): number {
    return this.#verified.size;
  }

  /**
   * Who sent this header: at once when the token is one of ours or was seen before, later when it is one of an outside
   * issuer, whose keys may have to be fetched.
   * @throws Refusal 401 with the challenge, or rejects with it. The token itself is in no message.
   */
  authenticate(authorization: string | undefined, expected: ExpectedToken): MaybePromise<Caller> {
    const token = parseBearer(authorization);
    if (token === undefined) throw refusal('missing', expected, 'no bearer token was sent');
    const known = this.#verified.find(token, expected.now);
    if (known !== undefined) return checkAddressee(known, expected);
    if (this.#outside !== undefined && !this.#isOurs(token)) return this.#askOutside(this.#outside, token, expected);
    if (!this.#acceptsOwn) throw refusal('issuer', expected, 'our own authority is turned off');
    const caller = this.#verify(token, expected);
    this.#verified.add(token, caller);
    return checkAddressee(caller, expected);
  }

  #isOurs(token: string): boolean {
    return this.#keys.find(token.slice(0, Math.max(0, token.indexOf('.')))) !== undefined;
  }

  async #askOutside(outside: OutsideIssuers, token: string, expected: ExpectedToken): Promise<Caller> {
    const caller = await outside.verify(token, expected.now);
    if ('problem' in caller) throw refusal(caller.problem, expected, caller.reason);
    this.#verified.add(token, caller);
    return checkAddressee(caller, expected);
  }

  #verify(token: string, expected: ExpectedToken): Caller {
    const claims = this.#readClaims(token, expected);
    const now = epochSeconds(expected.now);
    const whose = `the token ${claims.tokenId} of ${claims.clientId}`;
    if (claims.issuer !== issuerV1(this.#publicUrl, claims.tenantId)) {
      throw refusal('issuer', expected, `${whose} was issued by '${claims.issuer}'`, { claims });
    }
    if (claims.expiresAt <= now) {
      throw refusal('expired', expected, `${whose} expired ${now - claims.expiresAt} seconds ago`, { claims });
    }
    if (claims.notBefore > now + notBeforeSkew) {
      throw refusal('notYetValid', expected, `${whose} is valid in ${claims.notBefore - now} seconds`, { claims });
    }
    const fault = findClientFault(this.#directory.current, claims);
    if (fault !== undefined) {
      throw refusal(fault.name, expected, `${whose}: ${fault.reason}`, { claims, condition: fault.condition });
    }
    const { clientId, tenantId, objectId, audience, roles, tokenId } = claims;
    return { clientId, tenantId, objectId, audience, roles, expiresAt: new Date(claims.expiresAt * 1000), tokenId };
  }

  /**
   * Signature first, claims after. The key is found by the whole text of the header segment: it must be one that we
   * write, byte for byte. So there is no other algorithm to be talked into, and no `jku`, `jwk` or `x5u` to follow.
   */
  #readClaims(token: string, expected: ExpectedToken): Claims {
    const [header = '', payload = '', signature = '', ...more] = token.length > tokenLimit ? [] : token.split('.');
    const key = this.#keys.find(header);
    const signatureBytes = parseBase64url(signature);
    const payloadBytes = parseBase64url(payload);
    if (key === undefined || more.length > 0 || signatureBytes === undefined || payloadBytes === undefined) {
      throw refusal('malformed', expected, describeForeign(token, header, key !== undefined));
    }
    if (!isSignedBy(key, `${header}.${payload}`, signatureBytes)) {
      throw refusal('signature', expected, `the signature is not of our key ${key.kid}`);
    }
    const claims = parseClaims(payloadBytes.toString('utf8'));
    if (claims === undefined) throw refusal('malformed', expected, 'signed by us, but no access token of version 1.0');
    return claims;
  }
}

/** Why an application may not be let in any more, although it has a token. */
export interface ClientFault {
  readonly name: VerifyProblemName;
  readonly reason: string;
  readonly condition: ConditionId;
}

/**
 * A token ends with its application, and with its service principal: a new one has another object id.
 * @param objectId of the token; absent: whichever there is
 */
export function findClientFault(
  directory: DirectorySnapshot,
  { clientId, tenantId, objectId }: Pick<Claims, 'clientId' | 'tenantId'> & { readonly objectId?: Guid },
): ClientFault | undefined {
  const gone = (condition: ConditionId, reason: string) => ({ name: 'clientGone', condition, reason }) as const;
  const application = directory.findApplication(clientId);
  if (application === undefined) return gone('application', 'the application was deleted');
  if (!isUsableIn(application, tenantId)) {
    return gone('tenant', `the application is for tenant ${application.tenantId} only now`);
  }
  const principal = directory.findServicePrincipal(tenantId, clientId);
  if (principal === undefined) return gone('consent', `its service principal in tenant ${tenantId} was deleted`);
  if (objectId !== undefined && principal.id !== objectId) {
    return gone('token', `its service principal ${objectId} was deleted and made anew`);
  }
  const reason = `its service principal ${principal.id} is disabled`;
  return principal.accountEnabled ? undefined : { name: 'clientDisabled', condition: 'application-enabled', reason };
}

/** Checked on every request: one cache serves surfaces that expect different audiences. */
function checkAddressee(caller: Caller, expected: ExpectedToken): Caller {
  const { tenantId, audience, clientId, tokenId } = caller;
  if (expected.tenantId !== 'any' && tenantId !== expected.tenantId) {
    const reason = `the token ${tokenId} of ${clientId} is of tenant ${tenantId}, the environment of ${expected.tenantId}`;
    throw refusal('tenant', expected, reason, { claims: caller, condition: 'tenant' });
  }
  if (caller.outside !== undefined) {
    const misdirected = describeMisdirected(caller.outside, expected.outside);
    if (misdirected !== undefined) throw refusal('audience', expected, misdirected, { claims: caller });
  } else if (!expected.audiences(audience)) {
    throw refusal('audience', expected, `the token ${tokenId} of ${clientId} is for '${audience}'`, { claims: caller });
  }
  return caller;
}

/** Why a token cannot be one of ours, for the log: the client is told no more than that. */
function describeForeign(token: string, header: string, isOurs: boolean): string {
  if (token.length > tokenLimit) return `the token has ${token.length} characters, more than ${tokenLimit}`;
  if (isOurs) return 'the token has our header, but its other segments are no canonical base64url, or too many';
  const text = Buffer.from(header, 'base64url').toString('latin1').slice(0, 200);
  return `the header of the token is none of ours: ${text.replace(/[^\x20-\x7e]/g, '?')}`;
}

/** RFC 6750 section 2.1. Another scheme is as good as none. */
function parseBearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  return authorization.slice(7).trim() || undefined;
}

/** What a verified signature told, and which condition it is that was not met: the token itself where none is named. */
interface RefusalFacts {
  readonly claims: Pick<Claims, 'clientId' | 'tenantId' | 'objectId' | 'audience'>;
  readonly condition?: ConditionId;
}

/** `reason` is the true one, for the log alone. */
function refusal(name: VerifyProblemName, expected: ExpectedToken, reason: string, facts?: RefusalFacts): Refusal {
  const headers = { 'WWW-Authenticate': challengeHeader(expected.challenge, name) };
  return new Refusal('authenticate', verifyProblem(name), reason, headers).because({
    condition: facts?.condition ?? 'token',
    data: { problem: name, ...(facts !== undefined && namesOf(facts.claims)) },
  });
}

const namesOf = ({ clientId, tenantId, objectId, audience }: RefusalFacts['claims']) => ({
  clientId,
  tenantId,
  objectId,
  audience: String(audience),
});
