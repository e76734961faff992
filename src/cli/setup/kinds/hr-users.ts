import { literal } from '../../lookups.ts';
import type { Row, Session } from '../../session.ts';
import { compareNames, compareValues, differencesOfNames, type Kind, sameName } from '../kind.ts';
import type { HrRoleSetup, HrUserSetup } from '../setup.ts';

/** Every user has it by itself, so no file names it. */
const automaticRole = 'SystemUser';

/** Members of the file to columns of `SystemUsers`. */
const columns = {
  name: 'UserName',
  email: 'Email',
  provider: 'NetworkDomain',
  company: 'Company',
  language: 'UserInfo_language',
  isEnabled: 'Enabled',
} as const;

/** Human Resources users, their roles, and the legal entities that these hold in. */
export const hrUsers: Kind<HrUserSetup> = {
  kind: 'hrUsers',
  nameOf: ({ userId }) => userId,
  async read(session) {
    const users = await session.all(session.data, 'SystemUsers');
    const roles = await session.all(session.data, 'SecurityUserRoleAssociations');
    const scopes = await session.all(session.data, 'SecurityUserRoleOrganizations');
    return users.map((row) => ({
      ...fromRow(row),
      roles: rolesOf(String(row['UserID']), roles, scopes),
    }));
  },
  compare: (wanted, current) => [
    ...compareValues(wanted, current, Object.keys(columns) as (keyof typeof columns)[]),
    ...(wanted.roles === undefined ? [] : compareNames('role', describe(wanted.roles), describe(current?.roles ?? []))),
  ],
  async apply(session, wanted, current) {
    if (current === undefined) await session.data('SystemUsers', { method: 'POST', body: newUser(wanted) });
    else await change(session, wanted, current);
    if (wanted.roles !== undefined) await applyRoles(session, wanted.userId, wanted.roles, current?.roles ?? []);
  },
};

function fromRow(row: Row): HrUserSetup {
  const texts = {
    name: row['UserName'],
    email: row['Email'],
    provider: row['NetworkDomain'],
    company: row['Company'],
    language: row['UserInfo_language'],
  };
  const present = Object.entries(texts).filter(([, value]) => typeof value === 'string' && value !== '');
  return {
    userId: String(row['UserID']),
    ...Object.fromEntries(present),
    isEnabled: row['Enabled'] !== false && row['Enabled'] !== 'No',
  };
}

function rolesOf(userId: string, roles: readonly Row[], scopes: readonly Row[]): readonly HrRoleSetup[] {
  const mine = (row: Row) => sameName(String(row['UserId']), userId);
  // An assignment that is switched off gives nothing: as good as none.
  const isOn = (row: Row) => sameName(String(row['AssignmentStatus']), 'Enabled');
  const identifiers = roles.filter((row) => mine(row) && isOn(row)).map((row) => String(row['SecurityRoleIdentifier']));
  return identifiers
    .filter((role) => !sameName(role, automaticRole))
    .sort()
    .map((role) => {
      const scoped = scopes.filter((row) => mine(row) && row['SecurityRoleIdentifier'] === role);
      const legalEntities = scoped.map((row) => String(row['OrganizationId'])).sort();
      return legalEntities.length === 0 ? { role } : { role, legalEntities };
    });
}

/** One word for each role, with the legal entities that it holds in. */
const describe = (roles: readonly HrRoleSetup[]): readonly string[] =>
  roles.flatMap(({ role, legalEntities }) => [role, ...(legalEntities ?? []).map((each) => `${role} in ${each}`)]);

function newUser({ userId, name, email, provider, company, language = 'en-us', isEnabled = true }: HrUserSetup): Row {
  return {
    ...{ UserID: userId, UserName: name ?? userId, Alias: email ?? userId, Email: email ?? userId },
    ...{ NetworkDomain: provider ?? email ?? userId, Enabled: isEnabled },
    ...(company !== undefined && { Company: company }),
    ...{ UserInfo_language: language, Helplanguage: language },
  };
}

