import type { Ask } from '../../support/client.ts';
import type { Who } from '../../support/connection.ts';
import { type Change, change, keepTo, make, policyFor, remove, roleFor } from './administer.ts';

/** Rows that the requests are about. */
export interface MatrixIds {
  /** A candidate of `usmf` whose last name is Matrix, and one whose last name is Other. */
  readonly matrix: string;
  readonly other: string;
  readonly identification: string;
  readonly atsClientId: string;
  readonly partyNumber: string;
}

/** One line of section 7 of the reference: what is wrong, what is asked, and the exact answer. */
export interface MatrixRow {
  readonly step: number;
  readonly name: string;
  readonly given?: (ids: MatrixIds) => readonly Change[];
  readonly as?: Who;
  readonly ask: (ids: MatrixIds) => { readonly path: string } & Pick<Ask, 'method' | 'body'>;
  /** Status, code and message of a refusal; of an answer its status, and what its body must hold. */
  readonly answer: (ids: MatrixIds) => {
    readonly status: number;
    readonly code?: string;
    readonly message?: string;
    readonly body?: unknown;
  };
}

const user = 'RekrutteringIntegrasjon';
const integrator = 'HcmRecruitingIntegrator';
const candidates = 'mshr_hcmcandidatetohireentities';
const candidateEntity = 'hcmcandidatetohireentity';
const numbers = 'mshr_hcmpersonidentificationnumberentities';
const platformLink = "SysAADClients('61a0518c-121a-421a-9ad6-f0955a88be43')";
const platformRole =
  "SecurityUserRoleAssociations(UserId='PowerPlatformApp',SecurityRoleIdentifier='CDSVirtualEntityApplication')";

const read = () => ({ path: `${candidates}?$top=1` });
const one = ({ matrix }: MatrixIds) => ({ path: `${candidates}(${matrix})?$select=mshr_lastname` });
const create = (body: object) => () => ({
  path: candidates,
  method: 'POST',
  body: { mshr_dataareaid: 'usmf', mshr_firstname: 'Ola', ...body },
});
const update = (of: 'matrix' | 'other', body: object) => (ids: MatrixIds) => ({
  path: `${candidates}(${ids[of]})`,
  method: 'PATCH',
  body,
});

const secondGate = (message: string) => () => ({ status: 400, code: '0x80040265', message });

const platformRejected = secondGate(
  'A token was obtained to call Finance and Operations, but the call was rejected by Finance and Operations as not authorized. Verify that the Microsoft Entra application value is specified in the Microsoft Entra application for in Finance and Operations, and that the associated user account has privileges to call the CDSVirtualEntity web service.',
);
const userNotFound = (name: string) =>
  secondGate(`User ${name} was not found in Finance and Operations. Please ensure this user exists.`);
const notAuthorized = (verb: string, entity: string, data: string) =>
  secondGate(
    `User ${user} is not authorized to ${verb} a record in table ${entity}. Request denied. Access Denied: You do not have sufficient authorization to ${data} data in database.`,
  );
const outsideCompany = (verb: string, company: string, allowed: string) =>
  secondGate(
    `User ${user} is not authorized to ${verb} a record in table HcmCandidateToHireEntity in legal entity '${company}'. Request denied. The user's roles (${integrator}) allow it in: ${allowed}.`,
  );
const outsidePolicy = (verb: string, entity = 'HcmCandidateToHireEntity') =>
  secondGate(
    `User ${user} is not authorized to ${verb} a record in table ${entity}. Request denied. A security policy does not allow this record.`,
  );
const protectedColumn = (verb: string) =>
  secondGate(
    `User ${user} is not authorized to ${verb} a record in table HcmPersonIdentificationNumberEntity. Request denied. Access Denied: You do not have sufficient authorization for field 'mshr_identificationnumber'.`,
  );
const notThere = ({ matrix }: MatrixIds) => ({
  status: 404,
  code: '0x80040217',
  message: `Entity 'mshr_${candidateEntity}' With Id = ${matrix} Does Not Exist`,
});

const deny = (level: string) => () => roleFor(user, 'Denier', { SecurableName: candidateEntity, [level]: 'Deny' });
const onlyMatrix =
  (operation: string, query = "mshr_lastname eq 'Matrix'") =>
  () =>
    policyFor(integrator, candidateEntity, query, { Operation: operation });
