import { getGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Column } from '../metadata/table.ts';
import type { Transaction } from '../odata/row-store.ts';
import type { Draft } from './draft.ts';
import type { DeriveStep, LookupStep, MirrorStep, TableRules } from './entity-rules.ts';
import { infolog } from './infolog.ts';
import { findRow } from './listing.ts';

/** Brings lookups and mirrored columns up to date with what changed; on a new row, all of them. */
export async function runSteps(rows: Transaction, rules: TableRules, draft: Draft, again?: MirrorStep): Promise<void> {
  for (const step of rules.steps) if (isDue(step, draft) || step === again) await runStep(rows, step, draft);
}

function isDue(step: DeriveStep, draft: Draft): boolean {
  if (step.kind === 'mirror') return draft.isNew || draft.isChanged(step.through);
  if (draft.isSettled(step.column)) return false;
  return draft.isNew || step.pairs.some(([local]) => draft.isChanged(local));
}

function runStep(rows: Transaction, step: DeriveStep, draft: Draft): Promise<void> {
  switch (step.kind) {
    case 'lookup':
      return followReadable(rows, step, draft);
    case 'mirror':
      return showSource(rows, step, draft);
    default:
      return unreachable(step);
  }
}

/**
 * Points the lookup at the row that the readable ids select. An id that selects nothing is an error of whoever gave it;
 * one that was only copied here from another row leaves the lookup empty.
 */
async function followReadable(rows: Transaction, step: LookupStep, draft: Draft): Promise<void> {
  if (!step.pairs.every(([local]) => draft.has(local))) {
    draft.set(step.column, null);
    return;
  }
  const target = await findRow(
    rows,
    step.target,
    step.pairs.map(([local, there]) => [there, draft.get(local)]),
  );
  const given = givenId(step);
  if (target === undefined && given.access !== 'read-only') {
    throw infolog.notFound(given, draft.get(given), step.target);
  }
  draft.set(step.column, target?.id ?? null);
  if (target === undefined) return;
  // The readable id takes the spelling of the row it names: `USMF` and `usmf` are the same company.
  for (const [local, there] of step.pairs) draft.set(local, target.values.get(there) ?? draft.get(local));
}

/** The column that a message should name: the most specific one, not the company. */
function givenId(step: LookupStep): Column {
  const locals = step.pairs.map(([local]) => local);
  const own = locals.filter((column) => column !== column.table.company);
  const column = own.at(-1) ?? locals.at(-1);
  if (column === undefined) throw new TypeError(`lookup ${step.column.name} follows no column`);
  return column;
}

async function showSource(rows: Transaction, step: MirrorStep, draft: Draft): Promise<void> {
  const id = draft.get(step.through);
  const source = typeof id === 'string' ? await rows.get(step.source, getGuid(id)) : undefined;
  for (const [local, there] of step.pairs) draft.set(local, source?.values.get(there) ?? null);
}
