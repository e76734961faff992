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

/** `iss` of v1.0 tokens. */
export const issuerV1 = (base: string, tenant: string): string => `${base}/${tenant}/`;
/** `iss` of v2.0 tokens. */
export const issuerV2 = (base: string, tenant: string): string => `${base}/${tenant}/v2.0`;
