import type { Directory } from '../directory/directory.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { type AccessToken, makeAccessToken } from './access-token.ts';
import type { Addresses } from './addresses.ts';
import { parseBasic } from './basic.ts';
import type { FormParameters } from './form.ts';
import { grants } from './grants/all-grants.ts';
import { TokenRefusal } from './problems.ts';
import type { ResourceDirectory } from './resources.ts';
import type { SigningKeys } from './signing-key.ts';
import { getTenant } from './tenant-segment.ts';
import type { EndpointVersion } from './token-request.ts';

export interface TokenServices {
  readonly directory: Directory;
  readonly resources: ResourceDirectory;
  readonly keys: SigningKeys;
  readonly addresses: Addresses;
  readonly lifetimeSeconds: number;
}

/** What a token request is besides its form. */
export interface TokenEndpointCall {
  readonly version: EndpointVersion;
  readonly tenantSegment: string;
  readonly request: HttpRequest;
  readonly now: Date;
}

/** Issues one token. `parseParameters` comes after the tenant, whose errors go first. Throws a `TokenRefusal`. */
export function issueToken(
  services: TokenServices,
  { version, tenantSegment, request, now }: TokenEndpointCall,
  parseParameters: () => FormParameters,
): AccessToken {
  const directory = services.directory.current;
  const tenant = getTenant(directory, tenantSegment); // 90002, 900023, 9001023, 50059
  const parameters = parseParameters(); // 9002313
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) throw new TokenRefusal('missingParameter', ['grant_type']);
  const grant = grants.get(grantType);
  if (grant === undefined) throw new TokenRefusal('unsupportedGrant', [grantType]);
  const basic = parseBasic(request.headers['authorization']);
  return grant.issue(
    { version, tenant, parameters, basic, now },
    {
      directory,
      resources: services.resources,
      makeToken: (order) =>
        makeAccessToken(services.keys.current, {
          ...order,
          issuerBase: services.addresses.publicUrl,
          lifetimeSeconds: services.lifetimeSeconds,
          now,
        }),
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
