import type { Dice } from '../queries/make.ts';
import { companies, policyTemplates } from './world.ts';

export type Named = Readonly<Record<string, string | boolean | null>>;

/** The rows of every administration set, as an administrator would have written them. */
export type Organisation = Readonly<Record<string, readonly Named[]>>;

export const clientIds = [1, 2, 3, 4, 5].map((number) => `${String(number).repeat(8)}-0000-4000-8000-000000000000`);
export const platformClient = '61a0518c-121a-421a-9ad6-f0955a88be43';

const users = ['Anne', 'Bjarne', 'Cecilie', 'David'];
const roles = ['RoleA', 'RoleB', 'RoleC', 'RoleD', 'RoleE'];
const duties = ['DutyA', 'DutyB', 'DutyC'];
const privileges = ['PrivA', 'PrivB', 'PrivC', 'PrivD', 'PrivE', 'PrivF'];
const rights = ['Read', 'Update', 'Create', 'Correct', 'Delete'];
const entities = [
  'hcmcandidatetohireentity',
  'hcmcandidatetohireentity',
  'hcmrecruitingrequestentity',
  'dirpersonentity',
  'hcmpersonidentificationnumberentity',
];
const fields = [
  ['hcmpersonidentificationnumberentity', 'identificationnumber'],
  ['hcmpersonidentificationnumberentity', 'identificationnumber'],
  ['hcmpersonidentificationnumberentity', 'partynumber'],
  ['hcmcandidatetohireentity', 'lastname'],
  ['hcmcandidatetohireentity', 'recruitingrequestid'],
  ['dirpersonentity', 'lastname'],
  ['hcmrecruitingrequestentity', 'description'],
] as const;

/** A random organisation: mostly sound, so that most decisions come down to rights and rows. */
export function randomOrganisation(dice: Dice): Organisation {
  const some = <T>(items: readonly T[], probability: number): T[] => items.filter(() => dice.chance(probability));
  const pairs = <T, U>(left: readonly T[], right: readonly U[], probability: number): (readonly [T, U])[] =>
    left.flatMap((one) => some(right, probability).map((other) => [one, other] as const));
  const assignments = assignmentsOf(dice, some);
  return {
    SystemUsers: [
      ...users.map((id) => userRow(dice, id)),
      { ...userRow(dice, 'PowerPlatformApp'), Enabled: !dice.chance(0.02) },
    ],
    SysAADClients: linksOf(dice),
    SecurityRoles: [
      ...roles.map((id, at) => roleRow(id, at % 2 === 0 ? 'Recruiting' : null)),
      ...['-SYSADMIN-', 'XDSDataAccessPolicyBypassRole', 'CDSVirtualEntityApplication'].map((id) => roleRow(id, null)),
    ],
    SecurityRoleSubRoles: some(
      [
        ['RoleA', 'RoleB'],
        ['RoleB', 'RoleC'],
        ['RoleC', 'RoleA'],
        ['RoleD', 'RoleC'],
      ],
      0.3,
    ).map(([parent, child]) => ({ SecurityRoleIdentifier: parent ?? '', SubRoleIdentifier: child ?? '' })),
    SecurityRoleDuties: pairs(roles, duties, 0.3).map(([role, duty]) => ({
      SecurityRoleIdentifier: role,
      SecurityDutyIdentifier: duty,
    })),
    SecurityRolePrivileges: pairs(roles, privileges, 0.2).map(([role, privilege]) => ({
      SecurityRoleIdentifier: role,
      SecurityPrivilegeIdentifier: privilege,
    })),
    SecurityDutyPrivileges: pairs(duties, privileges, 0.4).map(([duty, privilege]) => ({
      SecurityDutyIdentifier: duty,
      SecurityPrivilegeIdentifier: privilege,
    })),
    SecurityPrivilegePermissions: permissionsOf(dice),
    SecurityUserRoleAssociations: assignments,
    SecurityUserRoleOrganizations: assignments.flatMap(({ UserId = '', SecurityRoleIdentifier = '' }) =>
      dice.chance(0.3)
        ? some(companies, 0.5).map((company) => ({
            UserId,
            SecurityRoleIdentifier,
            OrganizationType: dice.chance(0.05) ? 'OperatingUnit' : 'LegalEntity',
            OrganizationId: company,
          }))
        : [],
    ),
    ...policiesOf(dice),
    LegalEntities: companies.map((company) => ({ LegalEntityId: company, Name: company })),
  };
}

const roleRow = (id: string, context: string | null): Named => ({
  SecurityRoleIdentifier: id,
  SecurityRoleName: id,
  ContextString: context,
});

