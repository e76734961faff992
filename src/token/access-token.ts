import { randomUUID } from 'node:crypto';
import { epochSeconds } from '../kernel/clock.ts';
import { issuerV1, issuerV2 } from './addresses.ts';
import type { ClientProof } from './client-authentication.ts';
import type { Resource } from './resources.ts';
import { headerV2, type SigningKey, signToken } from './signing-key.ts';
import type { Client } from './token-request.ts';

/** `iat` and `nbf` lie this many seconds back, so that a server whose clock is behind accepts the token. */
const backdating = 300;

/** What a token is made of. */
export interface TokenOrder {
  readonly client: Client;
  readonly resource: Resource;
  /** `aud`: the resource identifier as it was asked for. */
  readonly audience: string;
  readonly proof: ClientProof;
}

/** What is the same for every token of one moment. */
export interface TokenTerms {
  readonly key: SigningKey;
  readonly issuerBase: string;
  readonly lifetimeSeconds: number;
  readonly now: Date;
}

export interface AccessToken {
  readonly text: string;
  readonly audience: string;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly expiresIn: number;
  /** `uti`: names the token without being it. */
  readonly tokenId: string;
}

/**
 * An access token. The resource decides the version, whichever endpoint was asked (dataverse-web-api 1.6): 1.0 for all of
 * ours, since that is what Dataverse gets.
 */
export async function makeAccessToken(terms: TokenTerms, order: TokenOrder): Promise<AccessToken> {
  const { key, issuerBase, lifetimeSeconds: expiresIn } = terms;
  const { resource } = order;
  const now = epochSeconds(terms.now);
  const isV2 = resource.api === 'application' && resource.application.requestedAccessTokenVersion === 2;
  const frame: Frame = {
    audience: isV2 ? resource.application.clientId : order.audience,
    notBefore: now - backdating,
    expiresAt: now + expiresIn,
    tokenId: newTokenId(),
    issuerBase,
  };
  const text = isV2
    ? await signToken(key, claimsV2(order, frame), headerV2(key))
    : await signToken(key, claimsV1(order, frame));
  const { audience, notBefore, expiresAt, tokenId } = frame;
  return { text, audience, notBefore, expiresAt, expiresIn, tokenId };
}

/** Claims that do not come from the order. */
interface Frame {
  readonly audience: string;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly tokenId: string;
  readonly issuerBase: string;
}

/** By template: ids and times need no escaping, and next to the signature nothing here costs anything. */
function claimsV1(order: TokenOrder, { audience, notBefore, expiresAt, tokenId, issuerBase }: Frame): string {
  const { application, principal } = order.client;
  const issuer = JSON.stringify(issuerV1(issuerBase, principal.tenantId));
  return `{"aud":${JSON.stringify(audience)},"iss":${issuer},"iat":${notBefore},"nbf":${notBefore},"exp":${expiresAt},"appid":"${application.clientId}","appidacr":"${order.proof.kind}","idp":${issuer},"idtyp":"app","oid":"${principal.id}",${rolesClaim(order)}"sub":"${principal.id}","tid":"${principal.tenantId}","uti":"${tokenId}","ver":"1.0"}`;
}

function claimsV2({ client, proof }: TokenOrder, frame: Frame): string {
  const { application, principal } = client;
  return JSON.stringify({
    aud: frame.audience,
    iss: issuerV2(frame.issuerBase, principal.tenantId),
    iat: frame.notBefore,
    nbf: frame.notBefore,
    exp: frame.expiresAt,
    azp: application.clientId,
    azpacr: proof.kind,
    idtyp: 'app',
    oid: principal.id,
    sub: principal.id,
    tid: principal.tenantId,
    uti: frame.tokenId,
    ver: '2.0',
  });
}

/** `uti`. From a UUID: Node.js draws randomness for many of those at once, and for each `randomBytes` anew. */
const newTokenId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');

/** Application permissions are granted on Microsoft Graph only; the claim is absent when there are none. */
function rolesClaim({ resource, client }: TokenOrder): string {
  const roles = resource.api === 'graph' ? client.principal.appRoles : [];
  return roles.length === 0 ? '' : `"roles":${JSON.stringify(roles)},`;
}
