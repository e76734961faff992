import type { SecurityRoleId, SystemUserId } from '../kernel/ids.ts';
import {
  type ApplicationUser,
  type AssignedSecurityRole,
  givesFullPower,
  type SecurityRole,
} from './application-user.ts';
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
  return withUsers(before, [changed]);
}

/**
 * The security that would be in force if a role and its copies gave these depths, by number of the privilege;
 * `undefined`: if they were not there.
 */
export function withChangedRole(
  before: DataverseSnapshot,
  rootId: SecurityRoleId,
  depths: Uint8Array | undefined,
): DataverseSnapshot {
  const holders = [...before.users.values()].filter(({ roles }) => roles.some(({ role }) => role.rootId === rootId));
  return withUsers(
    before,
    holders.map((user) => {
      const held = user.roles.flatMap((assigned): AssignedSecurityRole[] => {
        if (assigned.role.rootId !== rootId) return [assigned];
        return depths === undefined ? [] : [{ ...assigned, role: { ...assigned.role, depths } }];
      });
      return { ...user, roles: held, isSystemAdministrator: givesFullPower(held) };
    }),
  );
}

function withUsers(before: DataverseSnapshot, changed: readonly ApplicationUser[]): DataverseSnapshot {
  const users = new Map(before.users);
  const usersByClientId = new Map(before.usersByClientId);
  for (const user of changed) {
    users.set(user.id, user);
    if (user.clientId !== undefined) usersByClientId.set(user.clientId, user);
  }
  const { model, index, businessUnits, roles, teams, profiles } = before;
  return new DataverseSnapshot({
    ...{ model, index, businessUnits, roles, teams, users, usersByClientId, profiles },
    before,
  });
}
