import type { Named, Organisation } from './organisation.ts';
import { platformClient } from './organisation.ts';
import { type Entity, entityFacts, type Plain, policyTemplates, type Stored } from './world.ts';

/**
 * Gate two, written a second time out of human-resources-security 2 and 7: straight over the administrator's rows, without
 * a snapshot, without keeping anything, without the product's code.
 */
export type Level = 'Read' | 'Update' | 'Create' | 'Delete';

const order = ['Read', 'Update', 'Create', 'Correct', 'Delete'];
const same = (left: unknown, right: unknown): boolean =>
  String(left ?? '').toLowerCase() === String(right ?? '').toLowerCase();
const operationsOf: Readonly<Record<Level, readonly string[]>> = {
  Read: ['AllOperations', 'Select'],
  Update: ['AllOperations', 'Update'],
  Create: ['AllOperations', 'Insert'],
  Delete: ['AllOperations', 'Delete'],
};

/** What a column tells about, where that is more than itself: written down by hand. */
const tells: Readonly<Record<string, readonly (readonly [Entity, string])[]>> = {
  'candidate mshr_lastname': [
    ['candidate', 'lastname'],
    ['person', 'lastname'],
  ],
  'candidate mshr_fk_recruitingrequest_id': [['candidate', 'recruitingrequestid']],
  'number mshr_primaryfield': [
    ['number', 'partynumber'],
    ['number', 'identificationnumber'],
  ],
  'number mshr_fk_person_id': [['number', 'partynumber']],
};

/** Why a caller gets no session: message number, and the language that it is told in. */
export interface NoSession {
  readonly refused: 'V1' | 'V2' | 'disabled';
  readonly name: string;
  readonly norwegian: boolean;
}

export class Session {
  readonly #all: Organisation;
  readonly user: Named;

  constructor(all: Organisation, user: Named) {
    this.#all = all;
    this.user = user;
  }

  get norwegian(): boolean {
    return isNorwegian(this.user);
  }

  get isAdministrator(): boolean {
    return this.#assigned().some((each) => same(each['SecurityRoleIdentifier'], '-SYSADMIN-'));
  }

  #assigned(): readonly Named[] {
    return enabledRoles(this.#all, this.user);
  }

