import { getGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Column } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row, Transaction } from '../odata/row-store.ts';
import type { Draft } from './draft.ts';
import type { DeriveStep, LookupStep, MirrorStep, TableRules } from './entity-rules.ts';
import { infolog } from './infolog.ts';
import { findRow } from './listing.ts';

/**
 * Brings lookups and mirrored columns up to date with what changed; on a new row, all of them. The rows of steps that
 * need nothing of each other are asked for at once.
 */
export async function runSteps(rows: Transaction, rules: TableRules, draft: Draft, again?: MirrorStep): Promise<void> {
  for (const wave of rules.waves) {
    const due = wave.filter((step) => isDue(step, draft) || step === again);
    const sources = await Promise.all(due.map((step) => findSource(rows, step, draft)));
    for (const [at, step] of due.entries()) takeSource(step, draft, sources[at]);
  }
}

function isDue(step: DeriveStep, draft: Draft): boolean {
  if (step.kind === 'mirror') return draft.isNew || draft.isChanged(step.through);
  if (draft.isSettled(step.column)) return false;
  return draft.isNew || step.pairs.some(([local]) => draft.isChanged(local));
}

/** The values of a row that a step takes from. */
type Source = Row['values'];

async function findSource(rows: Transaction, step: DeriveStep, draft: Draft): Promise<Source | undefined> {
  switch (step.kind) {
    case 'lookup': {
      if (!isComplete(step, draft)) return undefined;
      const values = step.pairs.map(([local, there]): [Column, Value] => [there, draft.get(local)]);
      const locals = step.pairs.map(([local]) => local);
      const among = draft.rowsFor(step.target, locals);
      return (await findRow(rows, step.target, values, { columns: step.wanted, among }))?.values;
    }
    case 'mirror': {
      const id = draft.get(step.through);
      if (typeof id !== 'string') return undefined;
      return draft.sourceOf(step.through) ?? (await rows.get(step.source, getGuid(id)))?.values;
    }
    default:
      return unreachable(step);
  }
}

function takeSource(step: DeriveStep, draft: Draft, source: Source | undefined): void {
  if (step.kind === 'lookup') followReadable(step, draft, source);
  else for (const [local, there] of step.pairs) draft.set(local, source?.get(there) ?? null);
}

/** Are all readable ids of a lookup there? */
const isComplete = (step: LookupStep, draft: Draft): boolean => step.pairs.every(([local]) => draft.has(local));

/**
 * Points the lookup at the row that the readable ids select. An id that selects nothing is an error of whoever gave it;
 * one that was only copied here from another row leaves the lookup empty.
 */
function followReadable(step: LookupStep, draft: Draft, target: Source | undefined): void {
  const given = givenId(step);
  if (target === undefined) {
    if (isComplete(step, draft) && given.access !== 'read-only') {
      throw infolog.notFound(given, draft.get(given), step.target);
    }
    draft.set(step.column, null);
    return;
  }
  draft.follow(step.column, getGuid(String(target.get(step.target.primaryKey))), target);
  // The readable id takes the spelling of the row it names: `USMF` and `usmf` are the same company.
  for (const [local, there] of step.pairs) draft.set(local, target.get(there) ?? draft.get(local));
}

/** The column that a message should name: the most specific one, not the company. */
function givenId(step: LookupStep): Column {
  const locals = step.pairs.map(([local]) => local);
  const own = locals.filter((column) => column !== column.table.company);
  const column = own.at(-1) ?? locals.at(-1);
  if (column === undefined) throw new TypeError(`lookup ${step.column.name} follows no column`);
  return column;
}
