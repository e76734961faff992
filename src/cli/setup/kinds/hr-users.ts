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
    language: row['UserInfo_language'],
  };
  const present = Object.entries(texts).filter(([, value]) => typeof value === 'string' && value !== '');
  return {
    userId: String(row['UserID']),
    ...Object.fromEntries(present),
    company: String(row['Company']),
    isEnabled: row['Enabled'] !== false && row['Enabled'] !== 'No',
  };
}

function rolesOf(userId: string, roles: readonly Row[], scopes: readonly Row[]): readonly HrRoleSetup[] {
  const mine = (row: Row) => sameName(String(row['UserId']), userId);
  const identifiers = roles.filter(mine).map((row) => String(row['SecurityRoleIdentifier']));
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
    ...{ NetworkDomain: provider ?? email ?? userId, Company: company, Enabled: isEnabled },
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
  { data, all }: Session,
  userId: string,
  wanted: readonly HrRoleSetup[],
  current: readonly HrRoleSetup[],
): Promise<void> {
  const known = await all(data, 'SecurityRoles');
  const isWanted = (role: string) => wanted.some((each) => sameName(each.role, role));
  for (const { sign, name } of differencesOfNames(describe(wanted), describe(current))) {
    const [role = '', OrganizationId] = name.split(' in ');
    // They went with the role. Taken away first they would leave it without limits until it goes as well.
    if (sign === '-' && OrganizationId !== undefined && !isWanted(role)) continue;
    const key = { UserId: userId, SecurityRoleIdentifier: role };
    const scope = { ...key, OrganizationType: 'LegalEntity', OrganizationId };
    const isScope = OrganizationId !== undefined;
    const set = isScope ? 'SecurityUserRoleOrganizations' : 'SecurityUserRoleAssociations';
    if (sign === '-') await data(address(set, isScope ? scope : key), { method: 'DELETE' });
    else {
      const found = known.find((row) => row['SecurityRoleIdentifier'] === role);
      const body = isScope ? scope : { ...key, SecurityRoleName: found?.['SecurityRoleName'] ?? role };
      await data(set, { method: 'POST', body });
    }
  }
}

const address = (set: string, key: Row): string =>
  `${set}(${Object.entries(key)
    .map(([name, value]) => `${name}=${encodeURIComponent(literal(String(value)))}`)
    .join(',')})`;
