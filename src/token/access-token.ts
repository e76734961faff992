import { randomUUID } from 'node:crypto';
import { epochSeconds } from '../kernel/clock.ts';
import { issuerV1 } from './addresses.ts';
import type { ClientProof } from './client-authentication.ts';
import type { Resource } from './resources.ts';
import { type SigningKey, signToken } from './signing-key.ts';
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
 * An access token of version 1.0, which is what Dataverse gets from either endpoint (dataverse-web-api 1.6). The claims
 * are written by template: ids and times need no escaping, and next to the signature nothing here costs anything.
 */
export async function makeAccessToken(key: SigningKey, order: TokenOrder): Promise<AccessToken> {
  const { application, principal } = order.client;
  const now = epochSeconds(order.now);
  const [notBefore, expiresAt] = [now - backdating, now + order.lifetimeSeconds];
  const issuer = JSON.stringify(issuerV1(order.issuerBase, principal.tenantId));
  const tokenId = newTokenId();
  const payload = `{"aud":${JSON.stringify(order.audience)},"iss":${issuer},"iat":${notBefore},"nbf":${notBefore},"exp":${expiresAt},"appid":"${application.clientId}","appidacr":"${order.proof.kind}","idp":${issuer},"idtyp":"app","oid":"${principal.id}",${rolesClaim(order)}"sub":"${principal.id}","tid":"${principal.tenantId}","uti":"${tokenId}","ver":"1.0"}`;
  const text = await signToken(key, payload);
  return { text, audience: order.audience, notBefore, expiresAt, expiresIn: order.lifetimeSeconds, tokenId };
}

/** `uti`. From a UUID: Node.js draws randomness for many of those at once, and for each `randomBytes` anew. */
const newTokenId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');

/** Application permissions are granted on Microsoft Graph only; the claim is absent when there are none. */
function rolesClaim({ resource, client }: TokenOrder): string {
  const roles = resource.api === 'graph' ? client.principal.appRoles : [];
  return roles.length === 0 ? '' : `"roles":${JSON.stringify(roles)},`;
}
