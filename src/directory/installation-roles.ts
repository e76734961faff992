import type { TenantId } from '../kernel/ids.ts';
import { type AppRole, appRole } from './app-roles.ts';
import type { ServicePrincipal } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import type { DirectorySnapshot } from './snapshot.ts';

/**
 * Application permissions to administer the installation itself: tenants and environments. They count for service
 * principals of the installation's own tenant (that of the first environment) only: administrators of other tenants
 * grant what they like in theirs, and gain nothing here. The first administrator gets `readWrite` when a new
 * installation is made; further ones are granted it as every application permission is.
 */
export const installationRoles = {
  read: 'Portvakt.Installation.Read.All',
  readWrite: 'Portvakt.Installation.ReadWrite.All',
} as const;

/**
 * Application permission for what people who recruit need besides tables: events and their deliveries, data of people. It
 * counts where those above count, in the environment that is asked, and opens nothing of the installation.
 */
export const recruitingRole = 'Portvakt.Recruiting.ReadWrite.All';

/** The same as application permissions that can be granted. */
export const installationAppRoles: readonly AppRole[] = [
  appRole(
    '5e1c3c1e-6d0f-4b43-9a5e-0c8f3f6f4b11',
    installationRoles.read,
    'Read tenants and environments',
    'Read the tenants and environments of this installation. Counts in the tenant of the first environment only.',
  ),
  appRole(
    '5e1c3c1e-6d0f-4b43-9a5e-0c8f3f6f4b12',
    installationRoles.readWrite,
    'Manage tenants and environments',
    'Create, change and delete tenants and environments of this installation. Counts in the tenant of the first environment only.',
  ),
  appRole(
    '5e1c3c1e-6d0f-4b43-9a5e-0c8f3f6f4b13',
    recruitingRole,
    'Recruit',
    'Read business events, send them again, give and erase what is stored about a person. Counts in the tenant of the first environment only.',
  ),
];

export const isInstallationRole = (value: string): boolean => installationAppRoles.some((each) => each.value === value);

export type InstallationAccess = keyof typeof installationRoles;

const allowing: Readonly<Record<InstallationAccess | 'recruiting', readonly string[]>> = {
  recruiting: [recruitingRole],
  read: [installationRoles.read, installationRoles.readWrite],
  readWrite: [installationRoles.readWrite],
};

/** Do these application permissions allow it? */
export const allowAdministration = (appRoles: readonly string[], access: keyof typeof allowing): boolean =>
  allowing[access].some((role) => appRoles.includes(role));

/** May this service principal administer the installation whose own tenant is `home`, or recruit in it? Absence denies. */
export const mayAdminister = (
  principal: ServicePrincipal | undefined,
  home: TenantId,
  access: keyof typeof allowing,
): boolean =>
  principal?.tenantId === home && principal.accountEnabled && allowAdministration(principal.appRoles, access);

/** Tenants in which an enabled service principal may change the installation. */
export const tenantsWithAdministrator = ({ content }: DirectorySnapshot): ReadonlySet<TenantId> =>
  new Set(
    content.servicePrincipals
      .filter(({ accountEnabled, appRoles }) => accountEnabled && allowAdministration(appRoles, 'readWrite'))
      .map(({ tenantId }) => tenantId),
  );

/**
 * Whoever takes the installation away from its last administrator could not give it back.
 * @throws Refusal 400
 */
export function keepAdministrator(before: DirectorySnapshot, after: DirectorySnapshot): void {
  const left = tenantsWithAdministrator(after);
  for (const tenantId of tenantsWithAdministrator(before)) {
    if (!left.has(tenantId)) throw directoryRefusal('lastAdministrator', installationRoles.readWrite);
  }
}
