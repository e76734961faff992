import { type ClientId, namedGuid, newGuid, type ServicePrincipalId, type TenantId } from '../kernel/ids.ts';
import type { Transaction } from '../odata/row-store.ts';
import { checkTags } from './application-uris.ts';
import type { PlannedChange } from './change.ts';
import { checkDisplayName } from './check-text.ts';
import { isUsableIn, type ServicePrincipal } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import { appRoleValues, grantsOf, servicePrincipalValues, wholeSeconds } from './rows.ts';
import type { DirectorySnapshot } from './snapshot.ts';
import { directoryTable } from './tables.ts';

export interface NewServicePrincipal {
  readonly tenantId: TenantId;
  readonly clientId: ClientId;
  /** Default: true. */
  readonly accountEnabled?: boolean;
  /** Default: the application's. */
  readonly displayName?: string;
  readonly tags?: readonly string[];
}

/** Changes of a service principal; what is absent stays. */
export type ServicePrincipalUpdate = Pick<NewServicePrincipal, 'accountEnabled' | 'displayName' | 'tags'>;

export function planServicePrincipal(
  snapshot: DirectorySnapshot,
  { tenantId, clientId, ...values }: NewServicePrincipal,
  now: Date,
): PlannedChange<ServicePrincipal> {
  if (snapshot.findTenant(tenantId) === undefined) throw directoryRefusal('notFound', tenantId);
  const application = snapshot.findApplication(clientId);
  if (application === undefined || !isUsableIn(application, tenantId))
    throw directoryRefusal('noBackingApplication', clientId);
  if (snapshot.findServicePrincipal(tenantId, clientId) !== undefined) {
    throw directoryRefusal('servicePrincipalExists', clientId);
  }
  const principal: ServicePrincipal = checked({
    id: newGuid(),
    tenantId,
    clientId,
    displayName: application.displayName,
    accountEnabled: true,
    tags: [],
    createdAt: wholeSeconds(now),
    ...grantsOf([]),
    ...values,
  });
  return {
    next: snapshot.withServicePrincipal(principal),
    change: { kind: 'application', clientId },
    result: principal,
    write: (rows) => rows.insert(directoryTable.servicePrincipal, servicePrincipalValues(principal)),
  };
}

export function planServicePrincipalUpdate(
  snapshot: DirectorySnapshot,
  id: ServicePrincipalId,
  update: ServicePrincipalUpdate,
): PlannedChange<ServicePrincipal> {
  const principal = checked({ ...getServicePrincipal(snapshot, id), ...update });
  return {
    next: snapshot.withServicePrincipal(principal),
    change: { kind: 'application', clientId: principal.clientId },
    result: principal,
    write: (rows) => rows.update(directoryTable.servicePrincipal, id, servicePrincipalValues(principal)),
  };
}

function checked(principal: ServicePrincipal): ServicePrincipal {
  checkTags(principal.tags);
  return { ...principal, displayName: checkDisplayName(principal.displayName) };
}

export function planServicePrincipalDeletion(snapshot: DirectorySnapshot, id: ServicePrincipalId): PlannedChange<void> {
  const principal = getServicePrincipal(snapshot, id);
  return {
    next: snapshot.withoutServicePrincipal(principal),
    change: { kind: 'application', clientId: principal.clientId },
    result: undefined,
    write: (rows) => deleteServicePrincipal(rows, principal),
  };
}

/** Grants an application permission; granting it again changes nothing. */
export function planAppRole(
  snapshot: DirectorySnapshot,
  id: ServicePrincipalId,
  appRole: string,
  now: Date,
): PlannedChange<ServicePrincipal> {
  const before = getServicePrincipal(snapshot, id);
  if (!/^[A-Za-z][A-Za-z0-9._-]{0,119}$/.test(appRole)) {
    throw directoryRefusal('invalidValue', 'appRole', 'not the name of an application permission');
  }
  const known = before.appRoles.includes(appRole);
  const grant = { appRole, grantedAt: wholeSeconds(now) };
  const principal = known ? before : { ...before, ...grantsOf([...before.appRoleGrants, grant]) };
  return {
    next: snapshot.withServicePrincipal(principal),
    change: { kind: 'application', clientId: principal.clientId },
    result: principal,
    async write(rows) {
      if (known) return;
      const id = appRoleId(principal, appRole);
      await rows.insert(directoryTable.appRoleAssignment, appRoleValues(principal, id, grant));
    },
  };
}

/** Takes an application permission away. Throws a Refusal (404) when it was not granted. */
export function planAppRoleRemoval(
  snapshot: DirectorySnapshot,
  id: ServicePrincipalId,
  appRole: string,
): PlannedChange<ServicePrincipal> {
  const before = getServicePrincipal(snapshot, id);
  if (!before.appRoles.includes(appRole)) throw directoryRefusal('notFound', appRole);
  const principal = { ...before, ...grantsOf(before.appRoleGrants.filter((each) => each.appRole !== appRole)) };
  return {
    next: snapshot.withServicePrincipal(principal),
    change: { kind: 'application', clientId: principal.clientId },
    result: principal,
    write: (rows) => rows.delete(directoryTable.appRoleAssignment, appRoleId(principal, appRole)),
  };
}

/** Deletes the rows of a service principal. */
export async function deleteServicePrincipal(rows: Transaction, principal: ServicePrincipal): Promise<void> {
  for (const appRole of principal.appRoles) {
    await rows.delete(directoryTable.appRoleAssignment, appRoleId(principal, appRole));
  }
  await rows.delete(directoryTable.servicePrincipal, principal.id);
}

// Named, not random: the row can be deleted without having kept its id.
const appRoleId = (principal: ServicePrincipal, appRole: string) => namedGuid(`approle:${principal.id}:${appRole}`);

/** @throws Refusal 404 */
export function getServicePrincipal(snapshot: DirectorySnapshot, id: ServicePrincipalId): ServicePrincipal {
  const principal = snapshot.findServicePrincipalById(id);
  if (principal === undefined) throw directoryRefusal('notFound', id);
  return principal;
}
