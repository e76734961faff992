import { gender } from './choice-values.ts';
import { wireDate } from './dates.ts';
import { type Body, create, type DemoOperation, type SavedRows } from './operation.ts';
import type { DemoName, DemoPerson, DemoPosition } from './plan.ts';

/** The person of a worker. Its party number comes from a number sequence and is saved. */
export const createPerson = (person: DemoPerson): DemoOperation =>
  create(
    'mshr_dirpersonentities',
    {
      ...nameColumns(person.name),
      mshr_namesequencedisplayas: 'FirstMiddleLast',
      mshr_languageid: 'nb',
      mshr_birthyear: person.birth.year,
      mshr_birthmonth: 200000000 + person.birth.month,
      mshr_birthday: person.birth.day,
      mshr_addresscounty: person.town.county,
      ...addressColumns(person),
    },
    person.key,
  );

/** The worker in both tables that show workers: the full one and the base one. */
export const createWorker = (person: DemoPerson): DemoOperation[] => [
  create('mshr_hcmworkerbaseentities', (saved) => workerColumns(person, saved)),
  create('mshr_hcmworkerentities', (saved) => ({
    ...workerColumns(person, saved),
    mshr_titleid: person.job.description,
    mshr_originalhiredatetime: wireDate(person.hiredIn, 1 + (Number(person.personnelNumber) % 12), 1),
    mshr_senioritydate: wireDate(person.hiredIn, 1 + (Number(person.personnelNumber) % 12), 1),
    ...addressColumns(person),
  })),
];

export const createPosition = (position: DemoPosition, hiredIn: number | undefined): DemoOperation =>
  create('mshr_hcmpositionv2entities', {
    mshr_positionid: position.id,
    mshr_description: position.job.description,
    mshr_jobid: position.job.id,
    mshr_titleid: position.job.description,
    mshr_positiontypeid: position.job.typeId === 'Lærling' ? 'Vikariat' : 'Heltid',
    mshr_departmentnumber: position.job.department,
    mshr_fulltimeequivalent: 1,
    mshr_activation: wireDate(2020, 1, 1),
    mshr_availableforassignment: wireDate(2020, 1, 1),
    mshr_paidbylegalentity: position.company.code,
    ...(position.worker === undefined
      ? {}
      : {
          mshr_workerpersonnelnumber: position.worker,
          mshr_workerassignmentstart: wireDate(Math.max(hiredIn ?? 2020, 2020), 2, 1),
        }),
  });

/** Name and gender, for the tables that have them under the same names: people, workers and candidates. */
export const nameColumns = (name: DemoName): Body => ({
  mshr_firstname: name.first,
  ...(name.middle === undefined ? {} : { mshr_middlename: name.middle }),
  mshr_lastname: name.last,
  mshr_gender: name.isWoman ? gender.Female : gender.Male,
});

const workerColumns = (person: DemoPerson, saved: SavedRows): Body => ({
  mshr_personnelnumber: person.personnelNumber,
  mshr_partynumber: saved.text(person.key, 'mshr_partynumber'),
  mshr_partytype: 'Person',
  ...nameColumns(person.name),
  mshr_namesequencedisplayas: 'FirstMiddleLast',
  mshr_languageid: 'nb',
  mshr_birthdate: wireDate(person.birth.year, person.birth.month, person.birth.day),
  mshr_nationalitycountryregion: 'NOR',
});

const addressColumns = (person: DemoPerson): Body => ({
  mshr_addressstreet: person.street,
  mshr_addresszipcode: person.town.zipCode,
  mshr_addresscity: person.town.city,
  mshr_addresscountryregionid: 'NOR',
  mshr_primarycontactemail: person.email,
  mshr_primarycontactphone: person.phone,
});
