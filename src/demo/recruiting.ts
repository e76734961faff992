import { positionStatus, requestStatus } from './choice-values.ts';
import type { DemoCompany } from './companies.ts';
import { wireDate, wireDateAfter } from './dates.ts';
import type { Dice } from './dice.ts';
import { create, type DemoOperation, type DemoStage, type SavedRows } from './operation.ts';
import type { DemoPerson, DemoPlan, DemoPosition } from './plan.ts';
import { disciplineIds, educationLevelIds, ratingLevelIds, ratingModelId, skillIds } from './register-data.ts';
import { compensationLevels } from './registers.ts';

type RequestStatus = keyof typeof requestStatus;

/** A recruiting request and what belongs to it. */
export interface DemoRequest {
  /** Name under which the created request is saved; its id comes from a number sequence. */
  readonly key: string;
  readonly status: RequestStatus;
  readonly company: DemoCompany;
  /** The first one decides job and company. */
  readonly positions: readonly [DemoPosition, ...DemoPosition[]];
  readonly hiringManager: DemoPerson;
  readonly recruiter: DemoPerson;
  readonly skills: readonly (readonly [skill: string, level: string])[];
  readonly education: readonly (readonly [level: string, discipline: string])[];
}

/** How often each status occurs, in the order in which requests get them. The first request is the sample. */
const statusCycle: readonly RequestStatus[] = [
  'Active',
  'Draft',
  'Active',
  'Closed',
  'InReview',
  'Active',
  'Pending',
  'Active',
  'Closed',
  'Draft',
  'Active',
  'Canceled',
  'Active',
  'Pending',
  'Draft',
  'Active',
  'Denied',
  'Closed',
  'InReview',
  'Active',
];

/** What the vendor's published samples name. */
const sample: Pick<DemoRequest, 'skills' | 'education'> = {
  skills: [
    ['CustFocus', '4'],
    ['CashFlow', '3'],
  ],
  education: [['Bachelor', 'Business Mgmt']],
};

export function planRequests(count: number, plan: DemoPlan, dice: Dice): DemoRequest[] {
  const vacancies = plan.positions.filter(({ worker }) => worker === undefined);
  const filled = plan.positions.filter(({ worker }) => worker !== undefined);
  const managers = people(plan, ({ job }) => job.functionId === 'Ledelse' || job.functionId === 'Toppledelse');
  const recruiters = people(plan, ({ job }) => job.department === '001030');
  return Array.from({ length: count }, (_, index): DemoRequest => {
    const status = statusCycle[index % statusCycle.length] ?? 'Active';
    const pool = status === 'Closed' ? filled : vacancies;
    const first = pool[index % pool.length];
    if (first === undefined) throw new RangeError('too few positions for requests');
    const others = pool.filter((other) => other !== first && other.job === first.job);
    return {
      key: `request-${index + 1}`,
      status,
      company: first.company,
      positions: [first, ...dice.sample(others, dice.between(0, 2))],
      hiringManager: dice.pick(managers),
      recruiter: dice.pick(recruiters),
      ...(index === 0 ? sample : planRequirements(dice)),
    };
  });
}

/** The people that fit, or everybody in an organisation too small to have such people. */
function people(plan: DemoPlan, fits: (person: DemoPerson) => boolean): readonly DemoPerson[] {
  const fitting = plan.people.filter(fits);
  return fitting.length > 0 ? fitting : plan.people;
}

const planRequirements = (dice: Dice): typeof sample => ({
  skills: dice.sample(skillIds, dice.between(1, 3)).map((skill) => [skill, dice.pick(ratingLevelIds)]),
  education: dice
    .sample(disciplineIds, dice.between(0, 2))
    .map((discipline) => [dice.pick(educationLevelIds), discipline]),
});

export function createRequest(request: DemoRequest, today: Date, dice: Dice): DemoOperation {
  const { job } = request.positions[0];
  const level = dice.pick(compensationLevels(job));
  const location = dice.pick(request.company.locations);
  const startDate = estimatedStart(request.status, today, dice);
  return create(
    'mshr_hcmrecruitingrequestentities',
    (saved) => ({
      mshr_dataareaid: request.company.code,
      mshr_status: requestStatus[firstStatus(request.status)],
      mshr_description: `${job.description} til ${request.company.name}`,
      mshr_jobid: job.id,
      mshr_estimatedstartdate: startDate,
      mshr_recruitingrequestlocationid: location.id,
      mshr_hiringmanagerpersonnelnumber: request.hiringManager.personnelNumber,
      mshr_recruiterpartynumber: saved.text(request.recruiter.key, 'mshr_partynumber'),
      mshr_externaldescription: `Vil du bli ${job.description.toLowerCase()} hos oss? Arbeidssted: ${location.description}.`,
      mshr_comments: request.positions.length > 1 ? 'Flere stillinger lyses ut samlet.' : 'Fast stilling.',
      mshr_compensationlevelid: level.id,
      mshr_compensationlowthreshold: level.low,
      mshr_compensationcontrolpoint: level.control,
      mshr_compensationhighthreshold: level.high,
    }),
    request.key,
  );
}

