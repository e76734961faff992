import { type ApplicationUser, roleTemplates, type SecurityRole } from '../../dataverse/application-user.ts';
import { depthOfNumber, depthWords } from '../../dataverse/privilege-index.ts';
import type { DataverseSnapshot } from '../../dataverse/snapshot.ts';
import { type BusinessUnitId, newGuid } from '../../kernel/ids.ts';
import type { Fix, FixOperation, NearMiss } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onWebApi, quoted } from './operations.ts';
import type { WantedPrivilege } from './wanted-privileges.ts';

/** Whom a role is given to: a user who is there, or one that the same fix makes. */
export interface Grantee {
  readonly id: string;
  readonly name: string;
  readonly clientId: string;
  readonly businessUnitId: BusinessUnitId;
  readonly user?: ApplicationUser;
}

/** Managed roles but these two cannot be changed. */
const fixedTemplates: readonly string[] = [roleTemplates.systemAdministrator.id, roleTemplates.delegate.id];

/** A privilege that no role is given by hand: the product's own role has it. */
const actOnBehalf = 'prvActOnBehalfOfAnotherUser';

const namesOf = ({ index }: DataverseSnapshot, lacked: readonly WantedPrivilege[]): string =>
  lacked.map(({ slot }) => index.at(slot).name).join(', ');

/**
 * Ways to give a user privileges: into a role that they have, by a role that has them, or in a role made for it. The gain
 * counts privileges and the users who get them.
 */
export function grantFixes(facts: Facts, to: Grantee, lacked: readonly WantedPrivilege[]): readonly Fix[] {
  if (lacked.length === 0) return [];
  const isFixed = lacked.some(({ slot }) => facts.view.dataverse.index.at(slot).name === actOnBehalf);
  if (isFixed) return assignedRoles(facts, to, lacked);
  return [...widenedRoles(facts, to, lacked), ...assignedRoles(facts, to, lacked), ownRole(facts, to, lacked)];
}

/** The user's own roles, each with the privileges added. */
function widenedRoles({ view }: Facts, { user }: Grantee, lacked: readonly WantedPrivilege[]): readonly Fix[] {
  const { dataverse: snapshot } = view;
  const own = new Map((user?.roles ?? []).map(({ role }) => [role.rootId, role]));
  return [...own.values()]
    .filter(({ templateId }) => templateId === undefined || !fixedTemplates.includes(templateId))
    .map((role) => {
      const holders = [...snapshot.users.values()].filter(({ roles }) =>
        roles.some((each) => each.role.rootId === role.rootId),
      );
      return {
        title: {
          en: `Add to the security role ${role.name}: ${namesOf(snapshot, lacked)}`,
          nb: `Legg til i sikkerhetsrollen ${role.name}: ${namesOf(snapshot, lacked)}`,
        },
        gain: lacked.length * Math.max(1, holders.length),
        operations: [addPrivileges(snapshot, role.rootId, role.name, role.businessUnitId, lacked)],
      };
    });
}

/** Roles that give all of it, which the user does not have. */
function assignedRoles({ view }: Facts, to: Grantee, lacked: readonly WantedPrivilege[]): readonly Fix[] {
  const held = to.user && view.dataverse.depthsOf(to.user);
  return givingRoles(view.dataverse, to, lacked).map((role) => ({
    title: { en: `Assign the security role ${role.name}`, nb: `Tildel sikkerhetsrollen ${role.name}` },
    gain: role.depths.reduce((sum, depth, slot) => sum + (depth > (held?.[slot] ?? 0) ? 1 : 0), 0),
    operations: [assign(view.url, to, role.id, role.name)],
  }));
}

/** Roles of the grantee's business unit that have every privilege that deep, and are not held. */
function givingRoles(
  snapshot: DataverseSnapshot,
  { user, businessUnitId }: Grantee,
  lacked: readonly WantedPrivilege[],
): readonly SecurityRole[] {
  const held = new Set(user?.roles.map(({ role }) => role.rootId));
  return [...snapshot.roles.values()].filter(
    (role) =>
      role.businessUnitId === businessUnitId &&
      !held.has(role.rootId) &&
      role.templateId !== roleTemplates.systemAdministrator.id &&
      lacked.every(({ slot, depth }) => (role.depths[slot] ?? 0) >= depth),
  );
}

/** A role with nothing else in it. */
function ownRole({ view }: Facts, to: Grantee, lacked: readonly WantedPrivilege[]): Fix {
  const { dataverse: snapshot, url } = view;
  const what = namesOf(snapshot, lacked);
  const roleid = newGuid();
  const name = `${to.name.slice(0, 60)}: ${lacked.length} privileges (${roleid.slice(0, 8)})`;
  const made = makeRole(roleid, name, to.businessUnitId);
  return {
    title: { en: `Make a security role with ${what} alone`, nb: `Lag en sikkerhetsrolle med bare ${what}` },
    gain: lacked.length,
    operations: [made, addPrivileges(snapshot, roleid, name, to.businessUnitId, lacked), assign(url, to, roleid, name)],
  };
}

/** A security role without privileges. */
export const makeRole = (roleid: string, name: string, businessUnitId: string): FixOperation =>
  onWebApi(
    'POST',
    'roles',
    { roleid, name, 'businessunitid@odata.bind': `/businessunits(${businessUnitId})` },
    { preview: { en: `A new security role ${name}`, nb: `En ny sikkerhetsrolle ${name}` } },
  );

export function addPrivileges(
  snapshot: DataverseSnapshot,
  roleId: string,
  name: string,
  BusinessUnitId: string,
  lacked: readonly WantedPrivilege[],
): FixOperation {
  const Privileges = lacked.map(({ slot, depth }) => {
    const { privilegeId } = snapshot.index.at(slot);
    return { PrivilegeId: privilegeId, Depth: depthWords[depthOfNumber(depth) ?? 'global'], BusinessUnitId };
  });
  const depths = lacked.map(({ slot, depth }) => {
    const word = depthWords[depthOfNumber(depth) ?? 'global'];
    return `${snapshot.index.at(slot).name} (${word})`;
  });
  return onWebApi(
    'POST',
    `roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`,
    { Privileges },
    { preview: { en: `${name} has ${depths.join(', ')}`, nb: `${name} har ${depths.join(', ')}` } },
  );
}

export const assign = (url: string, to: Grantee, roleId: string, name: string): FixOperation =>
  onWebApi(
    'POST',
    `systemusers(${to.id})/systemuserroles_association/$ref`,
    { '@odata.id': `${url}/api/data/v9.2/roles(${roleId})` },
    {
      preview: { en: `${to.name} has the security role ${name}`, nb: `${to.name} har sikkerhetsrollen ${name}` },
      cliCommand: `portvakt user grant ${to.clientId} ${quoted(name)}`,
    },
  );

/** Roles that would do and are not assigned. */
export const unassignedRoles = (facts: Facts, to: Grantee, lacked: readonly WantedPrivilege[]): readonly NearMiss[] =>
  givingRoles(facts.view.dataverse, to, lacked).map(({ id, name }) => ({
    kind: 'role-not-assigned',
    text: {
      en: `The security role ${name} has the privilege, but is not assigned to the user`,
      nb: `Sikkerhetsrollen ${name} har rettigheten, men er ikke tildelt brukeren`,
    },
    evidence: { securityRole: name, securityRoleId: id },
  }));

export const granteeOf = (user: ApplicationUser): Grantee => ({
  id: user.id,
  name: user.name,
  clientId: user.clientId ?? user.id,
  businessUnitId: user.businessUnitId,
  user,
});
