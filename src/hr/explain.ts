import type { Table } from '../metadata/table.ts';
import { strengthOf, systemAdministratorRole } from './effective-access.ts';
import type { AssignedRole, HrUser } from './hr-user.ts';
import { type HrLevel, securableKey, securableName } from './level.ts';

/** How a user comes by one statement about a data entity: role > duty > privilege, and what it says. */
export interface AccessPath {
  readonly role: string;
  /** The role inside `role` that brings it. */
  readonly childRole: string | undefined;
  readonly duty: string | undefined;
  readonly privilege: string | undefined;
  readonly state: 'Grant' | 'Deny';
  readonly companies: AssignedRole['companies'];
}

/** Every grant and deny that has a say in `level` on the data entity of `table`. Worked out when asked, never on the way. */
export function accessPaths(user: HrUser, table: Table, level: HrLevel): readonly AccessPath[] {
  const entity = securableKey('DataEntity', securableName(table));
  const { weaker, stronger } = strengthOf(level);
  return user.roles.flatMap(({ role, companies }): AccessPath[] => {
    if (role.identifier.toUpperCase() === systemAdministratorRole) {
      return [
        {
          role: role.identifier,
          childRole: undefined,
          duty: undefined,
          privilege: undefined,
          state: 'Grant',
          companies,
        },
      ];
    }
    return role.privileges.flatMap(({ childRole, duty, privilege, permissions }) => {
      const states = permissions.filter((permission) => permission.securable === entity).map(({ states }) => states);
      const denies = states.some((state) => weaker.some((each) => state[each] === 'Deny'));
      const grants = states.some((state) => stronger.some((each) => state[each] === 'Grant'));
      const path = { role: role.identifier, childRole, duty, privilege, companies };
      return [
        ...(denies ? [{ ...path, state: 'Deny' as const }] : []),
        ...(grants ? [{ ...path, state: 'Grant' as const }] : []),
      ];
    });
  });
}

/** One line for the log: why `level` on `table` was refused to `user`. */
export function explainRefusal(user: HrUser, table: Table, level: HrLevel): string {
  const denies = accessPaths(user, table, level).filter((path) => path.state === 'Deny');
  const roles =
    user.roles
      .map(({ role }) => role.identifier)
      .sort()
      .join(', ') || 'none';
  if (denies.length === 0) {
    return `no role of user ${user.id} grants ${level} on ${securableName(table)} (enabled roles: ${roles})`;
  }
  return `${level} on ${securableName(table)} is denied to user ${user.id} by ${denies.map(pathText).join('; ')}`;
}

const pathText = ({ role, childRole, duty, privilege }: AccessPath): string =>
  [`role ${role}`, childRole && `role ${childRole}`, duty && `duty ${duty}`, privilege && `privilege ${privilege}`]
    .filter(Boolean)
    .join(' > ');
