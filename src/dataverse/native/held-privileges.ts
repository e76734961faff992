import { Refusal } from '../../kernel/refusal.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { Table } from '../../metadata/table.ts';
import type { SecurityRole } from '../application-user.ts';
import { roleTemplates } from '../application-user.ts';
import { administratorsOnly, noSuchPrivilege } from '../messages.ts';
import { refuseMissing } from '../missing-privilege.ts';
import { everyoneSlot } from '../privilege-index.ts';
import type { TableGrant } from '../table-grant.ts';

/**
 * Refuses (403 `0x80040220`) when the caller does not hold a privilege at that depth or deeper. Nobody gives what they do
 * not have (dataverse-web-api 3.5); a System Administrator has everything.
 */
export function requireHeld({ snapshot, user }: TableGrant, slot: number, depth: number): void {
  if ((snapshot.depthsOf(user)[slot] ?? 0) >= depth) return;
  throw refuseMissing(snapshot, user, slot, depth);
}

/** Refuses when the caller does not hold a right on a table, at whatever depth, or when the table has no such right. */
export function requireRight(grant: TableGrant, table: Table, right: AccessRight): void {
  const slot = grant.snapshot.index.slotOf(table, right);
  if (slot === everyoneSlot) return;
  if (slot < 0) {
    const data = { table: table.logicalName, right };
    throw new Refusal('table', noSuchPrivilege(table, right)).because({ condition: 'privilege', data });
  }
  requireHeld(grant, slot, 1);
}

/** Refuses when the caller lacks a privilege that the model gives no right for, such as `prvDisableUser`. */
export function requireNamed(grant: TableGrant, privilege: string): void {
  const slot = grant.snapshot.index.findByName(privilege);
  if (slot === undefined) throw new TypeError(`there is no privilege ${privilege}`);
  requireHeld(grant, slot, 1);
}

/** Refuses when the role gives something that the caller does not hold themselves. */
export function requireRoleHeld(grant: TableGrant, role: SecurityRole): void {
  if (role.templateId === roleTemplates.systemAdministrator.id) {
    requireSystemAdministrator(grant, 'Only a System Administrator can give the role System Administrator.');
  }
  role.depths.forEach((depth, slot) => {
    if (depth > 0) requireHeld(grant, slot, depth);
  });
}

function requireSystemAdministrator({ user }: TableGrant, why: string): void {
  if (user.isSystemAdministrator) return;
  const data = { role: roleTemplates.systemAdministrator.name };
  throw new Refusal('table', administratorsOnly(why)).because({ condition: 'roles', data });
}
