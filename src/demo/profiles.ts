import { contactType, noYes, skillLevelType } from './choice-values.ts';
import { wireDate } from './dates.ts';
import type { Dice } from './dice.ts';
import { employers } from './name-data.ts';
import { type Body, create, type DemoOperation } from './operation.ts';
import type { DemoPerson } from './plan.ts';
import {
  certificateTypeIds,
  disciplineIds,
  educationLevelIds,
  institutionIds,
  ratingLevelIds,
  ratingModelId,
  skillIds,
} from './register-data.ts';

/** Rows of some people's profiles. All of them belong to the person, found by its party number (ats-api 5.2). */
export function createProfile(person: DemoPerson, dice: Dice): DemoOperation[] {
  return [
    ...(dice.chance(50) ? [profileRow(person.key, 'mshr_hcmpersonaddressentities', homeAddress(person))] : []),
    ...(dice.chance(60) ? contacts(person).map((body) => profileRow(person.key, contactSet, body)) : []),
    ...(dice.chance(60)
      ? createSkills(person.key, dice.sample(skillIds, dice.between(1, 3)), person.hiredIn, dice)
      : []),
    ...(dice.chance(50) ? [createEducation(person.key, person.birth.year + dice.between(22, 26), dice)] : []),
    ...(dice.chance(25)
      ? [profileRow(person.key, 'mshr_hcmpersoncertificateentities', certificate(person, dice))]
      : []),
    ...(dice.chance(30) ? [profileRow(person.key, experienceSet, experience(person, dice))] : []),
  ];
}

const contactSet = 'mshr_dirpartycontactentities';
const experienceSet = 'mshr_hcmpersonprofessionalexperienceentities';

const profileRow = (key: string, entitySet: string, body: Body): DemoOperation =>
  create(entitySet, (saved) => ({ mshr_partynumber: saved.text(key, 'mshr_partynumber'), ...body }));

/** @param key name under which the person, or the candidate that made the person, was saved */
export const createSkills = (key: string, skills: readonly string[], year: number, dice: Dice): DemoOperation[] =>
  skills.map((skill) =>
    profileRow(key, 'mshr_hcmpersonskillentities', {
      mshr_skillid: skill,
      mshr_ratingid: ratingModelId,
      mshr_leveltype: skillLevelType.Actual,
      mshr_levelid: dice.pick(ratingLevelIds),
      mshr_leveldate: wireDate(year, dice.between(1, 12), 1),
      mshr_yearsofexperience: dice.between(1, 15),
      mshr_verified: dice.chance(40) ? noYes.Yes : noYes.No,
    }),
  );

/** @param key as for `createSkills` */
export const createEducation = (key: string, endYear: number, dice: Dice): DemoOperation =>
  profileRow(key, 'mshr_hcmpersoneducationentities', {
    mshr_educationlevelid: dice.pick(educationLevelIds),
    mshr_educationdisciplineid: dice.pick(disciplineIds),
    mshr_educationinstitutionid: dice.pick(institutionIds),
    mshr_startdate: wireDate(endYear - 3, 8, 15),
    mshr_enddate: wireDate(endYear, 6, 15),
  });

const homeAddress = (person: DemoPerson): Body => ({
  mshr_description: 'Hjemmeadresse',
  mshr_roles: 'Home',
  mshr_street: person.street,
  mshr_zipcode: person.town.zipCode,
  mshr_city: person.town.city,
  mshr_county: person.town.county,
  mshr_countryregionid: 'NOR',
  mshr_isprimary: noYes.Yes,
});

/** One primary contact of each type (ats-api 5.2). */
const contacts = (person: DemoPerson): Body[] => [
  {
    mshr_description: 'E-post på jobb',
    mshr_type: contactType.Emailaddress,
    mshr_locator: person.email,
    mshr_isprimary: noYes.Yes,
  },
  {
    mshr_description: 'Mobil',
    mshr_type: contactType.Phone,
    mshr_countryregioncode: 'NOR',
    mshr_locator: person.phone,
    mshr_ismobilephone: noYes.Yes,
    mshr_isprimary: noYes.Yes,
  },
];

function certificate(person: DemoPerson, dice: Dice): Body {
  const year = dice.between(person.hiredIn, 2024);
  return {
    mshr_certificatetypeid: dice.pick(certificateTypeIds),
    mshr_startdate: wireDate(year, 3, 1),
    mshr_enddate: wireDate(year + 5, 3, 1),
  };
}

const experience = (person: DemoPerson, dice: Dice): Body => ({
  mshr_employerposition: person.job.description,
  mshr_employername: dice.pick(employers),
  mshr_employerlocation: person.town.city,
  mshr_startdate: wireDate(person.hiredIn - dice.between(3, 6), 1, 1),
  mshr_enddate: wireDate(person.hiredIn - 1, 12, 31),
});
