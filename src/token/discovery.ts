import { type Addresses, issuerV1, issuerV2, knownHosts } from './addresses.ts';
import { assertionAlgorithms } from './certificate-assertion.ts';
import { supportedAuthenticationNames } from './client-authentications.ts';
import { TokenRefusal } from './problems.ts';
import type { PublishedKey, SigningKeys } from './signing-key.ts';
import type { DocumentTenant } from './tenant-segment.ts';
import type { EndpointVersion } from './token-request.ts';

/** Members that stand in the configuration of both versions (dataverse-web-api 1.9). */
const shared = {
  token_endpoint_auth_methods_supported: supportedAuthenticationNames,
  // RFC 8414 section 2 requires it beside `private_key_jwt`; the real product leaves it out.
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  request_uri_parameter_supported: false,
  http_logout_supported: true,
  frontchannel_logout_supported: true,
  claims_supported: [
    'sub',
    'iss',
    'aud',
    'exp',
    'iat',
    'nbf',
    'tid',
    'oid',
    'appid',
    'appidacr',
    'idp',
    'idtyp',
    'ver',
  ],
} as const;

/** OpenID provider configuration, v1 or v2.0. `base` is the origin that the client sees. */
export function openIdConfiguration(version: EndpointVersion, base: string, tenant: DocumentTenant): object {
  const root = `${base}/${tenant.segment}`;
  const path = version === 'v2' ? '/v2.0' : '';
  return {
    token_endpoint: `${root}/oauth2${path}/token`,
    jwks_uri: `${root}/discovery${path}/keys`,
    issuer: (version === 'v2' ? issuerV2 : issuerV1)(base, tenant.issuerTenant),
    authorization_endpoint: `${root}/oauth2${path}/authorize`,
    device_authorization_endpoint: `${root}/oauth2${path}/devicecode`,
    end_session_endpoint: `${root}/oauth2${path}/logout`,
    userinfo_endpoint: `${base}/oidc/userinfo`,
    kerberos_endpoint: `${root}/kerberos`,
    ...shared,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    tenant_region_scope: tenant.issuerTenant.startsWith('{') ? null : 'EU',
    cloud_instance_name: new URL(base).host,
    cloud_graph_host_name: new URL(base).host,
    msgraph_host: new URL(base).host,
    rbac_url: base,
  };
}

/** Public keys (RFC 7517), the current one first. */
export function keySet(keys: SigningKeys, base: string, tenant: DocumentTenant): object {
  const entry = ({ kid, n, e }: PublishedKey): object => ({
    kty: 'RSA',
    use: 'sig',
    kid,
    x5t: kid,
    n,
    e,
    issuer: issuerV2(base, tenant.issuerTenant),
  });
  return { keys: keys.published.map(entry) };
}

/**
 * The tenant segment of the `authorization_endpoint` that a client asks about.
 * Throws `invalid_instance` when it is not on this server (dataverse-web-api 1.9).
 */
export function parseAuthorizationEndpoint(addresses: Addresses, query: URLSearchParams): string {
  const text = query.get('authorization_endpoint');
  if (text === null) throw new TokenRefusal('missingParameter', ['authorization_endpoint']);
  const endpoint = URL.canParse(text) ? new URL(text) : undefined;
  const segment = endpoint?.pathname.split('/')[1];
  if (endpoint === undefined || !segment || !knownHosts(addresses).includes(endpoint.host)) {
    throw new TokenRefusal('unknownInstance');
  }
  return segment;
}

/** Answer of instance discovery. Version 1.0 leads to the v1 configuration, 1.1 to that of v2.0. */
export function instanceMetadata(addresses: Addresses, base: string, apiVersion: string, segment: string): object {
  const path = apiVersion === '1.0' ? '' : '/v2.0';
  const host = new URL(base).host;
  return {
    tenant_discovery_endpoint: `${base}/${segment}${path}/.well-known/openid-configuration`,
    'api-version': apiVersion,
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: knownHosts(addresses) }],
  };
}
