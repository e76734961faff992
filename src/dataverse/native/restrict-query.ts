import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { FlatQuery } from '../../odata/flat-query.ts';
import { type Condition, equals, type Query } from '../../odata/query.ts';
import { pruneDisplays, restrictFlatQuery, walkFlatQuery } from '../../odata/walk-flat-query.ts';
import { restrictQuery, walkQuery } from '../../odata/walk-query.ts';
import { crossesGates } from '../messages.ts';
import type { TableGrant } from '../table-grant.ts';

/**
 * The query over only those rows that the grant reaches, in every table it touches. Refuses a way from a native to a
 * virtual table: rows of those are given out behind the second gate only.
 */
export function restrictToGrant(grant: TableGrant, query: Query): Query {
  walkQuery(query, {
    table: (table) => {
      requireNative(table);
      return true;
    },
  });
  return restrictQuery(query, {
    rowsOf: (table) => grant.filterOf(table),
    keeps: ({ navigation }) => navigation.target.kind === 'native',
  });
}

/** As `restrictToGrant`, for joined rows and groups. */
export function restrictFlatToGrant(grant: TableGrant, query: FlatQuery): FlatQuery {
  walkFlatQuery(query, {
    table: (table) => {
      requireNative(table);
      return true;
    },
  });
  const shown = pruneDisplays(
    query,
    (output) => output.kind !== 'column' || output.display?.navigation.target.kind === 'native',
  );
  return restrictFlatQuery(shown, { rowsOf: (table) => grant.filterOf(table) });
}

/** Refuses tables whose rows the second gate guards. */
export function requireNative(table: Table): void {
  if (table.kind !== 'native') throw new Refusal('table', crossesGates, `from a native table to ${table.logicalName}`);
}

export const hasId = (table: Table, id: Guid): Condition => equals(table.primaryKey, id);

/** A query for a few columns of the rows that meet a condition, for our own use. */
export const plainQuery = (
  table: Table,
  where: Condition | undefined,
  columns: readonly Column[],
  limit: number,
): Query => ({
  table,
  columns,
  where,
  orderBy: [],
  expand: [],
  limit,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});
