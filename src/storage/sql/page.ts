import { and, type Query } from '../../odata/query.ts';
import type { Page } from '../../odata/row-store.ts';
import type { Codec } from './codec.ts';
import { isOwn, placeColumns } from './keyset.ts';
import type { RawRows } from './row-transaction.ts';
import { isPoint } from './select.ts';

/** Rows of `buildPage`, of which one may be too many, as the page that the caller sees. */
export function makePage(codec: Codec, query: Query, rows: RawRows, count: number | undefined): Page {
  const limit = query.limit ?? rows.length;
  const texts: string[] = [];
  for (const row of rows) {
    if (texts.length < limit) texts.push(String(row[0]));
  }
  const last = rows.length > limit && !isPoint(query) ? rows[limit - 1] : undefined;
  const next = last && placeColumns(query).map((column, at) => codec.dialect.decode(column, last[at + 1]));
  return { rows: texts, count, next };
}

/**
 * A page is read in one step, or in two: after a place in a descending order come the lower values and then the rows
 * without a value, and no index leads to both at once. The second step is needed only where the first does not fill the
 * page.
 */
export function pageSteps(query: Query): readonly Query[] {
  const [first] = query.orderBy;
  const value = query.after?.[0] ?? null;
  const mayBeAbsent = first !== undefined && isOwn(first) && first.column !== query.table.primaryKey;
  if (!mayBeAbsent || !first.descending || value === null) return [query];
  const { column } = first;
  return [
    { ...query, where: and(query.where, { kind: 'compare', op: 'le', column, value }) },
    { ...query, where: and(query.where, { kind: 'compare', op: 'eq', column, value: null }), after: undefined },
  ];
}

/** The query of a later step, for the rows that the steps before have left open; `undefined` when the page is full. */
export function nextStep(step: Query, found: number): Query | undefined {
  if (step.limit === undefined) return step;
  return found > step.limit ? undefined : { ...step, limit: step.limit - found };
}

/** The count, where the rows themselves tell it: they are all there are. */
export function countOf(query: Query, rows: RawRows): number | undefined {
  if (query.countUpTo === undefined || query.after !== undefined || query.limit === 0) return undefined;
  if (query.limit !== undefined && rows.length > query.limit) return undefined;
  return Math.min(rows.length, query.countUpTo);
}
