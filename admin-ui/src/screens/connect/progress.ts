import type { ApiClient } from '../../api/api-client.ts';
import { formatted, literal, query, webApi } from '../../api/odata.ts';
import type { HrUser, Link } from '../human-resources/sources.ts';
import type { UserRole } from '../human-resources/user-role.ts';
import { type AppUser, appUserQuery, findRootUnit } from '../power-platform/app-user.ts';
import type { Application } from '../power-platform/application.ts';
import { type Depth, rankOf } from '../security-roles/depth.ts';
import { type Grants, loadGrants, loadTemplate, type SecurityRole } from '../security-roles/role-model.ts';

/** The role of Human Resources that the source document assigns. */
export const recruitingRole = 'HcmRecruitingIntegrator';

interface Principal {
  readonly id: string;
  readonly accountEnabled: boolean;
}

/** What an administrator may call things. */
export interface Names {
  readonly role: string;
  readonly hrUser: string;
}

/** What is there of one application's way through both gates. */
export interface Progress {
  readonly application: Application;
  readonly principal: Principal | undefined;
  readonly user: AppUser | undefined;
  /** What a role must give at least. */
  readonly template: Grants;
  readonly rootUnit: string;
  /** The role of the root unit that is called as `names.role` says. */
  readonly role: SecurityRole | undefined;
  /** What that role gives; nothing where there is none. */
  readonly roleGrants: Grants;
  /** What all roles of the application user give together. */
  readonly userGrants: Grants;
  /** The user that the link names; where it names none, the one that is called as `names.hrUser` says. */
  readonly hrUser: HrUser | undefined;
  readonly hrRoles: readonly UserRole[];
  readonly link: Link | undefined;
  readonly names: Names;
}

/** Names after the application's; the real form of users takes 20 characters. */
const namesFor = (name: string): Names => ({
  role: name,
  hrUser: `${name.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 17)}Api`,
});

const first = async <T>(api: ApiClient, path: string, signal?: AbortSignal): Promise<T | undefined> =>
  (await api.list<T>(path, { signal })).rows[0];

/** Reads everything anew: of an application that somebody has begun with by hand as well. */
export async function loadProgress(
  api: ApiClient,
  clientId: string,
  chosen: Partial<Names>,
  signal?: AbortSignal,
): Promise<Progress | undefined> {
  const $filter = `appId eq ${literal(clientId)}`;
  const application = await first<Application>(api, `/v1.0/applications${query({ $filter })}`, signal);
  if (application === undefined) return undefined;
  const byName = { ...namesFor(application.displayName), ...chosen };
  const [principal, user, template, rootUnit, link] = await Promise.all([
    first<Principal>(api, `/v1.0/servicePrincipals${query({ $filter })}`, signal),
    findUser(api, clientId, signal),
    loadTemplate(api, signal),
    findRootUnit(api, signal),
    first<Link>(api, `/data/SysAADClients${query({ $filter: `AADClientId eq ${literal(clientId)}` })}`, signal),
  ]);
  const held = await loadHeldRoles(api, user, signal);
  const enough = held.find(({ grants }) => lacking(template, grants).size === 0);
  // What is there already goes by the name that it has.
  const names = { role: enough?.name ?? byName.role, hrUser: link?.UserId || byName.hrUser };
  const ofUser = query({ $filter: `UserId eq ${literal(names.hrUser)}` });
  const [role, hrUser, hrRoles] = await Promise.all([
    findRole(api, names.role, signal),
    first<HrUser>(api, `/data/SystemUsers${query({ $filter: `UserID eq ${literal(names.hrUser)}` })}`, signal),
    api.list<UserRole>(`/data/SecurityUserRoleAssociations${ofUser}`, { signal }),
  ]);
  const roleGrants: Grants = role === undefined ? new Map() : await loadGrants(api, role.roleid, signal);
  return {
    ...{ application, principal, user, template, rootUnit, role, roleGrants },
    userGrants: joinGrants(held),
    ...{ hrUser, hrRoles: hrRoles.rows, link, names },
  };
}

function findUser(api: ApiClient, clientId: string, signal?: AbortSignal): Promise<AppUser | undefined> {
  const options = query({ ...appUserQuery, $filter: `applicationid eq ${clientId}` });
  return api
    .list<AppUser>(`${webApi}/systemusers${options}`, { signal, headers: formatted })
    .then(({ rows }) => rows[0]);
}

const findRole = (api: ApiClient, name: string, signal?: AbortSignal): Promise<SecurityRole | undefined> => {
  const $filter = `name eq ${literal(name)} and _parentroleid_value eq null`;
  return first(api, `${webApi}/roles${query({ $select: 'name,_businessunitid_value', $filter })}`, signal);
};

interface HeldRole {
  readonly name: string;
  readonly grants: Grants;
}

const loadHeldRoles = (api: ApiClient, user: AppUser | undefined, signal?: AbortSignal): Promise<readonly HeldRole[]> =>
  Promise.all(
    (user?.systemuserroles_association ?? []).map(async ({ roleid, name }) => ({
      name,
      grants: await loadGrants(api, roleid, signal),
    })),
  );

/** Of each privilege the deepest that a role gives. */
function joinGrants(roles: readonly HeldRole[]): Grants {
  const joined = new Map<string, Depth>();
  for (const [id, depth] of roles.flatMap(({ grants }) => [...grants])) {
    if (rankOf(joined.get(id)) < rankOf(depth)) joined.set(id, depth);
  }
  return joined;
}

/** What of the template is not given, or not as deep. */
export const lacking = (template: Grants, given: Grants): Grants =>
  new Map([...template].filter(([id, depth]) => rankOf(given.get(id)) < rankOf(depth)));
