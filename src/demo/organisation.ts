import { completeCandidate, createCandidate, planCandidates } from './candidates.ts';
import { companies, type DemoCompany } from './companies.ts';
import { Dice } from './dice.ts';
import { jobs } from './job-data.ts';
import type { DemoOperation, DemoStage } from './operation.ts';
import { type DemoPlan, planOrganisation } from './plan.ts';
import { createProfile } from './profiles.ts';
import {
  advanceRequests,
  createRequest,
  createRequestRows,
  type DemoRequest,
  planRequests,
  setWorkflow,
} from './recruiting.ts';
import { dependentRegisters, registers } from './register-data.ts';
import {
  createCompanies,
  createCompensationLevels,
  createJobs,
  createLocations,
  createTitles,
  fillRegisters,
} from './registers.ts';
import { createPerson, createPosition, createWorker } from './workforce.ts';

export interface DemoOptions {
  /** Estimated start dates of open requests lie after it; all else is the same on every day. */
  readonly today: Date;
  /** Multiplies people, positions, requests and candidates; 1 when absent. Registers, jobs and companies stay. */
  readonly size?: number;
}

/** How many rows the demo has of what a reader would count. */
export interface DemoVolumes {
  readonly companies: number;
  readonly jobs: number;
  readonly positions: number;
  readonly workers: number;
  readonly requests: number;
  readonly candidates: number;
}

/** @throws RangeError when the size gives no position, or position numbers run out of their six digits */
export function demoVolumes(size = 1): DemoVolumes {
  if (!(size >= 0.01 && size <= 2000)) throw new RangeError(`size ${size} is not between 0.01 and 2000`);
  const positions = Math.max(4, Math.round(400 * size));
  return {
    companies: companies.length,
    jobs: jobs.length,
    positions,
    workers: positions - Math.ceil(positions / 4),
    requests: Math.max(1, Math.round(120 * size)),
    candidates: Math.round(12 * size),
  };
}

/**
 * The operations that make the demo organisation, in stages that need the ones before. The same options give the same
 * list, and a service that starts empty the same numbers.
 */
export function demoOrganisation({ today, size = 1 }: DemoOptions): readonly DemoStage[] {
  const volumes = demoVolumes(size);
  const dice = new Dice(20210630); // the date of the source document; any number would do
  const plan = planOrganisation(volumes.positions, dice);
  const requests = planRequests(volumes.requests, plan, dice);
  return [
    { name: 'companies', operations: createCompanies() },
    { name: 'registers', operations: [...fillRegisters(registers), ...createTitles(), ...createLocations()] },
    { name: 'jobs', operations: [...fillRegisters(dependentRegisters), ...createJobs()] },
    ...workforceStages(plan, dice),
    ...recruitingStages(volumes, requests, plan, today, dice),
  ];
}

function workforceStages(plan: DemoPlan, dice: Dice): DemoStage[] {
  const hiredIn = new Map(plan.people.map((person) => [person.personnelNumber, person.hiredIn]));
  return [
    { name: 'people', inOrder: true, operations: plan.people.map(createPerson) },
    { name: 'workers', operations: [...createCompensationLevels(), ...plan.people.flatMap(createWorker)] },
    {
      name: 'positions and profiles',
      operations: [
        ...plan.positions.map((position) => createPosition(position, hiredIn.get(position.worker ?? ''))),
        ...plan.people.flatMap((person) => createProfile(person, dice)),
      ],
    },
  ];
}

/** One company approves its requests; the others activate them, as published samples expect. */
const isWithoutWorkflow = ({ code }: DemoCompany): boolean => code !== 'no02';

function recruitingStages(
  volumes: DemoVolumes,
  requests: readonly DemoRequest[],
  plan: DemoPlan,
  today: Date,
  dice: Dice,
): DemoStage[] {
  const candidates = planCandidates(volumes.candidates, requests, plan, dice);
  const requestOperations: DemoOperation[] = requests.map((request) => createRequest(request, today, dice));
  return [
    { name: 'recruiting requests', inOrder: true, operations: requestOperations },
    { name: 'positions, skills and education of requests', operations: requests.flatMap(createRequestRows) },
    { name: 'workflow of requests', operations: setWorkflow(companies, true) },
    ...advanceRequests(requests),
    { name: 'companies without a workflow', operations: setWorkflow(companies.filter(isWithoutWorkflow), false) },
    { name: 'candidates', inOrder: true, operations: candidates.map((candidate) => createCandidate(candidate, today)) },
    {
      name: 'profiles and results of candidates',
      operations: candidates.flatMap((candidate) => completeCandidate(candidate, dice)),
    },
  ];
}