const onlyOtherPeople = () => policyFor(integrator, 'dirpersonentity', "mshr_lastname eq 'Other'");
const relink = (link: Record<string, string>) => (ids: MatrixIds) => [
  remove(`SysAADClients('${ids.atsClientId}')`),
  make('SysAADClients', { AADClientId: ids.atsClientId, ...link }),
];
const fieldRole = (states: Record<string, string>) => () =>
  roleFor(user, 'Numbers', {
    SecurableType: 'DataEntityField',
    SecurableName: 'hcmpersonidentificationnumberentity',
    SecurableField: 'identificationnumber',
    ...states,
  });

const roleOf = (role: string): readonly Change[] => [
  make('SecurityUserRoleAssociations', { UserId: user, SecurityRoleIdentifier: role, SecurityRoleName: role }),
];

const list = (query: string) => () => ({ path: `${candidates}?$select=mshr_lastname&$count=true&${query}` });
const inMatrix = `$filter=${encodeURIComponent("mshr_lastname in ('Matrix','Other')")}&$orderby=mshr_lastname`;

/** Steps 9 to 22 of human-resources-security 7, but 10, which providers outside have, and 20, which needs limits. */
export const matrixRows: readonly MatrixRow[] = [
  {
    step: 9,
    name: 'a native table is answered by the first gate alone',
    as: 'unlinked',
    ask: () => ({
      path: `cdm_companies?$select=cdm_companycode&$filter=${encodeURIComponent("cdm_companycode eq 'usmf'")}`,
    }),
    answer: () => ({ status: 200, body: { value: [{ cdm_companycode: 'usmf' }] } }),
  },
  {
    step: 11,
    name: 'the platform has no link',
    given: () => [remove(platformLink)],
    ask: read,
    answer: platformRejected,
  },
  {
    step: 11,
    name: 'the link of the platform names no user',
    given: () => [change(platformLink, { UserId: null })],
    ask: read,
    answer: platformRejected,
  },
  {
    step: 11,
    name: 'the user of the platform is disabled',
    given: () => [change("SystemUsers('PowerPlatformApp')", { Enabled: false })],
    ask: read,
    answer: platformRejected,
  },
  {
    step: 11,
    name: 'the user of the platform lost its role',
    given: () => [change(platformRole, { AssignmentStatus: 'Disabled' })],
    ask: read,
    answer: platformRejected,
  },
  {
    step: 11,
    name: 'Invoke on the adapter service is denied to the platform',
    given: () =>
      roleFor('PowerPlatformApp', 'NoAdapter', {
        SecurableType: 'ServiceOperation',
        SecurableName: 'CDSVirtualEntityAdapterService',
        Invoke: 'Deny',
      }),
    ask: read,
    answer: platformRejected,
  },
  {
    step: 12,
    name: 'the application has no link',
    as: 'unlinked',
    ask: read,
    answer: userNotFound('Demo without link'),
  },
  {
    step: 13,
    name: 'the link names nobody',
    given: relink({ Name: 'Rekruttering' }),
    ask: read,
    answer: userNotFound('Rekruttering'),
  },
  {
    step: 14,
    name: 'the user is disabled',
    given: () => [change(`SystemUsers('${user}')`, { Enabled: false })],
    ask: read,
    answer: secondGate(`user ${user} is disabled in Human Resources`),
  },
  {
    step: 15,
    name: 'a system administrator passes whatever is denied, hidden or protected',
    given: () => [
      ...roleFor('Admin', 'Denier', { SecurableName: candidateEntity, Read: 'Deny' }),
      ...policyFor('Denier', candidateEntity, "mshr_lastname eq 'Nobody'"),
    ],
    as: 'admin',
    ask: one,
    answer: () => ({ status: 200, body: { mshr_lastname: 'Matrix' } }),
  },
  ...[
    { level: 'Read', verb: 'select', data: 'view', ask: read },
    { level: 'Create', verb: 'insert', data: 'modify', ask: create({ mshr_lastname: 'Matrix' }) },
    { level: 'Update', verb: 'update', data: 'modify', ask: update('matrix', { mshr_middlename: 'X' }) },
    {
      level: 'Delete',
      verb: 'delete',
      data: 'modify',
      ask: ({ matrix }: MatrixIds) => ({ path: `${candidates}(${matrix})`, method: 'DELETE' }),
    },
  ].map(({ level, verb, data, ask }) => ({
    step: 16,
    name: `${level} is denied by one role and granted by another`,
    given: deny(level),
    ask,
    answer: notAuthorized(verb, 'HcmCandidateToHireEntity', data),
  })),
  {
    step: 16,
    name: 'no role grants Create',
    ask: () => ({ path: 'mshr_hcmskillentities', method: 'POST', body: { mshr_skill: 'New' } }),
    answer: notAuthorized('insert', 'HcmSkillEntity', 'modify'),
  },
  {
    step: 16,
    name: 'an expand of a table that is denied',
    given: () => roleFor(user, 'NoPeople', { SecurableName: 'dirpersonentity', Read: 'Deny' }),
    ask: () => ({ path: `${candidates}?$top=1&$expand=mshr_FK_Person_id` }),
    answer: notAuthorized('select', 'DirPersonEntity', 'view'),
  },
  {
    step: 17,
    name: 'rows of other legal entities are missing from a list and its count',
    given: () => [keepTo(user, integrator, 'no01')],
    ask: list(inMatrix),
    answer: () => ({ status: 200, body: { '@odata.count': 0, value: [] } }),
  },
  {
    step: 17,
    name: 'and not there by id',
    given: () => [keepTo(user, integrator, 'no01')],
    ask: one,
    answer: notThere,
  },
  {
    step: 17,
    name: 'a create in a legal entity outside',
    given: () => [keepTo(user, integrator, 'no01')],
    ask: create({ mshr_lastname: 'Matrix' }),
    answer: outsideCompany('insert', 'usmf', 'no01'),
  },
  {
    step: 17,
    name: 'an update of a row that may only be read',
    given: () => [
      keepTo(user, integrator, 'no01'),
      ...roleFor(user, 'Reader', { SecurableName: candidateEntity, Read: 'Grant' }),
    ],
    ask: update('matrix', { mshr_middlename: 'X' }),
    answer: outsideCompany('update', 'usmf', 'no01'),
  },
  {
    step: 17,
    name: 'an update that moves a row outside',
    given: () => [keepTo(user, integrator, 'usmf')],
    ask: update('matrix', { mshr_dataareaid: 'no01' }),
    answer: outsideCompany('update', 'no01', 'usmf'),
  },
  {
    step: 18,
    name: 'rows outside a policy are missing from a list and its count',
    given: onlyMatrix('AllOperations'),
    ask: list(inMatrix),
    answer: () => ({ status: 200, body: { '@odata.count': 1, value: [{ mshr_lastname: 'Matrix' }] } }),
  },
  {
    step: 18,
    name: 'and not there by id',
    given: onlyMatrix('Select', "mshr_lastname eq 'Other'"),
    ask: one,
    answer: notThere,
  },
  {
    step: 18,
    name: 'a create outside a policy',
    given: onlyMatrix('Insert'),
    ask: create({ mshr_lastname: 'Other' }),
    answer: outsidePolicy('insert'),
  },
  {
    step: 18,
    name: 'an update of a row outside a policy for updates',
    given: onlyMatrix('Update'),
    ask: update('other', { mshr_middlename: 'X' }),
    answer: outsidePolicy('update'),
  },
  {
    step: 18,
    name: 'an update that leads out of a policy',
    given: onlyMatrix('AllOperations'),
    ask: update('matrix', { mshr_lastname: 'Other' }),
    answer: outsidePolicy('update'),
  },
  {
    step: 18,
    name: 'a deletion outside a policy for deletions',
    given: onlyMatrix('Delete'),
    ask: ({ other }) => ({ path: `${candidates}(${other})`, method: 'DELETE' }),
    answer: outsidePolicy('delete'),
  },
  {
    step: 18,
    name: 'a readable id does not lead to a row outside a policy, whose name the new row would show',
    given: onlyOtherPeople,
    ask: ({ partyNumber }) => ({
      path: candidates,
      method: 'POST',
      body: { mshr_dataareaid: 'usmf', mshr_partynumber: partyNumber },
    }),
    answer: ({ partyNumber }) =>
      secondGate(`The value '${partyNumber}' in field 'Party Number' is not found in the related table 'People'.`)(),
  },
  {
    step: 18,
    name: 'a person outside a policy is not changed through a candidate',
    given: onlyOtherPeople,
    ask: update('matrix', { mshr_middlename: 'Y' }),
    answer: outsidePolicy('update', 'DirPersonEntity'),
  },
  {
    step: 18,
    name: 'nor is somebody changed into one who is',
    given: onlyOtherPeople,
    ask: update('other', { mshr_lastname: 'Matrix' }),
    answer: outsidePolicy('update', 'DirPersonEntity'),
  },
  ...(['matrix', 'unknown'] as const).map((row) => ({
    step: 18,
    name: `to whom may not create, an upsert does not tell a row outside a policy from none: ${row}`,
    given: () => [...onlyMatrix('Select', "mshr_lastname eq 'Other'")(), ...deny('Create')()],
    ask: ({ matrix }: MatrixIds) => ({
      path: `${candidates}(${row === 'matrix' ? matrix : '00000000-0000-4000-8000-000000000001'})`,
      method: 'PATCH',
      body: { mshr_middlename: 'X' },
    }),
    answer: notAuthorized('insert', 'HcmCandidateToHireEntity', 'modify'),
  })),
  {
    step: 18,
    name: 'the bypass role switches policies off',
    given: () => [...onlyMatrix('AllOperations')(), ...roleOf('XDSDataAccessPolicyBypassRole')],
    ask: list(inMatrix),
    answer: () => ({ status: 200, body: { '@odata.count': 2 } }),
  },
  ...[
    '$select=mshr_identificationnumber',
    "$filter=startswith(mshr_identificationnumber,'1')",
    '$orderby=mshr_identificationnumber',
    '$select=mshr_primaryfield',
  ].map((option) => ({
    step: 19,
    name: `a protected column in ${option}`,
    ask: () => ({ path: `${numbers}?${option}` }),
    answer: () => ({
      ...protectedColumn('select')(),
      message: protectedColumn('select')().message.replace(
        'mshr_identificationnumber',
        option.includes('primaryfield') ? 'mshr_primaryfield' : 'mshr_identificationnumber',
      ),
    }),
  })),
  {
    step: 19,
    name: 'a protected column in the filter of an expand of another table',
    ask: () => ({
      path: `mshr_dirpersonentities?$select=mshr_name&$expand=mshr_FK_HcmPersonIdentificationNumberEntity_Person($select=mshr_identificationtypeid;$filter=mshr_identificationnumber%20eq%20'1')`,
    }),
    answer: protectedColumn('select'),
  },
  {
    step: 19,
    name: 'a protected column in a lambda of another table',
    ask: () => ({
      path: `mshr_dirpersonentities?$select=mshr_name&$filter=${encodeURIComponent("mshr_FK_HcmPersonIdentificationNumberEntity_Person/any(n:n/mshr_identificationnumber eq '1')")}`,
    }),
    answer: protectedColumn('select'),
  },
  {
    step: 19,
    name: 'a protected column in a group',
    ask: () => ({
      path: `${numbers}?$apply=${encodeURIComponent('groupby((mshr_identificationnumber),aggregate($count as c))')}`,
    }),
    answer: protectedColumn('select'),
  },
  {
    step: 19,
    name: 'a protected column that nobody named is empty',
    ask: ({ identification }) => ({ path: `${numbers}(${identification})` }),
    answer: ({ partyNumber }) => ({
      status: 200,
      body: { mshr_partynumber: partyNumber, mshr_identificationnumber: null, mshr_primaryfield: null },
    }),
  },
  {
    step: 19,
    name: 'a protected column in the body of a create',
    ask: ({ partyNumber }) => ({
      path: numbers,
      method: 'POST',
      body: { mshr_partynumber: partyNumber, mshr_identificationtypeid: 'Passport', mshr_identificationnumber: '2' },
    }),
    answer: protectedColumn('insert'),
  },
  {
    step: 19,
    name: 'a protected column in the body of an update, although it may be read',
    given: fieldRole({ Read: 'Grant' }),
    ask: ({ identification }) => ({
      path: `${numbers}(${identification})`,
      method: 'PATCH',
      body: { mshr_identificationnumber: '2' },
    }),
    answer: protectedColumn('update'),
  },
  {
    step: 19,
    name: 'with the privilege of its own the protected column is given',
    given: fieldRole({ Read: 'Grant' }),
    ask: ({ identification }) => ({ path: `${numbers}(${identification})?$select=mshr_identificationnumber` }),
    answer: () => ({ status: 200, body: { mshr_identificationnumber: '17057012345' } }),
  },
  {
    step: 19,
    name: 'a field that is denied, protected or not',
    given: () =>
      roleFor(user, 'NoNames', {
        SecurableType: 'DataEntityField',
        SecurableName: candidateEntity,
        SecurableField: 'lastname',
        Read: 'Deny',
      }),
    ask: one,
    answer: secondGate(
      `User ${user} is not authorized to select a record in table HcmCandidateToHireEntity. Request denied. Access Denied: You do not have sufficient authorization for field 'mshr_lastname'.`,
    ),
  },
  {
    step: 21,
    name: 'business logic refuses, in the words of its message log',
    ask: create({ mshr_firstname: '' }),
    answer: secondGate("Field 'First Name' must be filled in."),
  },
  {
    step: 22,
    name: 'what passes is answered',
    ask: one,
    answer: () => ({ status: 200, body: { mshr_lastname: 'Matrix' } }),
  },
];

