import type { ApplicationUser } from './application-user.ts';
import type { PrincipalFacts } from './messages.ts';
import { getColumn, getTable } from './security-rows.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** What the long message of a missing privilege tells about a user. */
export function describePrincipal(snapshot: DataverseSnapshot, user: ApplicationUser): PrincipalFacts {
  return {
    id: user.id,
    roleCount: new Set(user.roles.map(({ role }) => role.id)).size,
    privilegeCount: snapshot.depthsOf(user).reduce((count, depth) => (depth > 0 ? count + 1 : count), 0),
    accessMode: `${user.accessMode} ${accessModeLabel(snapshot, user.accessMode)}`,
    objectId: user.objectId,
    allPrivilegesCount: snapshot.index.size,
    businessUnitId: user.businessUnitId,
  };
}

function accessModeLabel({ model }: DataverseSnapshot, value: number): string {
  const choice = getColumn(getTable(model, 'systemuser'), 'accessmode').choice ?? '';
  return model.choice.get(choice)?.options.find((option) => option.value === value)?.label ?? '';
}
