import { getGuid } from '../../kernel/ids.ts';
import type { Value } from '../../odata/query.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { employmentsOfCandidate } from './hire.ts';
import { leavePosition, reopenRequestPosition } from './positions.ts';
import type { ActionCall } from './take-step.ts';

/**
 * "Dismiss candidate" after a hire (ats-api 5.1: the offer was refused, or nobody came): the employment that the hire made
 * ends, the position is free, and the request looks for somebody again. The worker stays.
 */
export async function dismiss({ writer, table, row }: ActionCall): Promise<void> {
  const candidate = (name: string): Value => row.values.get(getColumn(table, name)) ?? null;
  const today = `${writer.now().toISOString().slice(0, 10)}T00:00:00Z`;
  const positionId = candidate('mshr_positionid');
  const employments = getTable(writer.model, 'mshr_hcmemploymententity');
  for (const employment of await employmentsOfCandidate(writer, row.id)) {
    const of = (name: string): Value => employment.values.get(getColumn(employments, name)) ?? null;
    const start = String(of('mshr_employmentstartdate'));
    const end = getColumn(employments, 'mshr_employmentenddate');
    await writer.update(employments, employment, { values: new Map([[end, today > start ? today : start]]) });
    const worker = of('mshr_fk_worker_id');
    if (typeof worker !== 'string' || typeof positionId !== 'string' || positionId === '') continue;
    const left = await leavePosition(writer, positionId, getGuid(worker), today);
    if (left) await reopenRequestPosition(writer, candidate('mshr_fk_recruitingrequest_id'), positionId);
  }
}
