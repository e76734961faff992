import { type Guid, getGuid } from '../../kernel/ids.ts';
import type { Localized } from '../../kernel/language.ts';
import type { Table } from '../../metadata/table.ts';
import { and, equals, type Value } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { findRow } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { findWorker, makeWorker } from './make-worker.ts';
import { assignPosition, fillRequestPosition } from './positions.ts';
import { candidateName, processProblems } from './process-problems.ts';
import { result } from './states.ts';
import { type ActionAnswer, type ActionCall, takeStep } from './take-step.ts';

/** What a hire is about. */
export interface Hire {
  readonly writer: EntityWriter;
  readonly candidate: (name: string) => Value;
  readonly candidateId: Guid;
  readonly person: Row;
  readonly startDate: string;
  readonly workerType: number | undefined;
}

/**
 * "Hire new worker" (ats-api 3, step 9): a worker unless the person is one already, an employment in the candidate's legal
 * entity, the position, and the result. An ATS may have written the result before; only this makes a worker.
 */
export async function hire(call: ActionCall): Promise<ActionAnswer> {
  const { writer, table, row, parameters } = call;
  const candidate = (name: string): Value => row.values.get(getColumn(table, name)) ?? null;
  const name = candidateName(candidate('mshr_candidateid'));
  const isHired = candidate('mshr_applicantintegrationresult') === result.hired;
  const hiring: Hire = {
    writer,
    candidate,
    candidateId: row.id,
    person: await personOf(writer, candidate, name),
    startDate: parameters.text('StartDate') ?? (await usualStart(writer, candidate)),
    workerType: parameters.number('WorkerType'),
  };
  const named = parameters.text('PositionId');
  const positionId = named ?? candidate('mshr_positionid');
  const known = await findWorker(hiring);
  if (isHired && known !== undefined && (await findEmployment(hiring, known)) !== undefined) {
    throw processProblems.hiredAlready(name);
  }
  const worker = known ?? (await makeWorker(hiring, parameters.text('PersonnelNumber')));
  await employ(hiring, worker);
  if (positionId !== null && positionId !== '') {
    await assignPosition(hiring, { id: String(positionId), isAsked: named !== undefined }, worker.personnelNumber);
    await fillRequestPosition(hiring, String(positionId));
  }
  const more = positionId === candidate('mshr_positionid') ? {} : { mshr_positionid: positionId };
  if (!isHired) await takeStep(call, more);
  else if (positionId !== candidate('mshr_positionid')) {
    await writer.update(table, row, {
      values: new Map([[getColumn(table, 'mshr_positionid'), positionId]]),
      isAsked: true,
    });
  }
  return { PersonnelNumber: worker.personnelNumber, WorkerEntityId: worker.id };
}

async function personOf(writer: EntityWriter, candidate: Hire['candidate'], name: Localized): Promise<Row> {
  const id = candidate('mshr_fk_person_id');
  const person =
    typeof id === 'string'
      ? await writer.rows.get(getTable(writer.model, 'mshr_dirpersonentity'), getGuid(id))
      : undefined;
  if (person === undefined) throw processProblems.noPerson(name);
  return person;
}

/** The day that the request expects, else the day that the candidate is free, else today. */
async function usualStart(writer: EntityWriter, candidate: Hire['candidate']): Promise<string> {
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestentity');
  const id = candidate('mshr_fk_recruitingrequest_id');
  const request = typeof id === 'string' ? await writer.rows.get(table, getGuid(id)) : undefined;
  const expected = request?.values.get(getColumn(table, 'mshr_estimatedstartdate'));
  const day = expected ?? candidate('mshr_availabilitydate') ?? writer.now().toISOString();
  return `${String(day).slice(0, 10)}T00:00:00Z`;
}

const employments = (writer: EntityWriter): Table => getTable(writer.model, 'mshr_hcmemploymententity');

/** The employment of a worker in the candidate's legal entity that goes on. */
async function findEmployment({ writer, candidate }: Hire, worker: { readonly id: Guid }): Promise<Row | undefined> {
  const table = employments(writer);
  return findRow(writer.rows, table, [
    [getColumn(table, 'mshr_fk_worker_id'), worker.id],
    [getColumn(table, 'mshr_legalentityid'), candidate('mshr_dataareaid')],
    [getColumn(table, 'mshr_employmentenddate'), null],
  ]);
}

/** A worker who changes positions inside a legal entity stays employed as they were. */
async function employ(hiring: Hire, worker: { readonly id: Guid; readonly personnelNumber: string }): Promise<void> {
  if ((await findEmployment(hiring, worker)) !== undefined) return;
  const { writer, candidate, startDate, workerType } = hiring;
  const table = employments(writer);
  const named: Readonly<Record<string, Value>> = {
    mshr_personnelnumber: worker.personnelNumber,
    mshr_legalentityid: candidate('mshr_dataareaid'),
    mshr_employmentstartdate: startDate,
    mshr_candidateid: candidate('mshr_candidateid'),
    ...(workerType !== undefined && { mshr_workertype: workerType }),
  };
  await writer.create(table, {
    values: new Map(Object.entries(named).map(([name, value]) => [getColumn(table, name), value])),
  });
}

/** Employments that the hire of this candidate made and that go on. */
export async function employmentsOfCandidate(writer: EntityWriter, candidateId: Guid): Promise<readonly Row[]> {
  const table = employments(writer);
  const where = and(
    equals(getColumn(table, 'mshr_fk_candidate_id'), candidateId),
    equals(getColumn(table, 'mshr_employmentenddate'), null),
  );
  return writer.rows.list(table, where ?? { kind: 'never' }, 10);
}
