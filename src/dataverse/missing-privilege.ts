import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import { type Problem, Refusal } from '../kernel/refusal.ts';
import type { ApplicationUser } from './application-user.ts';
import { missingPrivilege, type PrincipalFacts } from './messages.ts';
import { depthOfNumber, type Privilege } from './privilege-index.ts';
import { getColumn, getTable } from './security-rows.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/**
 * What a user is told who lacks the privilege in `slot`, or does not hold it that deep. Where one acts in another's name
 * the message is about the one of them who lacks it.
 * @param depth a number of `depthNumbers`
 */
export function describeMissing(snapshot: DataverseSnapshot, user: ApplicationUser, slot: number, depth = 1): Problem {
  const { name, privilegeId, table } = snapshot.index.at(slot);
  const facts = describePrincipal(snapshot, lackingUser(snapshot, user, slot, depth));
  return missingPrivilege(facts, { name, id: privilegeId, table, callerId: user.id });
}

/** The refusal of a user who lacks the privilege in `slot`, or does not hold it that deep. */
export function refuseMissing(
  snapshot: DataverseSnapshot,
  user: ApplicationUser,
  slot: number,
  depth: number,
): Refusal {
  const held = snapshot.depthsOf(user)[slot] ?? 0;
  const condition = user.roles.length === 0 ? 'roles' : held > 0 ? 'depth' : 'privilege';
  return new Refusal('table', describeMissing(snapshot, user, slot, depth)).because(
    causeOfPrivilege(snapshot.index.at(slot), condition, { depth: depthOfNumber(depth) ?? 'basic' }),
  );
}

/** That this privilege is not held, or not that deep. */
export const causeOfPrivilege = (
  { name, privilegeId, table, accessRight }: Privilege,
  condition: ConditionId,
  more: Readonly<Record<string, string>> = {},
): RefusalCause => ({
  condition,
  data: {
    privilege: name,
    privilegeId,
    ...(table !== undefined && { table: table.logicalName }),
    ...(accessRight !== undefined && { right: accessRight }),
    ...more,
  },
});

/** Of two users who must both hold a privilege, the one who does not: the target first. */
function lackingUser(snapshot: DataverseSnapshot, user: ApplicationUser, slot: number, depth: number): ApplicationUser {
  if (user.impersonation === undefined) return user;
  const { actor, target } = user.impersonation;
  return (snapshot.depthsOf(target)[slot] ?? 0) >= depth ? actor : target;
}

function describePrincipal(snapshot: DataverseSnapshot, user: ApplicationUser): PrincipalFacts {
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
