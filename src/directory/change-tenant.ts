import { newGuid, type TenantId } from '../kernel/ids.ts';
import type { PlannedChange } from './change.ts';
import { checkDisplayName } from './check-text.ts';
import type { Tenant } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { domainValues, tenantValues } from './rows.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable, domainLength } from './tables.ts';

export interface NewTenant {
  readonly id?: TenantId;
  readonly displayName: string;
  /** Verified domains, the default one first. */
  readonly domains: readonly string[];
}

/** RFC 1123 section 2.1: labels of letters, digits and inner hyphens, at least two of them. */
const domainPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Text to domain name, lower case. `undefined` when it is none. */
export function parseDomain(text: string): string | undefined {
  const lower = text.toLowerCase();
  return lower.length <= domainLength && domainPattern.test(lower) ? lower : undefined;
}

export function planTenant(snapshot: DirectorySnapshot, input: NewTenant): PlannedChange<Tenant> {
  const tenant: Tenant = {
    id: input.id ?? newGuid(),
    displayName: checkDisplayName(input.displayName),
    domains: input.domains.map(checkDomain),
  };
  if (snapshot.findTenant(tenant.id) !== undefined) throw directoryRefusal('tenantExists', tenant.id);
  tenant.domains.forEach((domain, index) => {
    const repeated = tenant.domains.indexOf(domain) !== index;
    if (repeated || snapshot.findTenant(domain) !== undefined) throw directoryRefusal('domainTaken', domain);
  });
  return {
    next: snapshot.withTenant(tenant),
    change: { kind: 'everything' },
    result: tenant,
    async write(rows) {
      await rows.insert(directoryTable.tenant, tenantValues(tenant));
      for (const [index, domain] of tenant.domains.entries()) {
        await rows.insert(directoryTable.tenantDomain, domainValues(tenant, domain, index));
      }
    },
  };
}

function checkDomain(text: string): string {
  const domain = parseDomain(text);
  if (domain === undefined) throw directoryRefusal('invalidValue', 'domains', 'not a domain name');
  return domain;
}
