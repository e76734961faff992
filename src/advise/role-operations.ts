import type { ApplicationUser } from '../dataverse/application-user.ts';
import type { FixOperation } from '../explain/condition.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { dataKey, onData, onWebApi, quoted } from '../explain/fixes/operations.ts';
import { addPrivileges, assign, granteeOf, makeRole } from '../explain/fixes/security-roles.ts';
import type { HrUser } from '../hr/hr-user.ts';
import { newGuid } from '../kernel/ids.ts';
import type { LeastDuties } from './least-duties.ts';
import type { LeastRole } from './least-role.ts';

/** What is to be made, and for whom. */
export interface RolesToMake {
  readonly view: EnvironmentView;
  readonly user: ApplicationUser;
  readonly role: LeastRole;
  readonly hr?: { readonly user: HrUser; readonly least: LeastDuties };
}

export interface RoleOperations {
  readonly makeRoles: readonly FixOperation[];
  readonly switchRoles: readonly FixOperation[];
}

/** Calls that make the advised roles, and calls that put them in the place of today's. */
export function roleOperations({ view, user, role, hr }: RolesToMake): RoleOperations {
  const roleId = newGuid();
  const mark = roleId.slice(0, 8);
  const security = securityRole(view, user, role, { roleId, name: `${user.name.slice(0, 60)} least (${mark})` });
  const duties = hr === undefined ? nothing : hrRole(hr.user, hr.least, `Least${mark}`);
  return {
    makeRoles: [...security.makeRoles, ...duties.makeRoles],
    switchRoles: [...security.switchRoles, ...duties.switchRoles],
  };
}

const nothing: RoleOperations = { makeRoles: [], switchRoles: [] };

function securityRole(
  { dataverse, url }: EnvironmentView,
  user: ApplicationUser,
  { privileges, keeps }: LeastRole,
  { roleId, name }: { readonly roleId: string; readonly name: string },
): RoleOperations {
  if (privileges.length === 0) return nothing;
  const to = granteeOf(user);
  const own = new Set(user.roleIds);
  const old = user.roles.filter(({ role, teamId }) => teamId === undefined && own.has(role.id));
  return {
    makeRoles: [
      makeRole(roleId, name, user.businessUnitId),
      addPrivileges(dataverse, roleId, name, user.businessUnitId, privileges),
    ],
    switchRoles: [
      assign(url, to, roleId, name),
      ...old.flatMap(({ role }) =>
        keeps.includes(role.name)
          ? []
          : [
              onWebApi('DELETE', `systemusers(${user.id})/systemuserroles_association(${role.id})/$ref`, undefined, {
                preview: {
                  en: `${user.name} no longer has the security role ${role.name}`,
                  nb: `${user.name} har ikke lenger sikkerhetsrollen ${role.name}`,
                },
                cliCommand: `portvakt user revoke ${user.clientId ?? user.id} ${quoted(role.name)}`,
              }),
            ],
      ),
    ],
  };
}

function hrRole(user: HrUser, { duties, privileges, contextString, legalEntities }: LeastDuties, identifier: string) {
  const role = { SecurityRoleIdentifier: identifier };
  const name = `Least privilege of ${user.id}`.slice(0, 100);
  const alone = privileges.filter(({ duty }) => duty === undefined).map(({ privilege }) => privilege);
  const has = (what: string) => ({ preview: { en: `${identifier} has ${what}`, nb: `${identifier} har ${what}` } });
  const makeRoles = [
    onData(
      'POST',
      'SecurityRoles',
      { ...role, SecurityRoleName: name, ...(contextString !== '' && { ContextString: contextString }) },
      {
        preview: {
          en: `A new role ${identifier} in Human Resources`,
          nb: `En ny rolle ${identifier} i Human Resources`,
        },
      },
    ),
    ...duties.map((duty) => onData('POST', 'SecurityRoleDuties', { ...role, SecurityDutyIdentifier: duty }, has(duty))),
    ...alone.map((privilege) =>
      onData('POST', 'SecurityRolePrivileges', { ...role, SecurityPrivilegeIdentifier: privilege }, has(privilege)),
    ),
  ];
  return { makeRoles, switchRoles: [...assignHrRole(user, identifier, name, legalEntities), ...removeOthers(user)] };
}

/** Where the role is to hold in some legal entities only, it is switched on when those are said. */
function assignHrRole(
  { id }: HrUser,
  identifier: string,
  name: string,
  legalEntities: LeastDuties['legalEntities'],
): readonly FixOperation[] {
  const key = { UserId: id, SecurityRoleIdentifier: identifier };
  const preview = { en: `${id} has the role ${identifier}`, nb: `${id} har rollen ${identifier}` };
  const row = { ...key, SecurityRoleName: name };
  if (legalEntities === 'all') return [onData('POST', 'SecurityUserRoleAssociations', row, { preview })];
  return [
    onData('POST', 'SecurityUserRoleAssociations', { ...row, AssignmentStatus: 'Disabled' }, { preview }),
    ...legalEntities.map((company) =>
      onData(
        'POST',
        'SecurityUserRoleOrganizations',
        { ...key, OrganizationType: 'LegalEntity', OrganizationId: company },
        { preview: { en: `... in ${company}`, nb: `... i ${company}` } },
      ),
    ),
    onData('PATCH', dataKey('SecurityUserRoleAssociations', key), { AssignmentStatus: 'Enabled' }, { preview }),
  ];
}

const removeOthers = ({ id, roles }: HrUser): readonly FixOperation[] =>
  roles.map(({ role }) =>
    onData(
      'DELETE',
      dataKey('SecurityUserRoleAssociations', { UserId: id, SecurityRoleIdentifier: role.identifier }),
      undefined,
      {
        preview: {
          en: `${id} no longer has the role ${role.identifier}`,
          nb: `${id} har ikke lenger rollen ${role.identifier}`,
        },
        cliCommand: `portvakt hr-user revoke ${quoted(id)} ${quoted(role.identifier)}`,
      },
    ),
  );
