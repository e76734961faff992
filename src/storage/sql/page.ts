import type { Query } from '../../odata/query.ts';
import type { Page } from '../../odata/row-store.ts';
import type { Codec } from './codec.ts';
import { placeColumns } from './keyset.ts';
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

/** The count, where the rows themselves tell it: they are all there are. */
export function countOf(query: Query, rows: RawRows): number | undefined {
  if (query.countUpTo === undefined || query.after !== undefined || query.limit === 0) return undefined;
  if (query.limit !== undefined && rows.length > query.limit) return undefined;
  return Math.min(rows.length, query.countUpTo);
}