/** Requests are made while none needs an approval: what is or was active is so at once. */
const firstStatus = (status: RequestStatus): RequestStatus =>
  status === 'Active' || status === 'Closed' ? 'Active' : 'Draft';

/** The states that a request goes through after that, in order (ats-api 4.1). */
const laterStatuses: Readonly<Record<RequestStatus, readonly RequestStatus[]>> = {
  Draft: [],
  Active: [],
  Closed: ['Closed'],
  InReview: ['InReview'],
  Pending: ['InReview', 'Pending'],
  Canceled: ['InReview', 'Pending', 'Canceled'],
  Denied: ['InReview', 'Pending', 'Denied'],
};

const longestWay = 3;

/** Moves all requests to where they are to be, one step for all of them in each stage: a row is changed once at a time. */
export const advanceRequests = (requests: readonly DemoRequest[]): DemoStage[] =>
  Array.from({ length: longestWay }, (_, at) => ({
    name: `states of requests ${at + 1}`,
    operations: requests.flatMap(({ key, status }): DemoOperation[] => {
      const next = laterStatuses[status][at];
      if (next === undefined) return [];
      const set = 'mshr_hcmrecruitingrequestentities';
      return [
        {
          surface: 'webapi',
          method: 'PATCH',
          path: (saved) => `${set}(${saved.text(key, 'mshr_hcmrecruitingrequestentityid')})`,
          body: { mshr_status: requestStatus[next] },
        },
      ];
    }),
  }));

/** From now on requests of these companies are approved; the others go on without (`RecruitingParameters`). */
export const setWorkflow = (companies: readonly DemoCompany[], isOn: boolean): DemoOperation[] =>
  companies.map(({ code }) => ({
    surface: 'data',
    method: isOn ? 'POST' : 'PATCH',
    path: isOn ? 'RecruitingParameters' : `RecruitingParameters('${code}')`,
    body: isOn ? { DataAreaId: code, RequestWorkflow: 'Yes' } : { RequestWorkflow: 'No' },
  }));

const finished: readonly RequestStatus[] = ['Closed', 'Canceled', 'Denied'];

/** Requests that are still open begin some weeks after `today`; those that are done have their day in the past. */
const estimatedStart = (status: RequestStatus, today: Date, dice: Dice): string =>
  finished.includes(status)
    ? wireDate(2025, dice.between(1, 6), dice.between(1, 28))
    : wireDateAfter(today, dice.between(30, 180));

/** Status of a request's positions: `Filled` once the request is closed (ats-api 4.3). */
const positionStatusOf = (status: RequestStatus): number => {
  if (status === 'Closed') return positionStatus.Filled;
  return status === 'Canceled' || status === 'Denied' ? positionStatus.Canceled : positionStatus.Open;
};

/** Positions, skills and education of a request. */
export function createRequestRows(request: DemoRequest): DemoOperation[] {
  const shared = (saved: SavedRows): { mshr_dataareaid: string; mshr_recruitingrequestid: string } => ({
    mshr_dataareaid: request.company.code,
    mshr_recruitingrequestid: saved.text(request.key, 'mshr_recruitingrequestid'),
  });
  return [
    ...request.positions.map(({ id }) =>
      create('mshr_hcmrecruitingrequestpositionentities', (saved) => ({
        ...shared(saved),
        mshr_positionid: id,
        mshr_status: positionStatusOf(request.status),
      })),
    ),
    ...request.skills.map(([skill, level]) =>
      create('mshr_hcmrecruitingrequestskillentities', (saved) => ({
        ...shared(saved),
        mshr_skillid: skill,
        mshr_ratingmodelid: ratingModelId,
        mshr_ratinglevelid: level,
      })),
    ),
    ...request.education.map(([level, discipline]) =>
      create('mshr_hcmrecruitingrequesteducationentities', (saved) => ({
        ...shared(saved),
        mshr_educationlevelid: level,
        mshr_educationdisciplineid: discipline,
      })),
    ),
  ];
}
