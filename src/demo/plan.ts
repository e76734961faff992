import { companies, type DemoCompany } from './companies.ts';
import type { Dice } from './dice.ts';
import { type DemoJob, jobs } from './job-data.ts';
import {
  mensNames,
  middleNames,
  streets,
  surnameEnds,
  surnameStarts,
  type Town,
  towns,
  womensNames,
} from './name-data.ts';

/** Who works where: settled before the first operation is written, because positions, people and requests agree on it. */
export interface DemoPlan {
  readonly positions: readonly DemoPosition[];
  readonly people: readonly DemoPerson[];
}

export interface DemoPosition {
  readonly id: string;
  readonly job: DemoJob;
  readonly company: DemoCompany;
  /** Personnel number of the worker; a vacancy without. */
  readonly worker: string | undefined;
}

export interface DemoPerson {
  readonly personnelNumber: string;
  /** Name under which the created person is saved; its party number is found there. */
  readonly key: string;
  readonly job: DemoJob;
  readonly name: DemoName;
  readonly birth: { readonly year: number; readonly month: number; readonly day: number };
  readonly hiredIn: number;
  readonly town: Town;
  readonly street: string;
  readonly email: string;
  readonly phone: string;
}

export interface DemoName {
  readonly first: string;
  readonly middle: string | undefined;
  readonly last: string;
  readonly isWoman: boolean;
}

/** The vendor's sample value: a vacancy in the sample job. */
const samplePositionId = '000426';

/** The first job opens the list, so that the sample position exists at any size. */
const firstPositionNumber = 101;

export function planOrganisation(positionCount: number, dice: Dice): DemoPlan {
  const positions: DemoPosition[] = [];
  const people: DemoPerson[] = [];
  for (let index = 0; index < positionCount; index++) {
    const job = jobOf(index, dice);
    const vacant = index % 4 === 0; // one in four
    if (!vacant) people.push(planPerson(people.length, job, dice));
    const worker = vacant ? undefined : people.at(-1)?.personnelNumber;
    positions.push({ id: positionId(index), job, company: companyOf(job), worker });
  }
  return { positions, people };
}

/** Every job has a position; only leaders of the group have no more than that. */
const jobOf = (index: number, dice: Dice): DemoJob => jobs[index] ?? dice.pick(ordinaryJobs);

const ordinaryJobs = jobs.filter(({ functionId }) => functionId !== 'Toppledelse');

function positionId(index: number): string {
  if (index === 0) return samplePositionId;
  const number = firstPositionNumber + index - 1;
  return sixDigits(number < Number(samplePositionId) ? number : number + 1);
}

/** Departments are numbered by company. */
function companyOf(job: DemoJob): DemoCompany {
  const company = companies[Number(job.department.slice(0, 3)) - 1];
  if (company === undefined) throw new RangeError(`no company has department ${job.department}`);
  return company;
}

function planPerson(index: number, job: DemoJob, dice: Dice): DemoPerson {
  const personnelNumber = sixDigits(index + 1);
  const name = nameOf(index, dice);
  const hiredIn = dice.between(2009, 2024);
  return {
    personnelNumber,
    key: `person-${personnelNumber}`,
    job,
    name,
    birth: { year: hiredIn - dice.between(22, 44), month: dice.between(1, 12), day: dice.between(1, 28) },
    hiredIn,
    town: dice.pick(towns),
    street: `${dice.pick(streets)} ${dice.between(1, 120)}`,
    email: emailOf(name, 'nordlys.example'),
    phone: phoneNumber(dice),
  };
}

/**
 * The name with that number. Names repeat only after all combinations were used: the step has no divisor in common with
 * their number (40 first names, 17 and 15 halves of surnames).
 */
export function nameOf(index: number, dice: Dice): DemoName {
  const firstNames = [...womensNames, ...mensNames];
  const total = firstNames.length * surnameStarts.length * surnameEnds.length;
  const place = (index * 4001) % total;
  const rest = Math.floor(place / firstNames.length);
  return {
    first: at(firstNames, place % firstNames.length),
    middle: dice.chance(20) ? dice.pick(middleNames) : undefined,
    last: at(surnameStarts, rest % surnameStarts.length) + at(surnameEnds, Math.floor(rest / surnameStarts.length)),
    isWoman: place % firstNames.length < womensNames.length,
  };
}

function at(items: readonly string[], index: number): string {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}

const plainLetters: Readonly<Record<string, string>> = { æ: 'ae', ø: 'o', å: 'a' };

/** In a domain that nobody can own (RFC 2606). */
const emailOf = (name: DemoName, domain: string): string =>
  `${name.first}.${name.last}@${domain}`.toLowerCase().replace(/[æøå]/g, (letter) => plainLetters[letter] ?? letter);

/** No Norwegian subscriber's number begins with 1. */
const phoneNumber = (dice: Dice): string =>
  `+47 10 ${[0, 0, 0].map(() => String(dice.between(0, 99)).padStart(2, '0')).join(' ')}`;

const sixDigits = (number: number): string => String(number).padStart(6, '0');
