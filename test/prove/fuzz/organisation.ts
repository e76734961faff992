import { guidOf } from '../../../src/demo/answers.ts';
import {
  type AppCredentials,
  assignSecurityRole,
  createApplicationUser,
  createSecurityRole,
  findRootBusinessUnit,
  registerApplication,
} from '../../../src/demo/first-gate.ts';
import { createHrUser, linkApplication } from '../../../src/demo/second-gate.ts';
import type { SeedClient } from '../../../src/demo/seed-client.ts';
import { builtInModel } from '../../../src/metadata/built-in.ts';
import { tablePrivileges } from '../../../src/metadata/privileges.ts';

/**
 * Who asks. `restricted` has six tables and one legal entity; `unlinked` passes gate one only, `roleless` not even that,
 * `stranger` is no user; `admin` may see everything and is only asked to read.
 */
export type FuzzCaller = 'restricted' | 'unlinked' | 'roleless' | 'stranger' | 'admin';

export interface Organisation {
  readonly credentials: Readonly<Record<FuzzCaller, Pick<AppCredentials, 'clientId' | 'clientSecret'>>>;
  /** Rows that `restricted` may see, and rows that nobody but `admin` may. */
  readonly rows: readonly FuzzRow[];
}

export interface FuzzRow {
  readonly set: string;
  readonly id: string;
}

/** Stands in every row that none but the administrator may see, and in nothing that a client sends. */
export const marker = 'Skjult7f3aq';

/** All that the role of `restricted` reaches. */
export const reachedTables = [
  'mshr_hcmrecruitingrequestentity',
  'mshr_hcmrecruitingrequestskillentity',
  'mshr_hcmrecruitingrequestpositionentity',
  'mshr_hcmcandidatetohireentity',
  'mshr_hcmskillentity',
  'mshr_hcmjobentity',
] as const;

const start = '2027-01-01T00:00:00Z';
const request = (company: string, description: string) => ({
  mshr_dataareaid: company,
  mshr_jobid: 'Leder',
  mshr_description: description,
  mshr_estimatedstartdate: start,
});
const candidate = (company: string, name: string) => ({
  mshr_dataareaid: company,
  mshr_firstname: name,
  mshr_lastname: name,
  mshr_comments: name,
});

/** Rows in the order in which they need each other: those that may be seen, then those that may not. */
const seenRows: readonly (readonly [set: string, body: object])[] = [
  ['mshr_hcmtitleentities', { mshr_titleid: 'Leder' }],
  ['mshr_hcmjobentities', { mshr_jobid: 'Leder', mshr_titleid: 'Leder', mshr_description: 'Leder %[x]_' }],
  ['mshr_hcmratingmodelentities', { mshr_ratingmodelid: 'Skills' }],
  ['mshr_hcmskillentities', { mshr_skill: 'CustFocus', mshr_description: "O'Neil æøå" }],
  ['mshr_hcmskillentities', { mshr_skill: 'CashFlow', mshr_description: 'én "to"' }],
  ['mshr_hcmrecruitingrequestentities', request('usmf', 'Prosjektleder')],
  ['mshr_hcmrecruitingrequestentities', request('usmf', '100 % Åpen')],
  ['mshr_hcmcandidatetohireentities', candidate('usmf', 'Kari')],
  ['mshr_hcmcandidatetohireentities', candidate('usmf', 'Åse')],
];
const hiddenRows: readonly (readonly [set: string, body: object])[] = [
  ['mshr_hcmrecruitingrequestentities', request('no01', `${marker} en`)],
  ['mshr_hcmrecruitingrequestentities', request('no01', `${marker} to`)],
  ['mshr_hcmcandidatetohireentities', candidate('no01', `${marker} Ola`)],
  ['mshr_dirpersonentities', { mshr_firstname: marker, mshr_lastname: marker }],
  ['mshr_hcmtitleentities', { mshr_titleid: `${marker} T` }],
  ['mshr_hcmratingmodelentities', { mshr_ratingmodelid: marker, mshr_description: marker }],
];

/** Makes the organisation through the public surfaces. */
export async function setUpOrganisation(
  client: SeedClient,
  environmentUrl: string,
  administrator: { readonly clientId: string; readonly clientSecret: string },
): Promise<Organisation> {
  for (const company of ['usmf', 'no01']) {
    await client.data('POST', 'LegalEntities', { LegalEntityId: company, Name: company });
  }
  const unit = await findRootBusinessUnit(client);
  const seen = await createAll(client, seenRows);
  const hidden = await createAll(client, [
    ...hiddenRows,
    ['teams', { name: `${marker} team`, 'businessunitid@odata.bind': `/businessunits(${unit})` }],
    ['roles', { name: `${marker} role`, 'businessunitid@odata.bind': `/businessunits(${unit})` }],
    ['businessunits', { name: `${marker} unit`, 'parentbusinessunitid@odata.bind': `/businessunits(${unit})` }],
  ]);
  const role = await createSecurityRole(client, 'Fuzz', rolePrivileges(), unit);
  const member = async (name: string, isRestricted: boolean): Promise<AppCredentials> => {
    const app = await registerApplication(client, name);
    const user = await createApplicationUser(client, app.clientId, unit);
    if (isRestricted) await assignSecurityRole(client, user, role, environmentUrl);
    return app;
  };
  const restricted = await member('restricted', true);
  await createHrUser(client, 'Fuzz');
  await client.data('POST', 'SecurityUserRoleOrganizations', {
    UserId: 'Fuzz',
    SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
    OrganizationType: 'LegalEntity',
    OrganizationId: 'usmf',
  });
  await linkApplication(client, restricted.clientId, 'restricted', 'Fuzz');
  const unlinked = await member('unlinked', true);
  const roleless = await member('roleless', false);
  const stranger = await registerApplication(client, 'stranger');
  return {
    credentials: { restricted, unlinked, roleless, stranger, admin: administrator },
    rows: [...seen, ...hidden],
  };
}

async function createAll(client: SeedClient, rows: readonly (readonly [string, object])[]): Promise<FuzzRow[]> {
  const made: FuzzRow[] = [];
  for (const [set, body] of rows) {
    const { entityId } = await client.webapi('POST', set, body);
    made.push({ set, id: guidOf(entityId, `POST ${set}`) });
  }
  return made;
}

/** All rights on the tables that it reaches, users, and the definitions of all tables, which hold no rows. */
const rolePrivileges = (): readonly string[] => [
  ...tablePrivileges(builtInModel())
    .filter(({ table }) => reachedTables.some((name) => name === table.logicalName))
    .map(({ name }) => name),
  'prvReadUser',
  'prvReadEntity',
  'prvReadAttribute',
  'prvReadRelationship',
  'prvReadOptionSet',
];
