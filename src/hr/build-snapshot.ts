import { type LegalEntityId, parseHrUserId, parseLegalEntityId } from '../kernel/ids.ts';
import { languageOf } from '../kernel/language.ts';
import type { Row } from '../odata/row-store.ts';
import { buildPolicies } from './build-policies.ts';
import { buildRoles } from './build-roles.ts';
import { byKey, groupBy, type HrRows, rowReader } from './hr-rows.ts';
import { HrSnapshot } from './hr-snapshot.ts';
import type { ApplicationLink, AssignedRole, HrRole, HrUser, LegalEntity } from './hr-user.ts';

/** Turns the administration tables into the immutable snapshot that decisions are made by. */
export function buildHrSnapshot(rows: HrRows): HrSnapshot {
  const roles = buildRoles(rows);
  return new HrSnapshot({
    links: byKey(rows('SysAADClients').map(buildLink), (link) => link.clientId),
    users: buildUsers(rows, roles),
    roles,
    legalEntities: byKey(rows('LegalEntities').flatMap(buildLegalEntity), (entity) => entity.id),
    policies: buildPolicies(rows),
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
        language: languageOf(read('UserInfo_language')),
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
