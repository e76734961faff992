import { parseDomain } from '../directory/change-tenant.ts';
import type { Tenant } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { parseGuid } from '../kernel/ids.ts';
import { type TokenProblemName, TokenRefusal } from './problems.ts';

/**
 * Names that stand for more than one tenant, and why no token is issued over them: an application has no home to be
 * inferred from (dataverse-web-api 1.4, where the safest answer is to fail).
 */
const sharedNames: ReadonlyMap<string, TokenProblemName> = new Map([
  ['common', 'grantNotOnCommon'],
  ['consumers', 'grantNotOnCommon'],
  ['organizations', 'noTenantInformation'],
]);

/** The tenant that a token is asked of: GUID or verified domain, without regard to case. */
export function getTenant(snapshot: DirectorySnapshot, segment: string): Tenant {
  const shared = sharedNames.get(segment.toLowerCase());
  if (shared !== undefined) throw new TokenRefusal(shared);
  const tenant = snapshot.findTenant(segment);
  if (tenant !== undefined) return tenant;
  const usable = parseGuid(segment) !== undefined || parseDomain(segment) !== undefined;
  throw new TokenRefusal(usable ? 'tenantNotFound' : 'tenantUnusable', [segment]);
}

/** How documents name the tenant: in their URLs, and in the issuer. */
export interface DocumentTenant {
  readonly segment: string;
  readonly issuerTenant: string;
}

/** The tenant of a public document. Shared names are allowed; the issuer is then a template with literal braces. */
export function getDocumentTenant(snapshot: DirectorySnapshot, segment: string): DocumentTenant {
  const lower = segment.toLowerCase();
  if (sharedNames.has(lower)) return { segment: lower, issuerTenant: '{tenantid}' };
  const { id } = getTenant(snapshot, segment);
  return { segment: id, issuerTenant: id };
}
