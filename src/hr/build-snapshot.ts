import { type LegalEntityId, parseHrUserId, parseLegalEntityId } from '../kernel/ids.ts';
import type { Row } from '../odata/row-store.ts';
import { type HrSet, rowReader } from './hr-rows.ts';
import { HrSnapshot } from './hr-snapshot.ts';
import type {
  ApplicationLink,
  AssignedRole,
  HrPermission,
  HrRole,
  HrUser,
  LegalEntity,
  RolePrivilege,
} from './hr-user.ts';
import { type GrantState, type HrLevel, hrLevels } from './level.ts';

/** The rows of all administration tables, as read. */
export type HrRows = (set: HrSet) => readonly Row[];

/** Turns the administration tables into the immutable snapshot that decisions are made by. */
export function buildHrSnapshot(rows: HrRows): HrSnapshot {
  const roles = buildRoles(rows);
  return new HrSnapshot({
    links: byKey(rows('SysAADClients').map(buildLink), (link) => link.clientId),
    users: buildUsers(rows, roles),
    roles,
    legalEntities: byKey(rows('LegalEntities').flatMap(buildLegalEntity), (entity) => entity.id),
  });
}

function buildLink(row: Row): ApplicationLink {
  const read = rowReader(row);
  return {
    clientId: read('AADClientId').toLowerCase(),
    name: read('Name') || undefined,
    userId: read('UserId').trim() || undefined,
  };
}

function buildLegalEntity(row: Row): LegalEntity[] {
  const read = rowReader(row);
  const id = parseLegalEntityId(read('LegalEntityId'));
  return id === undefined ? [] : [{ id, name: read('Name') || id }];
}

function buildRoles(rows: HrRows): Map<string, HrRole> {
  const permissions = groupBy(rows('SecurityPrivilegePermissions'), 'SecurityPrivilegeIdentifier');
  const ofPrivilege = (privilege: string, duty: string | undefined): RolePrivilege => ({
    duty,
    privilege,
    permissions: (permissions.get(privilege.toLowerCase()) ?? []).flatMap(buildPermission),
  });
  const ofDuty = groupBy(rows('SecurityDutyPrivileges'), 'SecurityDutyIdentifier');
  const dutiesOf = groupBy(rows('SecurityRoleDuties'), 'SecurityRoleIdentifier');
  const privilegesOf = groupBy(rows('SecurityRolePrivileges'), 'SecurityRoleIdentifier');
  const roles = rows('SecurityRoles').map((row): HrRole => {
    const identifier = rowReader(row)('SecurityRoleIdentifier');
    const key = identifier.toLowerCase();
    const throughDuties = (dutiesOf.get(key) ?? []).flatMap((link) => {
      const duty = rowReader(link)('SecurityDutyIdentifier');
      const privileges = ofDuty.get(duty.toLowerCase()) ?? [];
      return privileges.map((row) => ofPrivilege(rowReader(row)('SecurityPrivilegeIdentifier'), duty));
    });
    const direct = (privilegesOf.get(key) ?? []).map((link) =>
      ofPrivilege(rowReader(link)('SecurityPrivilegeIdentifier'), undefined),
    );
    return {
      identifier,
      name: rowReader(row)('SecurityRoleName') || identifier,
      privileges: [...throughDuties, ...direct],
    };
  });
  return byKey(roles, (role) => role.identifier.toLowerCase());
}

const nothingSaid = { Read: 'Unset', Update: 'Unset', Create: 'Unset', Correct: 'Unset', Delete: 'Unset' } as const;

/** Data entities as services see them; permissions for import and export say nothing here (2.2, step 2). */
function buildPermission(row: Row): HrPermission[] {
  const read = rowReader(row);
  const forServices = ['all', 'dataservices'].includes(read('IntegrationMode').toLowerCase());
  if (read('SecurableType').toLowerCase() !== 'dataentity' || !forServices) return [];
  const states: Record<HrLevel, GrantState> = { ...nothingSaid };
  for (const level of hrLevels) states[level] = parseGrantState(read(level));
  return [{ entity: read('SecurableName').toLowerCase(), states }];
}

/** Anything that is not a known word says nothing, so that a misspelt grant does not allow. */
function parseGrantState(text: string): GrantState {
  const known: readonly GrantState[] = ['Grant', 'Deny'];
  return known.find((state) => state.toLowerCase() === text.toLowerCase()) ?? 'Unset';
}

function buildUsers(rows: HrRows, roles: ReadonlyMap<string, HrRole>): Map<string, HrUser> {
  const assignments = groupBy(rows('SecurityUserRoleAssociations'), 'UserId');
  const restrictions = groupBy(rows('SecurityUserRoleOrganizations'), 'UserId');
  const users = rows('SystemUsers').flatMap((row): HrUser[] => {
    const read = rowReader(row);
    const id = parseHrUserId(read('UserID'));
    if (id === undefined) return [];
    const key = id.toLowerCase();
    const assigned = (assignments.get(key) ?? []).flatMap((assignment) =>
      buildAssignedRole(assignment, restrictions.get(key) ?? [], roles),
    );
    return [
      {
        id,
        name: read('UserName') || id,
        enabled: read('Enabled') === 'true',
        language: read('UserInfo_language') || 'en-us',
        company: parseLegalEntityId(read('Company')),
        roles: assigned,
      },
    ];
  });
  return byKey(users, (user) => user.id.toLowerCase());
}

/** An assignment that is not plainly `Enabled`, or whose role is gone, gives nothing. */
function buildAssignedRole(
  assignment: Row,
  restrictions: readonly Row[],
  roles: ReadonlyMap<string, HrRole>,
): AssignedRole[] {
  const read = rowReader(assignment);
  const key = read('SecurityRoleIdentifier').toLowerCase();
  const role = roles.get(key);
  if (role === undefined || read('AssignmentStatus').toLowerCase() !== 'enabled') return [];
  const own = restrictions.filter((row) => rowReader(row)('SecurityRoleIdentifier').toLowerCase() === key);
  return [{ role, companies: own.length === 0 ? 'all' : new Set(own.flatMap(restrictedTo)) }];
}

/** A restriction to a kind of organization that we do not know still restricts: it adds no company. */
function restrictedTo(row: Row): LegalEntityId[] {
  const read = rowReader(row);
  const company = parseLegalEntityId(read('OrganizationId'));
  return company === undefined || read('OrganizationType').toLowerCase() !== 'legalentity' ? [] : [company];
}

function byKey<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}

/** Rows by the lower-case text of one column. */
function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = rowReader(row)(column).toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
