import { depthNumbers } from '../../dataverse/privilege-index.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { Fix } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onWebApi } from './operations.ts';
import { granteeOf, grantFixes } from './security-roles.ts';

const rightOfKind: Readonly<Record<string, AccessRight>> = { read: 'read', update: 'write', delete: 'delete' };

/** Names of `AccessRights`, as GrantAccess takes them. */
const shared: Partial<Record<AccessRight, string>> = {
  read: 'ReadAccess',
  write: 'WriteAccess',
  delete: 'DeleteAccess',
  append: 'AppendAccess',
  appendTo: 'AppendToAccess',
  assign: 'AssignAccess',
};

/** Shares the row, where rows have owners; or raises the access level of the privilege, step by step. */
export function depthFixes(facts: Facts, { data = {} }: RefusalCause): readonly Fix[] {
  const { view, asker: user } = facts;
  const table = view.model.table.get(data['table'] ?? facts.table?.logicalName ?? '');
  const right = (data['right'] as AccessRight | undefined) ?? rightOfKind[data['kind'] ?? 'read'] ?? 'read';
  if (user === undefined || table === undefined) return [];
  const { index } = view.dataverse;
  const slot =
    data['privilege'] === undefined ? index.slotOf(table, right) : (index.findByName(data['privilege']) ?? -1);
  if (slot < 0) return [];
  const held = view.dataverse.depthsOf(user)[slot] ?? 0;
  const isOwned = table.ownership === 'user' || table.ownership === 'businessUnit';
  const deeper = isOwned
    ? [depthNumbers.local, depthNumbers.deep, depthNumbers.global].filter((depth) => depth > held)
    : [depthNumbers.global];
  const raises = deeper.flatMap((depth) =>
    grantFixes(facts, granteeOf(user), [{ slot, depth }]).map((fix) => ({ ...fix, gain: fix.gain * 10 * depth })),
  );
  const word = shared[right];
  const id = data['id'];
  if (table.ownership !== 'user' || word === undefined || id === undefined) return raises;
  const target = { [table.primaryKey.name]: id, '@odata.type': `Microsoft.Dynamics.CRM.${table.logicalName}` };
  const principal = { systemuserid: user.id, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' };
  const preview = {
    en: `${user.name} has ${word} on this one row of ${table.label}`,
    nb: `${user.name} har ${word} på denne ene raden i ${table.labelNb ?? table.label}`,
  };
  const body = { Target: target, PrincipalAccess: { Principal: principal, AccessMask: word } };
  const title = { en: `Share the row with ${user.name}`, nb: `Del raden med ${user.name}` };
  return [{ title, gain: 1, operations: [onWebApi('POST', 'GrantAccess', body, { preview })] }, ...raises];
}
