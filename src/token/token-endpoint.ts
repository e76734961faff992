import type { Directory } from '../directory/directory.ts';
import { type AccessToken, makeAccessToken } from './access-token.ts';
import { parseBasic } from './basic.ts';
import type { AuthenticationServices } from './client-authentication.ts';
import { parseForm } from './form.ts';
import { grants } from './grants/all-grants.ts';
import { TokenRefusal } from './problems.ts';
import type { ResourceDirectory } from './resources.ts';
import type { SigningKeys } from './signing-key.ts';
import { getTenant } from './tenant-segment.ts';
import type { TokenAttempt } from './token-attempt.ts';
import type { EndpointVersion } from './token-request.ts';

export interface TokenServices {
  readonly directory: Directory;
  readonly resources: ResourceDirectory;
  readonly keys: SigningKeys;
  readonly authentication: AuthenticationServices;
  readonly lifetimeSeconds: number;
}

/** One of the two token endpoints, of a tenant. */
export interface TokenEndpoint {
  readonly version: EndpointVersion;
  readonly tenantSegment: string;
}

/** Issues one token. Errors of the tenant go before those of the form. Rejects with a `TokenRefusal`. */
export async function issueToken(
  services: TokenServices,
  { version, tenantSegment }: TokenEndpoint,
  attempt: TokenAttempt,
): Promise<AccessToken> {
  const { request, now } = attempt;
  const { authentication, lifetimeSeconds, resources } = services;
  const directory = services.directory.current;
  const tenant = getTenant(directory, tenantSegment); // 90002, 900023, 9001023, 50059
  attempt.tenant = tenant;
  const parameters = parseForm(request); // 9002313
  attempt.parameters = parameters;
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) throw new TokenRefusal('missingParameter', ['grant_type']);
  const grant = grants.get(grantType);
  if (grant === undefined) throw new TokenRefusal('unsupportedGrant', [grantType]);
  const basic = parseBasic(request.headers['authorization']);
  const issuerBase = authentication.addresses.publicUrl;
  return grant.issue(
    { version, tenant, parameters, basic, now, attempt },
    {
      directory,
      resources,
      authentication,
      makeToken: (order) => makeAccessToken({ key: services.keys.current, issuerBase, lifetimeSeconds, now }, order),
    },
  );
}

/** Body of a success (dataverse-web-api 1.5): v1 has more members, and its numbers are strings. */
export function tokenBody(version: EndpointVersion, token: AccessToken): string {
  if (version === 'v2') {
    return `{"token_type":"Bearer","expires_in":${token.expiresIn},"ext_expires_in":${token.expiresIn},"access_token":"${token.text}"}`;
  }
  return JSON.stringify({
    token_type: 'Bearer',
    expires_in: String(token.expiresIn),
    ext_expires_in: String(token.expiresIn),
    expires_on: String(token.expiresAt),
    not_before: String(token.notBefore),
    resource: token.audience,
    access_token: token.text,
  });
}
