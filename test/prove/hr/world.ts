import { AdapterWorld } from '../../adapter/adapter-world.ts';
import type { OpenStoreFor } from '../../support/open-stores.ts';

export const companies = ['usmf', 'no01'] as const;

export type Entity = 'candidate' | 'request' | 'person' | 'number';

/** Securable name, entity set, name in messages, and the columns that answers are compared by. */
export const entityFacts = {
  candidate: {
    securable: 'hcmcandidatetohireentity',
    set: 'mshr_hcmcandidatetohireentities',
    shown: 'HcmCandidateToHireEntity',
    columns: [
      'mshr_dataareaid',
      'mshr_lastname',
      'mshr_firstname',
      'mshr_recruitingrequestid',
      'mshr_fk_recruitingrequest_id',
    ],
  },
  request: {
    securable: 'hcmrecruitingrequestentity',
    set: 'mshr_hcmrecruitingrequestentities',
    shown: 'HcmRecruitingRequestEntity',
    columns: ['mshr_dataareaid', 'mshr_description', 'mshr_recruitingrequestid'],
  },
  person: {
    securable: 'dirpersonentity',
    set: 'mshr_dirpersonentities',
    shown: 'DirPersonEntity',
    columns: ['mshr_partynumber', 'mshr_lastname', 'mshr_firstname'],
  },
  number: {
    securable: 'hcmpersonidentificationnumberentity',
    set: 'mshr_hcmpersonidentificationnumberentities',
    shown: 'HcmPersonIdentificationNumberEntity',
    columns: [
      'mshr_partynumber',
      'mshr_identificationnumber',
      'mshr_primaryfield',
      'mshr_description',
      'mshr_fk_person_id',
    ],
  },
} as const satisfies Record<Entity, object>;

export const entityNames = Object.keys(entityFacts) as readonly Entity[];

export const tableName = (entity: Entity): string => `mshr_${entityFacts[entity].securable}`;
export const idColumn = (entity: Entity): string => `${tableName(entity)}id`;

/** A stored row by column name; `id` is its own. */
export type Plain = Readonly<Record<string, string | null>> & { readonly id: string };

/** All that is stored, whoever may see it. */
export type Stored = Readonly<Record<Entity, readonly Plain[]>>;

const find = (rows: readonly Plain[], id: string | null | undefined): readonly Plain[] =>
  rows.filter((row) => row.id === id);
const requestOf = (row: Plain, { request }: Stored) => find(request, row['mshr_fk_recruitingrequest_id']);
const personOf = (row: Plain, { person }: Stored) => find(person, row['mshr_fk_person_id']);
const candidatesOf = (row: Plain, { candidate }: Stored) =>
  candidate.filter((each) => each['mshr_fk_recruitingrequest_id'] === row.id);

interface PolicyTemplate {
  readonly name: string;
  readonly primary: string;
  readonly query: string;
  /** What the query says, in other words. */
  readonly holds: (row: Plain) => boolean;
  readonly ways: readonly {
    readonly entity: string;
    readonly path: string;
    readonly follow: (row: Plain, stored: Stored) => readonly Plain[];
  }[];
}

const { candidate, request, person, number } = entityFacts;
const itself = (row: Plain): readonly Plain[] => [row];
const has = (row: Plain, column: string, text: string): boolean =>
  (row[column] ?? '').toLowerCase() === text.toLowerCase();