/** The same refusals for a user whose language is Norwegian. */
export const norwegianRows: readonly Pick<MatrixRow, 'name' | 'given' | 'ask' | 'answer'>[] = [
  {
    name: 'V1',
    given: () => [remove(platformLink)],
    ask: read,
    answer: secondGate(
      'Et token ble hentet for å kalle Finance and Operations, men kallet ble avvist av Finance and Operations som ikke godkjent. Kontroller at verdien for Microsoft Entra-programmet er angitt i Microsoft Entra-programmer i Finance and Operations, og at den tilknyttede brukerkontoen har rettighet til å kalle nettjenesten CDSVirtualEntity.',
    ),
  },
  {
    name: 'V2, in the language of the platform',
    given: (ids) => [
      change("SystemUsers('PowerPlatformApp')", { UserInfo_language: 'nb-no' }),
      ...relink({ Name: 'Rekruttering' })(ids),
    ],
    ask: read,
    answer: secondGate('Finner ikke brukeren Rekruttering i Finance and Operations. Kontroller at brukeren finnes.'),
  },
  {
    name: 'a disabled user',
    given: () => [change(`SystemUsers('${user}')`, { Enabled: false })],
    ask: read,
    answer: secondGate(`brukeren ${user} er deaktivert i Human Resources`),
  },
  {
    name: 'a level',
    given: deny('Update'),
    ask: update('matrix', { mshr_middlename: 'X' }),
    answer: secondGate(
      `Bruker ${user} har ikke tillatelse til å oppdatere en post i tabellen HcmCandidateToHireEntity. Forespørselen er avslått. Ingen tilgang: Du har ikke tilstrekkelig tillatelse til å endre data i databasen.`,
    ),
  },
  {
    name: 'a legal entity',
    given: () => [keepTo(user, integrator, 'no01')],
    ask: create({ mshr_lastname: 'Matrix' }),
    answer: secondGate(
      `Bruker ${user} har ikke tillatelse til å sette inn en post i tabellen HcmCandidateToHireEntity i den juridiske enheten usmf. Forespørselen er avslått. Brukerens roller (${integrator}) tillater det i: no01.`,
    ),
  },
  {
    name: 'a policy',
    given: onlyMatrix('Insert'),
    ask: create({ mshr_lastname: 'Other' }),
    answer: secondGate(
      `Bruker ${user} har ikke tillatelse til å sette inn en post i tabellen HcmCandidateToHireEntity. Forespørselen er avslått. En sikkerhetspolicy tillater ikke denne posten.`,
    ),
  },
  {
    name: 'a protected column',
    ask: () => ({ path: `${numbers}?$select=mshr_identificationnumber` }),
    answer: secondGate(
      `Bruker ${user} har ikke tillatelse til å velge en post i tabellen HcmPersonIdentificationNumberEntity. Forespørselen er avslått. Ingen tilgang: Du har ikke tilstrekkelig tillatelse til feltet mshr_identificationnumber.`,
    ),
  },
  {
    name: 'V7: business logic',
    ask: create({ mshr_firstname: '' }),
    answer: secondGate('Feltet Fornavn må fylles ut.'),
  },
  {
    name: 'V7: business logic about a row that is not there',
    ask: create({ mshr_lastname: 'Matrix', mshr_positionid: 'none' }),
    answer: secondGate('Finner ikke verdien none i feltet Stillings-ID i den relaterte tabellen Stillinger V2.'),
  },
];
