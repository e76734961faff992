import { getGuid } from '../../kernel/ids.ts';
import type { Draft } from '../draft.ts';
import type { EntityHooks } from '../entity-hooks.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { announcePart } from '../process/announce.ts';
import { followGraph, type Life } from '../process/follow-graph.ts';
import { namesOf, processProblems } from '../process/process-problems.ts';
import { endedRequests, positionGraph, positionStatus } from '../process/states.ts';

/** Skills and education of a request: a change of them is a change of the request. */
export const requestPartHooks: EntityHooks = {
  afterCreate: announcePart,
  afterUpdate: announcePart,
  beforeDelete: announcePart,
};

export const positionLife: Life<(typeof positionGraph)[number]> = {
  graph: positionGraph,
  column: 'mshr_status',
  first: positionStatus.open,
  isGuarded: true,
  nameOf(draft) {
    const [id, request] = [draft.value('mshr_positionid'), draft.value('mshr_recruitingrequestid')];
    return namesOf(
      request,
      `Position ${String(id)} of recruiting request`,
      `Stilling ${String(id)} i rekrutteringsforespørsel`,
    );
  },
};

/** Positions of a request: open, filled, canceled; fixed once the request has ended. */
export const requestPositionHooks: EntityHooks = {
  ...requestPartHooks,

  async prepareUpdate(draft, writer) {
    await requireOpenRequest(draft, writer);
  },

  async derive(draft, writer) {
    followGraph(draft, writer, positionLife);
    if (draft.isNew) await requireOpenRequest(draft, writer);
  },

  async beforeDelete(draft, writer) {
    await announcePart(draft, writer);
  },
};

/** Positions that the system itself cancels or fills come another way (`updateShown`). */
async function requireOpenRequest(draft: Draft, writer: EntityWriter): Promise<void> {
  const id = draft.value('mshr_fk_recruitingrequest_id');
  if (typeof id !== 'string') return;
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestentity');
  const row = await writer.rows.get(table, getGuid(id));
  const column = getColumn(table, 'mshr_status');
  const status = Number(row?.values.get(column));
  if (!endedRequests.includes(status)) return;
  const choice = writer.model.choice.get(column.choice ?? '');
  throw processProblems.requestHasEnded(positionLife.nameOf(draft), choice, status);
}
