import type { SecurityRoleId } from '../kernel/ids.ts';
import type { Operation } from '../odata/operation.ts';
import { type ApplicationUser, roleTemplates } from './application-user.ts';
import { walkOperation } from './requirements.ts';
import type { DataverseSnapshot } from './snapshot.ts';

/** Ids of the user's roles that give at least one of the privileges which an operation needs. */
export function findGivingRoles(
  { index }: DataverseSnapshot,
  user: ApplicationUser,
  operation: Operation,
): readonly SecurityRoleId[] {
  const slots: number[] = [];
  const add = (slot: number): boolean => slots.push(slot) > 0;
  walkOperation(operation, {
    needs: (table, right) => add(index.slotOf(table, right)),
    needsNamed: (name, right) => add(index.slotOfNamed(name, right)),
  });
  const roles = [...user.roles, ...(user.impersonation?.actor.roles ?? [])];
  const gives = roles.filter(
    ({ role }) =>
      role.templateId === roleTemplates.systemAdministrator.id || slots.some((slot) => (role.depths[slot] ?? 0) > 0),
  );
  return [...new Set(gives.map(({ role }) => role.id))];
}
