import type { ReadableBind } from '../hr/authorized-operation.ts';
import type { Column } from '../metadata/table.ts';
import type { Join } from '../odata/operation.ts';
import { refuse } from '../odata/problems.ts';
import type { Row, Transaction } from '../odata/row-store.ts';
import type { Draft } from './draft.ts';
import type { LookupStep, TableRules } from './entity-rules.ts';
import { infolog } from './infolog.ts';
import { findRowById } from './listing.ts';

/**
 * Sets lookups by row id; the readable ids of the row follow. Nothing is said of a row that the caller may not read: it
 * is as if it were not there.
 */
export async function bindLookups(
  rows: Transaction,
  rules: TableRules,
  draft: Draft,
  binds: readonly ReadableBind[],
): Promise<void> {
  for (const bind of binds) {
    const { column, target } = bind.navigation;
    const step = stepOf(rules, column);
    const row = bind.id === null ? undefined : await findRowById(rows, target, bind.id, bind.readable);
    if (bind.id !== null && row === undefined) throw refuse.rowNotFound(target, bind.id);
    draft.follow(column, bind.id, row?.values);
    draft.settle(column);
    if (step === undefined) continue;
    if (row === undefined) clearReadable(draft, step);
    else followRow(draft, step, row);
  }
}

const stepOf = (rules: TableRules, column: Column): LookupStep | undefined =>
  rules.steps.find((step): step is LookupStep => step.kind === 'lookup' && step.column === column);

/**
 * Points a new row to one that the same request has made. The readable columns are that row's; one that was given with
 * another value is refused, and so is another legal entity.
 */
export async function joinRow(
  rows: Transaction,
  rules: TableRules,
  draft: Draft,
  { navigation, id }: Join,
): Promise<void> {
  const { column, target } = navigation;
  const row = await rows.get(target, id);
  if (row === undefined) throw refuse.rowNotFound(target, id);
  draft.follow(column, id, row.values);
  draft.settle(column);
  for (const [local, there] of stepOf(rules, column)?.pairs ?? []) {
    const value = row.values.get(there) ?? null;
    if (draft.has(local) && !sameText(draft.get(local), value)) {
      throw local === draft.table.company
        ? infolog.otherCompany(column, draft.get(local), value)
        : infolog.contradicts(local, draft.get(local), column);
    }
    draft.set(local, value);
  }
}

function clearReadable(draft: Draft, step: LookupStep): void {
  for (const [local] of step.pairs) if (local !== draft.table.company) draft.set(local, null);
}

/** A row never moves to another company because of what it is bound to, and never says two things at once. */
function followRow(draft: Draft, step: LookupStep, target: Row): void {
  for (const [local, there] of step.pairs) {
    const value = target.values.get(there) ?? null;
    if (local === draft.table.company) {
      if (!sameText(draft.get(local), value)) throw infolog.otherCompany(step.column, draft.get(local), value);
    } else {
      const given = draft.has(local) && (draft.isNew || draft.isChanged(local));
      if (given && !sameText(draft.get(local), value)) throw infolog.contradicts(local, draft.get(local), step.column);
      draft.set(local, value);
    }
  }
}

const sameText = (left: unknown, right: unknown): boolean =>
  String(left ?? '').toLowerCase() === String(right ?? '').toLowerCase();
