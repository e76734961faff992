import { applicantResult } from './choice-values.ts';
import { wireDateAfter } from './dates.ts';
import type { Dice } from './dice.ts';
import { type Body, create, type DemoOperation } from './operation.ts';
import { type DemoName, type DemoPerson, type DemoPlan, nameOf } from './plan.ts';
import { createEducation, createSkills } from './profiles.ts';
import type { DemoRequest } from './recruiting.ts';
import { doNotHireReasons } from './register-data.ts';
import { nameColumns } from './workforce.ts';

/** A candidate that an ATS has already sent. */
export interface DemoCandidate {
  /** Name under which the created candidate is saved. */
  readonly key: string;
  readonly request: DemoRequest;
  /** A new person, or somebody whom Human Resources knows already (ats-api 5: internal candidate). */
  readonly person:
    | { readonly kind: 'new'; readonly name: DemoName }
    | { readonly kind: 'known'; readonly person: DemoPerson };
  readonly result: keyof typeof applicantResult;
}

const results = ['Notprocessed', 'Hired', 'Nothired'] as const;

/**
 * Candidates for requests other than the first, a third of them with each result. Those with a decision belong to
 * closed requests; the one hired is the worker who now has the position.
 */
export function planCandidates(
  count: number,
  requests: readonly DemoRequest[],
  plan: DemoPlan,
  dice: Dice,
): DemoCandidate[] {
  const others = requests.slice(1);
  const pools = {
    Notprocessed: others.filter(({ status }) => status === 'Active'),
    decided: others.filter(({ status }) => status === 'Closed'),
  };
  return Array.from({ length: count }, (_, index) => index).flatMap((index): DemoCandidate[] => {
    const result = results[index % results.length] ?? 'Notprocessed';
    const pool = result === 'Notprocessed' ? pools.Notprocessed : pools.decided;
    const request = pool[Math.floor(index / results.length) % pool.length];
    if (request === undefined) return []; // a small organisation without such requests
    const worker = plan.people.find(({ personnelNumber }) => personnelNumber === request.positions[0].worker);
    const name = nameOf(plan.people.length + index, dice);
    const person =
      result === 'Hired' && worker ? { kind: 'known' as const, person: worker } : { kind: 'new' as const, name };
    return [{ key: `candidate-${index + 1}`, request, person, result }];
  });
}

const candidateSet = 'mshr_hcmcandidatetohireentities';

/** Personal columns go with new people only; a known person is named by party number (ats-api 5). */
export const createCandidate = ({ key, request, person }: DemoCandidate, today: Date): DemoOperation =>
  create(
    candidateSet,
    (saved): Body => ({
      mshr_dataareaid: request.company.code,
      mshr_recruitingrequestid: saved.text(request.key, 'mshr_recruitingrequestid'),
      mshr_positionid: request.positions[0].id,
      mshr_comments: 'Sendt fra rekrutteringssystemet.',
      ...(person.kind === 'known'
        ? { mshr_partynumber: saved.text(person.person.key, 'mshr_partynumber') }
        : { ...nameColumns(person.name), mshr_availabilitydate: wireDateAfter(today, 60) }),
    }),
    key,
  );

/** Education and skills of new people, and what Human Resources has decided. */
export function completeCandidate({ key, request, person, result }: DemoCandidate, dice: Dice): DemoOperation[] {
  const skills = request.skills.map(([skill]) => skill);
  const profile =
    person.kind === 'new' ? [createEducation(key, 2018, dice), ...createSkills(key, skills, 2023, dice)] : [];
  return result === 'Notprocessed' ? profile : [...profile, decide(key, result, dice)];
}

/** A candidate begins as not processed and is decided on later (ats-api 5.1); only a refusal has a reason. */
const decide = (key: string, result: 'Hired' | 'Nothired', dice: Dice): DemoOperation => ({
  surface: 'webapi',
  method: 'PATCH',
  path: (saved) => `${candidateSet}(${saved.text(key, 'mshr_hcmcandidatetohireentityid')})`,
  body: {
    mshr_applicantintegrationresult: applicantResult[result],
    ...(result === 'Nothired' ? { mshr_donothirereasoncodeid: dice.pick(doNotHireReasons) } : {}),
  },
});