async function change(session: Session, wanted: HrUserSetup, current: HrUserSetup): Promise<void> {
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const changed = names.filter((name) => wanted[name] !== undefined && wanted[name] !== current[name]);
  if (changed.length === 0) return;
  const body = Object.fromEntries(changed.map((name) => [columns[name], wanted[name]]));
  await session.data(`SystemUsers(${encodeURIComponent(literal(wanted.userId))})`, { method: 'PATCH', body });
}

async function applyRoles(
  session: Session,
  userId: string,
  wanted: readonly HrRoleSetup[],
  current: readonly HrRoleSetup[],
): Promise<void> {
  const isWanted = (role: string) => wanted.some((each) => sameName(each.role, role));
  const differences = differencesOfNames(describe(wanted), describe(current)).map(({ sign, name }) => {
    const [role = '', OrganizationId] = name.split(' in ');
    return { sign, role, OrganizationId };
  });
  const isNew = (role: string) =>
    differences.some((each) => each.sign === '+' && each.role === role && each.OrganizationId === undefined);
  for (const { sign, role, OrganizationId } of differences) {
    // Limits of a role that goes, go with it: taken away first they would leave it without any. Those of a new one come with it.
    if (OrganizationId !== undefined && (sign === '-' ? !isWanted(role) : isNew(role))) continue;
    const key = { UserId: userId, SecurityRoleIdentifier: role };
    if (OrganizationId !== undefined) {
      const scope = { ...key, OrganizationType: 'LegalEntity', OrganizationId };
      if (sign === '-') await session.data(address('SecurityUserRoleOrganizations', scope), { method: 'DELETE' });
      else await session.data('SecurityUserRoleOrganizations', { method: 'POST', body: scope });
    } else if (sign === '-') await session.data(address('SecurityUserRoleAssociations', key), { method: 'DELETE' });
    else await assign(session, key, wanted.find((each) => sameName(each.role, role))?.legalEntities ?? []);
  }
}

/** A role that is to hold in some legal entities only is switched on when those are said: it never holds in all of them. */
async function assign({ data, all }: Session, key: Row, legalEntities: readonly string[]): Promise<void> {
  const { UserId, SecurityRoleIdentifier: role } = key;
  const ofRole = (row: Row) =>
    sameName(String(row['UserId']), String(UserId)) && sameName(String(row['SecurityRoleIdentifier']), String(role));
  const isThere = (await all(data, 'SecurityUserRoleAssociations')).some(ofRole);
  const roles = await all(data, 'SecurityRoles');
  const found = roles.find((row) => sameName(String(row['SecurityRoleIdentifier']), String(role)));
  const AssignmentStatus = legalEntities.length === 0 ? 'Enabled' : 'Disabled';
  const path = address('SecurityUserRoleAssociations', key);
  if (isThere) await data(path, { method: 'PATCH', body: { AssignmentStatus } });
  else {
    const body = { ...key, SecurityRoleName: found?.['SecurityRoleName'] ?? role, AssignmentStatus };
    await data('SecurityUserRoleAssociations', { method: 'POST', body });
  }
  const known = (await all(data, 'SecurityUserRoleOrganizations')).filter(ofRole).map((row) => row['OrganizationId']);
  for (const { sign, name } of differencesOfNames(legalEntities, known.map(String))) {
    const scope = { ...key, OrganizationType: 'LegalEntity', OrganizationId: name };
    if (sign === '-') await data(address('SecurityUserRoleOrganizations', scope), { method: 'DELETE' });
    else await data('SecurityUserRoleOrganizations', { method: 'POST', body: scope });
  }
  if (AssignmentStatus === 'Disabled') await data(path, { method: 'PATCH', body: { AssignmentStatus: 'Enabled' } });
}

/** A row by its key. */
export const address = (set: string, key: Row): string =>
  `${set}(${Object.entries(key)
    .map(([name, value]) => `${name}=${encodeURIComponent(literal(String(value)))}`)
    .join(',')})`;
