import { noYes } from './choice-values.ts';
import { companies } from './companies.ts';
import { wireDate } from './dates.ts';
import { type DemoJob, jobs } from './job-data.ts';
import { type Body, create, type DemoOperation } from './operation.ts';
import type { Register } from './register-data.ts';

/** Creates the company; its row in Dataverse comes with it. */
export const createCompanies = (): DemoOperation[] =>
  companies.map(({ code, name }) => ({
    surface: 'data',
    method: 'POST',
    path: 'LegalEntities',
    body: { LegalEntityId: code, Name: name },
  }));

export const fillRegisters = (registers: readonly Register[]): DemoOperation[] =>
  registers.flatMap(({ entitySet, columns, rows }) => rows.map((row) => create(entitySet, rowBody(columns, row))));

function rowBody(columns: readonly string[], row: readonly (string | number)[]): Body {
  if (row.length !== columns.length) throw new TypeError(`${columns.length} columns, but ${row.length} values: ${row}`);
  return Object.fromEntries(columns.flatMap((column, index) => [[column, row[index] ?? '']]));
}

export const createTitles = (): DemoOperation[] =>
  jobs.map(({ description }) => create('mshr_hcmtitleentities', { mshr_titleid: description }));

/** Postal columns of a location are kept by the address register and cannot be sent (ats-api 4.4). */
export const createLocations = (): DemoOperation[] =>
  companies.flatMap(({ code, locations }) =>
    locations.map(({ id, description }) =>
      create('mshr_hcmrecruitingrequestlocationentities', {
        mshr_recruitingrequestlocationid: id,
        mshr_description: description,
        mshr_email: `jobb.${code}@nordlys.example`,
        mshr_internetaddress: `https://jobb.nordlys.example/${code}`,
        mshr_dataareaid: code,
      }),
    ),
  );

export const createJobs = (): DemoOperation[] =>
  jobs.map((job) =>
    create('mshr_hcmjobentities', {
      mshr_jobid: job.id,
      mshr_description: job.description,
      mshr_jobdescription: `Arbeidsoppgaver for ${job.description.toLowerCase()} i Nordlys-konsernet.`,
      mshr_titleid: job.description,
      mshr_functionid: job.functionId,
      mshr_jobtypeid: job.typeId,
      mshr_compensationlevelid: compensationLevels(job)[0].id,
      mshr_fulltimeequivalent: 1,
      mshr_allowunlimitedpositions: noYes.Yes,
      mshr_effective: wireDate(2020, 1, 1),
    }),
  );

/** A pay level of a job, in kroner a year. */
export interface CompensationLevel {
  readonly id: string;
  readonly low: number;
  readonly control: number;
  readonly high: number;
}

export function compensationLevels(job: DemoJob): readonly [CompensationLevel, CompensationLevel] {
  const level = (id: string, factor: number): CompensationLevel => {
    const kroner = (share: number): number => Math.round(job.pay * factor * share) * 1000;
    return { id, low: kroner(0.9), control: kroner(1), high: kroner(1.15) };
  };
  return [level('L1', 1), level('L2', 1.12)];
}

export const createCompensationLevels = (): DemoOperation[] =>
  jobs.flatMap((job) =>
    compensationLevels(job).map(({ id, low, control, high }) =>
      create('mshr_hcmjobcompensationentities', {
        mshr_jobid: job.id,
        mshr_compensationlevelid: id,
        mshr_marketminimumpay: low,
        mshr_marketcontrolpay: control,
        mshr_marketmaximumpay: high,
        mshr_marketsource: 'Nordlys lønnsundersøkelse',
      }),
    ),
  );
