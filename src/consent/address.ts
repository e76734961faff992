const pattern = /^\/([^/?]+)\/(v2\.0\/)?adminconsent\/?(?:\?(.*))?$/is;

/** Does this path with query belong to the consent page? For whoever shares out requests among the surfaces. */
export const isConsentUrl = (url: string): boolean => pattern.test(url);

/** The v2.0 form names scopes, the older one does not (dataverse-web-api 1.10). */
export type ConsentVersion = 'v1' | 'v2';

export interface ConsentAddress {
  /** As in the path, percent-decoded: an id, a domain, or a shared name such as `common`. */
  readonly tenantSegment: string;
  readonly version: ConsentVersion;
  readonly query: string;
}

/** The parts of a URL that `isConsentUrl` accepts. */
export function parseConsentUrl(url: string): ConsentAddress {
  const [, tenant = '', v2, query = ''] = pattern.exec(url) ?? [];
  return { tenantSegment: decode(tenant), version: v2 === undefined ? 'v1' : 'v2', query };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
