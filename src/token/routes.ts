import type { EndpointVersion } from './token-request.ts';

/** The endpoints of the authority, by what follows the tenant in the path. */
type Endpoint =
  | { readonly kind: 'token'; readonly version: EndpointVersion }
  | DocumentEndpoint
  /** Named by the configuration or by documentation, answered with 501. */
  | { readonly kind: 'later'; readonly what: string };

const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['oauth2/v2.0/token', { kind: 'token', version: 'v2' }],
  ['oauth2/token', { kind: 'token', version: 'v1' }],
  ['v2.0/.well-known/openid-configuration', { kind: 'configuration', version: 'v2' }],
  ['.well-known/openid-configuration', { kind: 'configuration', version: 'v1' }],
  ['discovery/v2.0/keys', { kind: 'keys' }],
  ['discovery/keys', { kind: 'keys' }],
  ['discovery/instance', { kind: 'instance' }],
  ['oauth2/v2.0/authorize', { kind: 'later', what: 'Signing in a user' }],
  ['oauth2/authorize', { kind: 'later', what: 'Signing in a user' }],
  ['oauth2/v2.0/devicecode', { kind: 'later', what: 'The device code flow' }],
  ['oauth2/devicecode', { kind: 'later', what: 'The device code flow' }],
  ['oauth2/v2.0/logout', { kind: 'later', what: 'Signing out a user' }],
  ['oauth2/logout', { kind: 'later', what: 'Signing out a user' }],
  ['kerberos', { kind: 'later', what: 'Kerberos' }],
  ['userinfo', { kind: 'later', what: 'Signing in a user' }],
]);

/** Endpoints that answer with a public document. */
export type DocumentEndpoint =
  | { readonly kind: 'configuration'; readonly version: EndpointVersion }
  | { readonly kind: 'keys' | 'instance' };

export interface Route {
  readonly endpoint: Endpoint;
  /** As in the path, percent-decoded. */
  readonly tenantSegment: string;
}

/** The endpoint that a path with query names. `undefined`: it is not one of the authority's. */
export function findRoute(url: string): Route | undefined {
  const path = url.split('?', 1)[0] ?? url;
  const slash = path.indexOf('/', 1);
  if (slash < 2) return undefined;
  const endpoint = endpoints.get(path.slice(slash + 1).toLowerCase());
  return endpoint && { endpoint, tenantSegment: decodeSegment(path.slice(1, slash)) };
}

/** Where `error_uri` leads. */
export const isErrorPage = (url: string): boolean => /^\/error(?:\?|$)/.test(url);

/** Does this path belong to the authority? For whoever shares out requests among the surfaces. */
export const isAuthorityUrl = (url: string): boolean => isErrorPage(url) || findRoute(url) !== undefined;

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