  /** Companies in which a level is held on an entity, or `undefined` for no right at all. */
  companies(entity: Entity, level: string): readonly string[] | 'all' {
    if (this.isAdministrator) return 'all';
    return reach(this.#all, this.user, 'DataEntity', entityFacts[entity].securable, '', level);
  }

  holds(entity: Entity, level: string): boolean {
    return this.companies(entity, level).length > 0;
  }

  inCompany(entity: Entity, level: string, company: string | null | undefined): boolean {
    const companies = this.companies(entity, level);
    return (
      companies === 'all' || !('mshr_dataareaid' in columnsOf(entity)) || companies.some((each) => same(each, company))
    );
  }

  mayUse(entity: Entity, column: string, level: Level): boolean {
    if (this.isAdministrator) return true;
    const about = tells[`${entity} ${column}`] ?? [[entity, column.slice(5)] as const];
    return about.every(([of, field]) => {
      const name = entityFacts[of].securable;
      const isProtected = of === 'number' && field === 'identificationnumber';
      if (isDenied(this.#all, this.user, 'DataEntityField', name, field, level)) return false;
      return !isProtected || reach(this.#all, this.user, 'DataEntityField', name, field, level).length > 0;
    });
  }

  /** Do all policies leave this row? */
  leaves(entity: Entity, level: Level, row: Plain, stored: Stored): boolean {
    if (this.isAdministrator) return true;
    const assigned = this.#assigned();
    if (assigned.some((each) => same(each['SecurityRoleIdentifier'], 'XDSDataAccessPolicyBypassRole'))) return true;
    const strings = assigned.map(
      (each) =>
        this.#all['SecurityRoles']?.find((role) =>
          same(role['SecurityRoleIdentifier'], each['SecurityRoleIdentifier']),
        )?.['ContextString'],
    );
    for (const policy of this.#all['SecurityPolicies'] ?? []) {
      const isHeld =
        policy['ContextType'] === 'RoleName'
          ? assigned.some((each) => same(each['SecurityRoleIdentifier'], policy['ContextString']))
          : strings.some((each) => each !== null && each !== undefined && same(each, policy['ContextString']));
      if (policy['Enabled'] !== true || !isHeld || !operationsOf[level].includes(String(policy['Operation']))) continue;
      const template = policyTemplates.find(({ name }) => name === policy['SecurityPolicyIdentifier']);
      for (const constrained of this.#all['SecurityPolicyConstrainedEntities'] ?? []) {
        if (constrained['SecurityPolicyIdentifier'] !== template?.name) continue;
        if (constrained['SecurableName'] !== entityFacts[entity].securable) continue;
        const way = template?.ways.find(
          ({ entity: from, path }) => from === constrained['SecurableName'] && path === constrained['RelationPath'],
        );
        if (!way?.follow(row, stored).some((each) => template?.holds(each))) return false;
      }
    }
    return true;
  }

  sees(entity: Entity, row: Plain, stored: Stored): boolean {
    return this.inCompany(entity, 'Read', row['mshr_dataareaid']) && this.leaves(entity, 'Read', row, stored);
  }
}

const columnsOf = (entity: Entity): Readonly<Record<string, true>> =>
  Object.fromEntries(entityFacts[entity].columns.map((name) => [name, true]));

const isNorwegian = (user: Named | undefined): boolean =>
  /^(nb|nn|no)/i.test(String(user?.['UserInfo_language'] ?? ''));

function enabledRoles(all: Organisation, user: Named): readonly Named[] {
  return (all['SecurityUserRoleAssociations'] ?? []).filter(
    (each) => same(each['UserId'], user['UserID']) && same(each['AssignmentStatus'], 'Enabled'),
  );
}

/** All permissions that a user has a say by, each with the companies of the role that brings it. */
function* permissions(all: Organisation, user: Named, type: string, name: string, field: string) {
  for (const assigned of enabledRoles(all, user)) {
    const organizations = (all['SecurityUserRoleOrganizations'] ?? []).filter(
      (each) =>
        same(each['UserId'], user['UserID']) &&
        same(each['SecurityRoleIdentifier'], assigned['SecurityRoleIdentifier']),
    );
    const companies: readonly string[] | 'all' =
      organizations.length === 0
        ? 'all'
        : organizations
            .filter((each) => each['OrganizationType'] === 'LegalEntity')
            .map((each) => String(each['OrganizationId']));
    for (const privilege of privilegesOf(all, String(assigned['SecurityRoleIdentifier']), [])) {
      for (const said of all['SecurityPrivilegePermissions'] ?? []) {
        if (said['SecurityPrivilegeIdentifier'] !== privilege || said['IntegrationMode'] === 'DataManagement') continue;
        if (
          said['SecurableType'] !== type ||
          !same(said['SecurableName'], name) ||
          !same(said['SecurableField'], field)
        )
          continue;
        yield { said, companies };
      }
    }
  }
}

function privilegesOf(all: Organisation, role: string, above: readonly string[]): readonly string[] {
  if (above.includes(role)) return [];
  const duties = (all['SecurityRoleDuties'] ?? []).filter((each) => each['SecurityRoleIdentifier'] === role);
  const through = duties.flatMap((duty) =>
    (all['SecurityDutyPrivileges'] ?? []).filter(
      (each) => each['SecurityDutyIdentifier'] === duty['SecurityDutyIdentifier'],
    ),
  );
  const direct = (all['SecurityRolePrivileges'] ?? []).filter((each) => each['SecurityRoleIdentifier'] === role);
  const children = (all['SecurityRoleSubRoles'] ?? []).filter((each) => each['SecurityRoleIdentifier'] === role);
  return [
    ...[...through, ...direct].map((each) => String(each['SecurityPrivilegeIdentifier'])),
    ...children.flatMap((child) => privilegesOf(all, String(child['SubRoleIdentifier']), [...above, role])),
  ];
}

function isDenied(all: Organisation, user: Named, type: string, name: string, field: string, level: string): boolean {
  const weaker = level === 'Invoke' ? ['Invoke'] : order.slice(0, order.indexOf(level) + 1);
  for (const { said } of permissions(all, user, type, name, field)) {
    if (weaker.some((each) => said[each] === 'Deny')) return true;
  }
  return false;
}

function reach(
  all: Organisation,
  user: Named,
  type: string,
  name: string,
  field: string,
  level: string,
): readonly string[] | 'all' {
  if (isDenied(all, user, type, name, field, level)) return [];
  const stronger = level === 'Invoke' ? ['Invoke'] : order.slice(order.indexOf(level));
  const found: string[] = [];
  for (const { said, companies } of permissions(all, user, type, name, field)) {
    if (!stronger.some((each) => said[each] === 'Grant')) continue;
    if (companies === 'all') return 'all';
    found.push(...companies);
  }
  return found;
}

/** Steps 11 to 14. */
export function openSession(all: Organisation, clientId: string, appName: string): Session | NoSession {
  const links = all['SysAADClients'] ?? [];
  const userOf = (id: unknown): Named | undefined => all['SystemUsers']?.find((each) => same(each['UserID'], id));
  const linkOf = (id: string): Named | undefined => links.find((each) => same(each['AADClientId'], id));
  const link = linkOf(clientId);
  const user = link?.['UserId'] ? userOf(link['UserId']) : undefined;
  const platform = userOf(linkOf(platformClient)?.['UserId'] || undefined);
  const service = 'CDSVirtualEntityAdapterService';
  const works =
    platform !== undefined &&
    platform['Enabled'] === true &&
    !isDenied(all, platform, 'ServiceOperation', service, '', 'Invoke') &&
    (enabledRoles(all, platform).some((each) => same(each['SecurityRoleIdentifier'], 'CDSVirtualEntityApplication')) ||
      reach(all, platform, 'ServiceOperation', service, '', 'Invoke').length > 0);
  const name = String(user?.['UserID'] ?? '');
  if (!works) return { refused: 'V1', name: '', norwegian: isNorwegian(user ?? platform) };
  if (link === undefined) return { refused: 'V2', name: appName, norwegian: isNorwegian(platform) };
  if (user === undefined) {
    return {
      refused: 'V2',
      name: String(link['UserId'] || link['Name'] || clientId),
      norwegian: isNorwegian(platform),
    };
  }
  if (user['Enabled'] !== true) return { refused: 'disabled', name, norwegian: isNorwegian(user) };
  return new Session(all, user);
}
