import { getGuid } from '../../kernel/ids.ts';
import type { Value } from '../../odata/query.ts';
import type { Draft } from '../draft.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { processProblems } from './process-problems.ts';

/** The pay points of a request, lowest first, and where the level of the job has them (ats-api 4.2). */
export const payPoints = [
  ['mshr_compensationlowthreshold', 'mshr_marketminimumpay'],
  ['mshr_compensationcontrolpoint', 'mshr_marketcontrolpay'],
  ['mshr_compensationhighthreshold', 'mshr_marketmaximumpay'],
] as const;

/** A level that is chosen brings its pay points; those that the same write gives stay. Then they must be in order. */
export async function settlePay(draft: Draft, writer: EntityWriter): Promise<void> {
  const level = getColumn(draft.table, 'mshr_fk_compensationlevel_id');
  const id = draft.get(level);
  if (draft.isChanged(level) && typeof id === 'string') {
    const table = getTable(writer.model, 'mshr_hcmjobcompensationentity');
    const row = await writer.rows.get(table, getGuid(id));
    for (const [own, theirs] of payPoints) {
      if (draft.isChanged(getColumn(draft.table, own))) continue;
      draft.setValue(own, row?.values.get(getColumn(table, theirs)) ?? null);
    }
  }
  checkOrder(draft);
}

function checkOrder(draft: Draft): void {
  const given = payPoints
    .map(([name]) => getColumn(draft.table, name))
    .filter((column) => draft.get(column) !== null && draft.get(column) !== undefined);
  if (!given.some((column) => draft.isChanged(column))) return;
  for (const [at, column] of given.entries()) {
    const next = given[at + 1];
    if (next === undefined || amount(draft.get(column)) <= amount(draft.get(next))) continue;
    throw processProblems.greaterThan(column, next);
  }
}

const amount = (value: Value): number => Number(value);
