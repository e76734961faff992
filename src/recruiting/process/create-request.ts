import { getGuid } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import { equals } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { processProblems } from './process-problems.ts';
import { payPoints } from './request-pay.ts';
import { endedRequests } from './states.ts';
import type { ActionAnswer, ActionCall } from './take-step.ts';

/** Parameters of the action, and the columns of the request that they set. */
const given: Readonly<Record<string, string>> = {
  EstimatedStartDate: 'mshr_estimatedstartdate',
  Description: 'mshr_description',
  DataAreaId: 'mshr_dataareaid',
  HiringManagerPersonnelNumber: 'mshr_hiringmanagerpersonnelnumber',
  RecruiterPartyNumber: 'mshr_recruiterpartynumber',
  RecruitingRequestLocationId: 'mshr_recruitingrequestlocationid',
};

/** A new request for a job, filled in as far as the job says how (human-resources-security 8.2). */
export async function createRequest(call: ActionCall): Promise<ActionAnswer> {
  const { writer, row: job, table: jobTable, parameters } = call;
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestentity');
  const values = await detailsOf(writer, jobTable, job, table);
  values.set(getColumn(table, 'mshr_jobid'), job.values.get(getColumn(jobTable, 'mshr_jobid')) ?? null);
  values.set(getColumn(table, 'mshr_description'), job.values.get(getColumn(jobTable, 'mshr_description')) ?? null);
  for (const [name, column] of Object.entries(given)) {
    const value = parameters.text(name);
    if (value !== undefined) values.set(getColumn(table, column), value);
  }
  const draft = await writer.createRow(table, { values, isAsked: true });
  await call.requireMade(table, draft.id, String(draft.value('mshr_dataareaid')));
  return {
    RecruitingRequestEntityId: draft.id,
    RecruitingRequestId: String(draft.value('mshr_recruitingrequestid')),
  };
}

/** "Create details from job": what the job says takes the place of what the request said. */
export async function createDetails({ writer, table, row }: ActionCall): Promise<undefined> {
  const status = Number(row.values.get(getColumn(table, 'mshr_status')));
  if (endedRequests.includes(status)) throw processProblems.detailsAreFixed();
  const jobTable = getTable(writer.model, 'mshr_hcmjobentity');
  const id = row.values.get(getColumn(table, 'mshr_fk_job_id'));
  const job = typeof id === 'string' ? await writer.rows.get(jobTable, getGuid(id)) : undefined;
  if (job !== undefined) await writer.update(table, row, { values: await detailsOf(writer, jobTable, job, table) });
  return undefined;
}

/** The text for candidates, and the pay of the job's level where the job has one that is priced. */
async function detailsOf(writer: EntityWriter, jobTable: Table, job: Row, table: Table): Promise<Map<Column, Value>> {
  const ofJob = (name: string): Value => job.values.get(getColumn(jobTable, name)) ?? null;
  const values = new Map<Column, Value>([[getColumn(table, 'mshr_externaldescription'), ofJob('mshr_jobdescription')]]);
  const levels = getTable(writer.model, 'mshr_hcmjobcompensationentity');
  const all = await writer.rows.list(levels, equals(getColumn(levels, 'mshr_fk_job_id'), job.id), 50);
  const levelId = getColumn(levels, 'mshr_compensationlevelid');
  const level = all.find((each) => same(each.values.get(levelId), ofJob('mshr_compensationlevelid')));
  if (level === undefined) return values;
  values.set(getColumn(table, 'mshr_compensationlevelid'), level.values.get(levelId) ?? null);
  for (const [own, theirs] of payPoints) {
    values.set(getColumn(table, own), level.values.get(getColumn(levels, theirs)) ?? null);
  }
  return values;
}

const same = (left: unknown, right: unknown): boolean =>
  String(left ?? '').toLowerCase() === String(right ?? '').toLowerCase();
