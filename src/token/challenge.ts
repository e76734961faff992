import type { TenantId } from '../kernel/ids.ts';
import { type VerifyProblemName, verifyProblems } from './verify-problems.ts';

/**
 * What a client that has no token is told: where to ask for one, and for which resource (dataverse-web-api 2.4). Values
 * are unquoted, as documented; clients parse the list strictly.
 * @param authority origin of our own; `undefined` when it is turned off
 * @param resource origin of the environment, without a trailing slash
 * @param authorizationUri of the outside issuer that takes our authority's place
 */
export function challengeFor(
  authority: string | undefined,
  tenantId: TenantId,
  resource: string,
  authorizationUri = authority && `${authority}/${tenantId}/oauth2/authorize`,
): string {
  return withAuthorizationUri(authorizationUri, `resource_id=${resource}/`);
}

/** Where nobody is known to ask, the client is told of the resource alone. */
export const withAuthorizationUri = (uri: string | undefined, resource: string): string =>
  uri === undefined ? resource : `authorization_uri=${uri}, ${resource}`;

/** Value of `WWW-Authenticate`. The error stands in it only when a token was there (RFC 6750 section 3.1). */
export function challengeHeader(challenge: string, problem: VerifyProblemName): string {
  if (problem === 'missing') return `Bearer ${challenge}`;
  return `Bearer error=invalid_token, error_description="${verifyProblems[problem].text}", ${challenge}`;
}
