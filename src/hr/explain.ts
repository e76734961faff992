import type { Table } from '../metadata/table.ts';
import { systemAdministratorRole } from './effective-access.ts';
import type { AssignedRole, HrUser } from './hr-user.ts';
import { type HrLevel, hrLevels, securableName } from './level.ts';

/** How a user comes by one statement about a data entity: role > duty > privilege, and what it says. */
export interface AccessPath {
  readonly role: string;
  readonly duty: string | undefined;
  readonly privilege: string | undefined;
  readonly state: 'Grant' | 'Deny';
  readonly companies: AssignedRole['companies'];
}

/** Every grant and deny that has a say in `level` on the data entity of `table`. Worked out when asked, never on the way. */
export function accessPaths(user: HrUser, table: Table, level: HrLevel): readonly AccessPath[] {
  const entity = securableName(table);
  const index = hrLevels.indexOf(level);
  return user.roles.flatMap(({ role, companies }): AccessPath[] => {
    if (role.identifier.toUpperCase() === systemAdministratorRole) {
      return [{ role: role.identifier, duty: undefined, privilege: undefined, state: 'Grant', companies }];
    }
    return role.privileges.flatMap(({ duty, privilege, permissions }) => {
      const states = permissions.filter((permission) => permission.entity === entity).map(({ states }) => states);
      const denies = states.some((state) => hrLevels.slice(0, index + 1).some((weaker) => state[weaker] === 'Deny'));
      const grants = states.some((state) => hrLevels.slice(index).some((stronger) => state[stronger] === 'Grant'));
      const path = { role: role.identifier, duty, privilege, companies };
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

const pathText = ({ role, duty, privilege }: AccessPath): string =>
  [`role ${role}`, duty && `duty ${duty}`, privilege && `privilege ${privilege}`].filter(Boolean).join(' > ');
