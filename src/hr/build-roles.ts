import type { Row } from '../odata/row-store.ts';
import { byKey, groupBy, type HrRows, rowReader } from './hr-rows.ts';
import type { HrPermission, HrRole, RolePrivilege } from './hr-user.ts';
import { type GrantState, type HrRight, hrRights, securableKey, securableTypes } from './level.ts';

/** Roles by lower-case identifier, each with all that it holds: its duties, its privileges, and those of roles inside it. */
export function buildRoles(rows: HrRows): Map<string, HrRole> {
  const ownPrivileges = privilegeFinder(rows);
  const childrenOf = groupBy(rows('SecurityRoleSubRoles'), 'SecurityRoleIdentifier');
  const identifiers = byKey(
    rows('SecurityRoles').map((row) => rowReader(row)('SecurityRoleIdentifier')),
    (identifier) => identifier.toLowerCase(),
  );
  const roles = rows('SecurityRoles').map((row): HrRole => {
    const read = rowReader(row);
    const identifier = read('SecurityRoleIdentifier');
    const inside = rolesInside(identifier.toLowerCase(), childrenOf).flatMap((child) => identifiers.get(child) ?? []);
    return {
      identifier,
      name: read('SecurityRoleName') || identifier,
      contextString: read('ContextString'),
      privileges: [...ownPrivileges(identifier, undefined), ...inside.flatMap((child) => ownPrivileges(child, child))],
    };
  });
  return byKey(roles, (role) => role.identifier.toLowerCase());
}

/** Roles inside a role, at whatever depth, each once. Roles inside each other end the walk. */
export function rolesInside(role: string, childrenOf: ReadonlyMap<string, readonly Row[]>): readonly string[] {
  const met = new Set<string>();
  const visit = (parent: string): void => {
    for (const row of childrenOf.get(parent) ?? []) {
      const child = rowReader(row)('SubRoleIdentifier').toLowerCase();
      if (child === role || met.has(child)) continue;
      met.add(child);
      visit(child);
    }
  };
  visit(role);
  return [...met];
}

/** For a role: the privileges that it has through its own duties and directly. */
function privilegeFinder(rows: HrRows): (role: string, childRole: string | undefined) => readonly RolePrivilege[] {
  const permissions = groupBy(rows('SecurityPrivilegePermissions'), 'SecurityPrivilegeIdentifier');
  const ofDuty = groupBy(rows('SecurityDutyPrivileges'), 'SecurityDutyIdentifier');
  const dutiesOf = groupBy(rows('SecurityRoleDuties'), 'SecurityRoleIdentifier');
  const privilegesOf = groupBy(rows('SecurityRolePrivileges'), 'SecurityRoleIdentifier');
  return (role, childRole) => {
    const held = (row: Row, duty: string | undefined): RolePrivilege => {
      const privilege = rowReader(row)('SecurityPrivilegeIdentifier');
      const said = permissions.get(privilege.toLowerCase()) ?? [];
      return { childRole, duty, privilege, permissions: said.flatMap(buildPermission) };
    };
    const key = role.toLowerCase();
    const throughDuties = (dutiesOf.get(key) ?? []).flatMap((link) => {
      const duty = rowReader(link)('SecurityDutyIdentifier');
      return (ofDuty.get(duty.toLowerCase()) ?? []).map((row) => held(row, duty));
    });
    return [...throughDuties, ...(privilegesOf.get(key) ?? []).map((row) => held(row, undefined))];
  };
}

const nothingSaid: Readonly<Record<HrRight, GrantState>> = {
  Read: 'Unset',
  Update: 'Unset',
  Create: 'Unset',
  Correct: 'Unset',
  Delete: 'Unset',
  Invoke: 'Unset',
};

/** Objects as services see them; permissions for import and export say nothing here (2.2, step 2). */
function buildPermission(row: Row): HrPermission[] {
  const read = rowReader(row);
  const forServices = ['all', 'dataservices'].includes(read('IntegrationMode').toLowerCase());
  const type = securableTypes.find((known) => known.toLowerCase() === read('SecurableType').toLowerCase());
  if (type === undefined || !forServices) return [];
  const states: Record<HrRight, GrantState> = { ...nothingSaid };
  for (const right of hrRights) states[right] = parseGrantState(read(right));
  return [{ securable: securableKey(type, read('SecurableName'), read('SecurableField')), states }];
}

/** Anything that is not a known word says nothing, so that a misspelt grant does not allow. */
function parseGrantState(text: string): GrantState {
  const known: readonly GrantState[] = ['Grant', 'Deny'];
  return known.find((state) => state.toLowerCase() === text.toLowerCase()) ?? 'Unset';
}
