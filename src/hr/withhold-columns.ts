import type { FlatQuery, Output } from '../odata/flat-query.ts';
import type { Expand, Query } from '../odata/query.ts';
import { mapKept } from '../odata/walk-query.ts';
import { restrictedColumns } from './access-checks.ts';
import type { HrSession } from './hr-session.ts';

/**
 * The same query without the values of columns that the user may not read and has not named: they are given as `null`, and
 * a name that was added for display is not (human-resources-security, open point U12). Gives the very same query where
 * nothing is taken away.
 */
export function withholdColumns(session: HrSession, query: Query): Query {
  if (session.access.kind === 'systemAdministrator') return query;
  const expand = mapKept(query.expand, (each) => withholdExpand(session, each));
  const kept = expand === query.expand ? query : { ...query, expand };
  if (query.namesNoColumn !== true) return kept;
  const restricted = restrictedColumns(session, query.table, 'Read');
  const withheld = restricted.size === 0 ? [] : query.columns.filter((column) => restricted.has(column));
  return withheld.length === 0 ? kept : { ...kept, withheld: new Set(withheld) };
}

function withholdExpand(session: HrSession, expand: Expand): Expand {
  const { query, nameAdded } = expand;
  const { primaryName } = query.table;
  const isHidden = nameAdded === true && restrictedColumns(session, query.table, 'Read').has(primaryName);
  if (!isHidden) {
    const inner = withholdColumns(session, query);
    return inner === query ? expand : { ...expand, query: inner };
  }
  const { nameAdded: _, ...rest } = expand;
  const columns = query.columns.filter((column) => column !== primaryName);
  return { ...rest, query: withholdColumns(session, { ...query, columns }) };
}

/** As `withholdColumns`, for joined rows. */
export function withholdFlatColumns(session: HrSession, query: FlatQuery): FlatQuery {
  if (session.access.kind === 'systemAdministrator') return query;
  const outputs = mapKept(query.outputs, (output): Output => {
    if (output.kind !== 'column' || output.unnamed !== true) return output;
    if (!restrictedColumns(session, output.column.table, 'Read').has(output.column)) return output;
    const { display: _, ...rest } = output;
    return { ...rest, withheld: true };
  });
  return outputs === query.outputs ? query : { ...query, outputs };
}