/** Policies whose meaning is written twice: as the query that the product compiles, and as code. */
export const policyTemplates: readonly PolicyTemplate[] = [
  {
    name: 'Berg',
    primary: candidate.securable,
    query: "mshr_lastname eq 'berg'",
    holds: (row) => has(row, 'mshr_lastname', 'Berg'),
    ways: [
      { entity: candidate.securable, path: '', follow: itself },
      {
        entity: request.securable,
        path: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest',
        follow: candidatesOf,
      },
    ],
  },
  {
    name: 'North',
    primary: request.securable,
    query: "contains(mshr_description,'nord') or mshr_dataareaid eq 'usmf'",
    holds: (row) =>
      (row['mshr_description'] ?? '').toLowerCase().includes('nord') || has(row, 'mshr_dataareaid', 'usmf'),
    ways: [
      { entity: request.securable, path: '', follow: itself },
      { entity: candidate.securable, path: 'mshr_FK_RecruitingRequest_id', follow: requestOf },
    ],
  },
  {
    name: 'People',
    primary: person.securable,
    query: "startswith(mshr_lastname,'B') or not (mshr_firstname eq 'Kari')",
    holds: (row) => (row['mshr_lastname'] ?? '').toLowerCase().startsWith('b') || !has(row, 'mshr_firstname', 'Kari'),
    ways: [
      { entity: person.securable, path: '', follow: itself },
      { entity: candidate.securable, path: 'mshr_FK_Person_id', follow: personOf },
      { entity: number.securable, path: 'mshr_FK_Person_id', follow: personOf },
      {
        entity: request.securable,
        path: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest/mshr_FK_Person_id',
        follow: (row, stored) => candidatesOf(row, stored).flatMap((each) => personOf(each, stored)),
      },
    ],
  },
  {
    name: 'Company',
    primary: candidate.securable,
    query: "mshr_dataareaid ne 'no01'",
    holds: (row) => !has(row, 'mshr_dataareaid', 'no01'),
    ways: [{ entity: candidate.securable, path: '', follow: itself }],
  },
  {
    name: 'WithPerson',
    primary: person.securable,
    query: '',
    holds: () => true,
    ways: [{ entity: number.securable, path: 'mshr_FK_Person_id', follow: personOf }],
  },
  {
    name: 'Broken',
    primary: person.securable,
    query: "mshr_shoesize eq '43'",
    holds: () => false,
    ways: [{ entity: person.securable, path: '', follow: () => [] }],
  },
];

const lastNames = ['Berg', 'Dahl', 'Bakke', 'Lie', 'berg'];

/** An environment with candidates, requests, people and their numbers, across both legal entities. */
export async function openWorld(open: OpenStoreFor): Promise<AdapterWorld> {
  const world = await AdapterWorld.open(open);
  await fillWorld(world);
  return world;
}

async function fillWorld(world: AdapterWorld): Promise<void> {
  const requests: string[] = [];
  for (const [at, description] of ['Nordlys', 'Kokk', 'Leder nord', 'Lærer'].entries()) {
    const company = companies[at % 2] ?? 'usmf';
    await world.insert(tableName('request'), {
      mshr_dataareaid: company,
      mshr_jobid: 'Project Manager',
      mshr_description: description,
      mshr_recruitingrequestid: `${company}-R${at}`,
      mshr_estimatedstartdate: '2026-01-01T00:00:00Z',
    });
    requests.push(`${company}-R${at}`);
  }
  for (const [at, lastName] of [...lastNames, ...lastNames].entries()) {
    const linked = requests[at % 5];
    await world.insert(tableName('candidate'), {
      mshr_dataareaid: linked?.slice(0, 4) ?? companies[at % 2] ?? 'usmf',
      mshr_firstname: at % 3 === 0 ? 'Kari' : 'Ola',
      mshr_lastname: lastName,
      ...(linked === undefined ? {} : { mshr_recruitingrequestid: linked }),
    });
  }
  await world.insert('mshr_hcmidentificationtypeentity', { mshr_identificationtypeid: 'Passport' });
  for (const [at, { mshr_partynumber: party = null }] of (await readStored(world)).person.entries()) {
    if (at % 2 === 0) continue;
    await world.insert(tableName('number'), {
      mshr_partynumber: party,
      mshr_identificationtypeid: 'Passport',
      mshr_identificationnumber: `1705${at}`,
    });
  }
}

/** Everything that is stored, as plain text. */
export async function readStored(world: AdapterWorld): Promise<Stored> {
  const read = async (entity: Entity): Promise<readonly Plain[]> =>
    (await world.opened.store.readAll(world.table(tableName(entity)))).map((row) => ({
      ...Object.fromEntries([...row.values].map(([{ name }, value]) => [name, value === null ? null : String(value)])),
      id: row.id,
    }));
  const [a, b, c, d] = await Promise.all(entityNames.map(read));
  return { candidate: a ?? [], request: b ?? [], person: c ?? [], number: d ?? [] };
}