const userRow = (dice: Dice, id: string): Named => ({
  UserID: id,
  UserName: dice.chance(0.3) ? `${id} Navn` : id,
  Enabled: !dice.chance(0.05),
  UserInfo_language: dice.of(['en-us', 'nb-no', 'nn-NO', 'sv-se', '']),
  Company: dice.of(companies),
});

function linksOf(dice: Dice): readonly Named[] {
  const links: Named[] = clientIds.slice(0, 4).map((id, at) => ({
    AADClientId: id,
    Name: dice.chance(0.5) ? `App ${at}` : null,
    UserId: dice.chance(0.03) ? null : dice.chance(0.03) ? 'Nobody' : (users[at] ?? '').toUpperCase(),
  }));
  return dice.chance(0.02) ? links : [...links, { AADClientId: platformClient, Name: 'P', UserId: 'PowerPlatformApp' }];
}

function assignmentsOf(dice: Dice, some: <T>(items: readonly T[], probability: number) => T[]): readonly Named[] {
  const given = users.flatMap((user) =>
    [
      ...some(roles, 0.5),
      ...(dice.chance(0.06) ? ['-SYSADMIN-'] : []),
      ...(dice.chance(0.1) ? ['XDSDataAccessPolicyBypassRole'] : []),
    ].map((role) => ({ user, role })),
  );
  const platform = [
    ...(dice.chance(0.02) ? [] : [{ user: 'PowerPlatformApp', role: 'CDSVirtualEntityApplication' }]),
    ...(dice.chance(0.03) ? [{ user: 'PowerPlatformApp', role: 'RoleE' }] : []),
  ];
  return [...given, ...platform].map(({ user, role }) => ({
    UserId: user,
    SecurityRoleIdentifier: role,
    AssignmentStatus: dice.chance(0.05) ? 'Disabled' : 'Enabled',
  }));
}

function permissionsOf(dice: Dice): readonly Named[] {
  const seen = new Set<string>();
  return privileges.flatMap((privilege) =>
    Array.from({ length: 1 + dice.below(4) }, () => permissionRow(dice, privilege)).filter((row) => {
      const key = JSON.stringify([
        row['SecurityPrivilegeIdentifier'],
        row['SecurableType'],
        row['SecurableName'],
        row['SecurableField'],
        row['IntegrationMode'],
      ]);
      return !seen.has(key) && seen.add(key);
    }),
  );
}

function permissionRow(dice: Dice, privilege: string): Named {
  const kind = dice.chance(0.03) ? 'ServiceOperation' : dice.chance(0.25) ? 'DataEntityField' : 'DataEntity';
  const [entity, field] = dice.of(fields);
  const names: Record<string, readonly [string, string]> = {
    ServiceOperation: ['CDSVirtualEntityAdapterService', ''],
    DataEntityField: [entity, field],
    DataEntity: [dice.of(entities), ''],
  };
  const [name, column] = names[kind] ?? ['', ''];
  const state = () => (dice.chance(0.08) ? 'Deny' : dice.chance(0.5) ? 'Grant' : 'Unset');
  const states =
    kind === 'ServiceOperation' ? { Invoke: state() } : Object.fromEntries(rights.map((right) => [right, state()]));
  return {
    SecurityPrivilegeIdentifier: privilege,
    SecurableType: kind,
    SecurableName: name,
    SecurableField: column,
    IntegrationMode: dice.chance(0.1) ? 'DataManagement' : dice.of(['All', 'DataServices']),
    ...states,
  };
}

function policiesOf(dice: Dice): Pick<Organisation, 'SecurityPolicies' | 'SecurityPolicyConstrainedEntities'> {
  const chosen = policyTemplates.filter(() => dice.chance(0.25));
  return {
    SecurityPolicies: chosen.map(({ name, primary, query }) => {
      const byRole = dice.chance(0.7);
      return {
        SecurityPolicyIdentifier: name,
        SecurityPolicyName: name,
        PrimaryEntityName: primary,
        PolicyQuery: query,
        Operation: dice.of(['AllOperations', 'AllOperations', 'Select', 'Insert', 'Update', 'Delete']),
        ContextType: byRole ? 'RoleName' : 'RoleProperty',
        ContextString: byRole ? dice.of(roles) : 'recruiting',
        Enabled: !dice.chance(0.1),
      };
    }),
    SecurityPolicyConstrainedEntities: chosen.flatMap(({ name, ways }) =>
      ways
        .filter(() => dice.chance(0.7))
        .map(({ entity, path }) => ({ SecurityPolicyIdentifier: name, SecurableName: entity, RelationPath: path })),
    ),
  };
}
