import { getGuid } from '../../kernel/ids.ts';
import { equals, type Value } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { Draft } from '../draft.ts';
import type { EntityHooks } from '../entity-hooks.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { listAll } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { announceRequest } from '../process/announce.ts';
import { followGraph, type Life } from '../process/follow-graph.ts';
import { hasWorkflow } from '../process/parameters.ts';
import { namesOf, processProblems } from '../process/process-problems.ts';
import { settlePay } from '../process/request-pay.ts';
import { positionStatus, type RequestStep, requestGraph, requestStatus } from '../process/states.ts';

/**
 * Recruiting requests (ats-api 4). The status follows a graph, whichever way it is changed. The regulatory category comes from the job's function, two lookups away, which the
 * model's mirrors cannot say. Positions, skills and education go with the request; candidates hold its deletion up.
 */
export const recruitingRequestHooks: EntityHooks = {
  deletedWith: [
    'mshr_hcmrecruitingrequestpositionentity',
    'mshr_hcmrecruitingrequestskillentity',
    'mshr_hcmrecruitingrequesteducationentity',
  ],

  async derive(draft, writer) {
    await changeStatus(draft, writer);
    await settlePay(draft, writer);
    const job = getColumn(draft.table, 'mshr_fk_job_id');
    const functionId = getColumn(draft.table, 'mshr_jobfunctionid');
    if (!draft.isNew && !draft.isChanged(job) && !draft.isChanged(functionId)) return;
    draft.setValue('mshr_regulatoryjobcategory', await regulatoryCategory(draft, writer));
  },

  async afterCreate(draft, writer) {
    announceRequest(draft, writer);
  },

  async afterUpdate(draft, writer) {
    announceRequest(draft, writer);
  },
};

export const requestLife: Life<RequestStep> = {
  graph: requestGraph,
  column: 'mshr_status',
  first: requestStatus.draft,
  isGuarded: true,
  nameOf: (draft) => namesOf(draft.value('mshr_recruitingrequestid'), 'Recruiting request', 'Rekrutteringsforespørsel'),
};

async function changeStatus(draft: Draft, writer: EntityWriter): Promise<void> {
  const step = followGraph(draft, writer, requestLife);
  if (step?.only !== undefined) await checkWorkflow(draft, writer, step);
  if (step?.to === requestStatus.closed && !draft.isNew) await cancelOpenPositions(draft, writer);
}

/** Whether requests are approved is the legal entity's own affair; either way there is one way to become active. */
async function checkWorkflow(draft: Draft, writer: EntityWriter, { only }: RequestStep): Promise<void> {
  const company = draft.value('mshr_dataareaid');
  const isOn = await hasWorkflow(writer.model, writer.rows, company);
  if (isOn === (only === 'workflow')) return;
  const name = requestLife.nameOf(draft);
  throw isOn ? processProblems.mustBeSubmitted(name, company) : processProblems.noWorkflow(name, company);
}

/** What was filled stays; nobody else is looked for (human-resources-security 8.2). */
async function cancelOpenPositions(draft: Draft, writer: EntityWriter): Promise<void> {
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestpositionentity');
  const status = getColumn(table, 'mshr_status');
  const ofRequest = equals(getColumn(table, 'mshr_fk_recruitingrequest_id'), draft.id);
  for await (const row of listAll(writer.rows, table, ofRequest)) {
    if (row.values.get(status) !== positionStatus.open) continue;
    await writer.updateShown(table, row, new Map([[status, positionStatus.canceled]]));
  }
}

/** Job functions: their category shows on the requests of all jobs that have the function. */
export const jobFunctionHooks: EntityHooks = {
  async afterUpdate(draft, writer) {
    const category = getColumn(draft.table, 'mshr_regulatoryjobcategory');
    if (!draft.isChanged(category)) return;
    const job = getTable(writer.model, 'mshr_hcmjobentity');
    const request = getTable(writer.model, 'mshr_hcmrecruitingrequestentity');
    const shown = new Map([[getColumn(request, 'mshr_regulatoryjobcategory'), draft.get(category)]]);
    const withFunction = equals(getColumn(job, 'mshr_fk_jobfunction_id'), draft.id);
    for await (const { id } of listAll(writer.rows, job, withFunction)) {
      const ofJob = equals(getColumn(request, 'mshr_fk_job_id'), id);
      for await (const row of listAll(writer.rows, request, ofJob)) await writer.updateShown(request, row, shown);
    }
  },
};

async function regulatoryCategory(draft: Draft, writer: EntityWriter): Promise<Value> {
  const job = await follow(writer, 'mshr_hcmjobentity', draft.value('mshr_fk_job_id'));
  const functionLookup = getColumn(getTable(writer.model, 'mshr_hcmjobentity'), 'mshr_fk_jobfunction_id');
  const jobFunction = await follow(writer, 'mshr_hcmjobfunctionentity', job?.values.get(functionLookup) ?? null);
  const table = getTable(writer.model, 'mshr_hcmjobfunctionentity');
  return jobFunction?.values.get(getColumn(table, 'mshr_regulatoryjobcategory')) ?? null;
}

async function follow(writer: EntityWriter, table: string, id: Value): Promise<Row | undefined> {
  return typeof id === 'string' ? writer.rows.get(getTable(writer.model, table), getGuid(id)) : undefined;
}
