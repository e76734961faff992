import { newGuid, type TenantId } from '../kernel/ids.ts';
import { equals } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import type { PlannedChange } from './change.ts';
import { checkDisplayName } from './check-text.ts';
import type { Tenant } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { domainValues, getColumn, tenantValues } from './rows.ts';
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
    domains: checkDomains(snapshot, input.domains),
  };
  if (snapshot.findTenant(tenant.id) !== undefined) throw directoryRefusal('tenantExists', tenant.id);
  return {
    next: snapshot.withTenant(tenant),
    change: { kind: 'everything' },
    result: tenant,
    async write(rows) {
      await rows.insert(directoryTable.tenant, tenantValues(tenant));
      await writeDomains(rows, tenant);
    },
  };
}

/** Changes of a tenant; what is absent stays. */
export interface TenantUpdate {
  readonly displayName?: string;
  /** The whole new list, the default domain first. */
  readonly domains?: readonly string[];
}

export function planTenantUpdate(
  snapshot: DirectorySnapshot,
  id: TenantId,
  change: (before: Tenant) => TenantUpdate,
): PlannedChange<Tenant> {
  const before = getTenant(snapshot, id);
  const update = change(before);
  const tenant: Tenant = {
    id,
    displayName: checkDisplayName(update.displayName ?? before.displayName),
    domains: checkDomains(snapshot, update.domains ?? before.domains, id),
  };
  return {
    next: snapshot.withTenant(tenant),
    change: { kind: 'everything' },
    result: tenant,
    async write(rows) {
      await rows.update(directoryTable.tenant, id, tenantValues(tenant));
      await deleteDomains(rows, before);
      await writeDomains(rows, tenant);
    },
  };
}

/** Deletes a tenant without app registrations and service principals; its environments are not known here. */
export function planTenantDeletion(snapshot: DirectorySnapshot, id: TenantId): PlannedChange<void> {
  const tenant = getTenant(snapshot, id);
  const isUsed = [...snapshot.content.applications, ...snapshot.content.servicePrincipals].some(
    (each) => each.tenantId === id,
  );
  if (isUsed) throw directoryRefusal('tenantInUse', id);
  return {
    next: snapshot.withoutTenant(tenant),
    change: { kind: 'everything' },
    result: undefined,
    async write(rows) {
      await deleteDomains(rows, tenant);
      await rows.delete(directoryTable.tenant, id);
    },
  };
}

function getTenant(snapshot: DirectorySnapshot, id: TenantId): Tenant {
  const tenant = snapshot.findTenant(id);
  if (tenant === undefined) throw directoryRefusal('notFound', id);
  return tenant;
}

async function writeDomains(rows: Transaction, tenant: Tenant): Promise<void> {
  for (const [index, domain] of tenant.domains.entries()) {
    await rows.insert(directoryTable.tenantDomain, domainValues(tenant, domain, index));
  }
}

async function deleteDomains(rows: Transaction, { id, domains }: Tenant): Promise<void> {
  const known = await rows.list(directoryTable.tenantDomain, equals(tenantOfDomain, id), domains.length);
  for (const row of known) await rows.delete(directoryTable.tenantDomain, row.id);
}

const tenantOfDomain = getColumn(directoryTable.tenantDomain, 'tenantid');

/** Domain names that no other tenant has, none of them twice. */
function checkDomains(snapshot: DirectorySnapshot, texts: readonly string[], owner?: TenantId): readonly string[] {
  const domains = texts.map(checkDomain);
  domains.forEach((domain, index) => {
    const holder = snapshot.findTenant(domain);
    const isTaken = holder !== undefined && holder.id !== owner;
    if (isTaken || domains.indexOf(domain) !== index) throw directoryRefusal('domainTaken', domain);
  });
  return domains;
}

function checkDomain(text: string): string {
  const domain = parseDomain(text);
  if (domain === undefined) throw directoryRefusal('invalidValue', 'domains', 'not a domain name');
  return domain;
}
