import type { SystemUserId } from '../kernel/ids.ts';
import { type ApplicationUser, givesFullPower, type SecurityRole } from './application-user.ts';
import { DataverseSnapshot } from './snapshot.ts';

/**
 * The security that would be in force if a user held these roles and no others, whatever teams bring: to try roles on.
 * The same snapshot where there is no such user.
 */
export function withRoles(
  before: DataverseSnapshot,
  id: SystemUserId,
  roles: readonly SecurityRole[],
): DataverseSnapshot {
  const user = before.users.get(id);
  if (user === undefined) return before;
  const held = roles.map((role) => ({ role, businessUnitId: user.businessUnitId }));
  const changed: ApplicationUser = {
    ...user,
    roleIds: roles.map((role) => role.id),
    roles: held,
    isSystemAdministrator: givesFullPower(held),
  };
  const users = new Map(before.users).set(id, changed);
  const usersByClientId = new Map(before.usersByClientId);
  if (user.clientId !== undefined) usersByClientId.set(user.clientId, changed);
  const { model, index, businessUnits, roles: all, teams, profiles } = before;
  return new DataverseSnapshot({
    ...{ model, index, businessUnits, roles: all, teams, users, usersByClientId, profiles },
    before,
  });
}
