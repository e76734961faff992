import type { Tenant } from '../directory/entities.ts';

/** Under which origins the authority is reached. */
export interface Addresses {
  /** Origin without a trailing slash, for example `https://localhost:8443`. Issuer of every token. */
  readonly publicUrl: string;
  /** Further `host[:port]` values that reach the same server, lower case. */
  readonly aliases: readonly string[];
}

/**
 * Origin for the documents of one request: the host that the client used where that is an alias, since clients check
 * that the issuer is where they asked (dataverse-web-api 1.9), else the public URL. Any other `Host` is not believed.
 */
export function baseUrl(addresses: Addresses, host: string): string {
  const lower = host.toLowerCase();
  return addresses.aliases.includes(lower) ? `${new URL(addresses.publicUrl).protocol}//${lower}` : addresses.publicUrl;
}

/** Hosts by which the authority is known, the public one first. */
export const knownHosts = (addresses: Addresses): readonly string[] => [
  new URL(addresses.publicUrl).host,
  ...addresses.aliases,
];

/** What follows the tenant in the URLs that name the authority of a tenant: its token endpoints and its issuers. */
const ownPaths: ReadonlySet<string> = new Set(['oauth2/v2.0/token', 'oauth2/token', 'v2.0', '']);

/**
 * Does `audience` of a client assertion name this authority, for this tenant? Token endpoint or issuer, v1 or v2.0, by
 * GUID or domain, under the public URL or an alias (dataverse-web-api 1.7). Case and a final slash do not matter.
 */
export function isOwnAudience(addresses: Addresses, tenant: Tenant, audience: string): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined;
  if (url === undefined || url.protocol !== new URL(addresses.publicUrl).protocol) return false;
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  const [, name = '', ...rest] = url.pathname.toLowerCase().split('/');
  const isTenant = name === tenant.id || tenant.domains.includes(name);
  return isTenant && knownHosts(addresses).includes(url.host) && ownPaths.has(rest.join('/').replace(/\/$/, ''));
}

/** `iss` of v1.0 tokens. */
export const issuerV1 = (base: string, tenant: string): string => `${base}/${tenant}/`;
/** `iss` of v2.0 tokens. */
export const issuerV2 = (base: string, tenant: string): string => `${base}/${tenant}/v2.0`;
