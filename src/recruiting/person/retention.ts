import { type Guid, getGuid } from '../../kernel/ids.ts';
import type { Model } from '../../metadata/table.ts';
import { equals } from '../../odata/query.ts';
import type { MaintenanceStore, Transaction } from '../../odata/row-store.ts';
import { listAll } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { result } from '../process/states.ts';
import type { PersonData } from './person-data.ts';

/** That a candidate was not hired, or dismissed. */
export interface Rejection {
  readonly candidateId: string;
  /** RFC 3339. */
  readonly time: string;
}

export interface RetentionDeps {
  readonly store: MaintenanceStore;
  readonly model: () => Model;
  readonly people: Pick<PersonData, 'erase'>;
  /** All of them, oldest first. */
  readonly rejections: () => AsyncIterable<Rejection>;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Erases people who are nothing but rejected candidates, each of them for longer than the legal entity of the candidate keeps
 * them (`RejectedCandidateRetentionDays`). Once is enough, and doing it again changes nothing, so any process may do it at any
 * time. Gives how many people were erased now.
 */
export async function eraseRejected(deps: RetentionDeps, now: Date): Promise<number> {
  const days = await retentionOf(deps);
  if (days.size === 0) return 0;
  const rejectedAt = new Map<string, number>();
  for await (const { candidateId, time } of deps.rejections()) rejectedAt.set(candidateId, Date.parse(time));
  const due = await deps.store.maintain((rows) =>
    peopleDue(rows, deps.model(), { days, rejectedAt, now: now.getTime() }),
  );
  let erased = 0;
  for (const id of due) {
    const outcome = await deps.people.erase(id);
    if (outcome?.kind === 'erased' && outcome.removed + outcome.anonymised > 0) erased += 1;
  }
  return erased;
}

/** Days by legal entity in lower case, where they are more than none. */
async function retentionOf({ store, model }: RetentionDeps): Promise<ReadonlyMap<string, number>> {
  const table = getTable(model(), 'recruitingparameter');
  const [company, days] = [getColumn(table, 'DataAreaId'), getColumn(table, 'RejectedCandidateRetentionDays')];
  return new Map(
    (await store.readAll(table)).flatMap(({ values }): [string, number][] => {
      const kept = Number(values.get(days) ?? 0);
      return kept > 0 ? [[String(values.get(company)).toLowerCase(), kept]] : [];
    }),
  );
}

interface Rules {
  readonly days: ReadonlyMap<string, number>;
  readonly rejectedAt: ReadonlyMap<string, number>;
  readonly now: number;
}

async function peopleDue(rows: Transaction, model: Model, rules: Rules): Promise<ReadonlySet<Guid>> {
  const table = getTable(model, 'mshr_hcmcandidatetohireentity');
  const [person, company, outcome] = ['mshr_fk_person_id', 'mshr_dataareaid', 'mshr_applicantintegrationresult'].map(
    (name) => getColumn(table, name),
  );
  const due = new Set<Guid>();
  if (person === undefined || company === undefined || outcome === undefined) return due;
  const isOver = (id: string, kept: number | undefined, value: unknown): boolean => {
    const at = rules.rejectedAt.get(id);
    const isRejected = value === result.notHired || value === result.dismissed;
    return isRejected && kept !== undefined && at !== undefined && at + kept * day <= rules.now;
  };
  for (const id of rules.rejectedAt.keys()) {
    const personId = (await rows.get(table, getGuid(id)))?.values.get(person);
    if (typeof personId !== 'string' || due.has(getGuid(personId))) continue;
    let isDue = true;
    for await (const { id: each, values } of listAll(rows, table, equals(person, personId))) {
      const kept = rules.days.get(String(values.get(company)).toLowerCase());
      isDue &&= isOver(each, kept, values.get(outcome));
    }
    if (isDue) due.add(getGuid(personId));
  }
  return due;
}
