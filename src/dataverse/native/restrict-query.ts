import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { FlatQuery } from '../../odata/flat-query.ts';
import { type Condition, equals, type Query } from '../../odata/query.ts';
import { pruneDisplays, restrictFlatQuery, walkFlatQuery } from '../../odata/walk-flat-query.ts';
import { restrictQuery, walkQuery } from '../../odata/walk-query.ts';
import { hiddenColumns } from '../column-access.ts';
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
  const restricted = restrictQuery(query, {
    rowsOf: (table) => grant.filterOf(table),
    keeps: ({ navigation }) => navigation.target.kind === 'native',
  });
  return withoutSecured(grant, restricted);
}

/** INVARIANT: a secured column that the caller may not read has no value to them, wherever the query looks at it. */
function withoutSecured<T extends Query | FlatQuery>({ snapshot, user }: TableGrant, query: T): T {
  const hides = hiddenColumns(snapshot, user);
  return hides.length === 0 ? query : { ...query, hides };
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
  return withoutSecured(grant, restrictFlatQuery(shown, { rowsOf: (table) => grant.filterOf(table) }));
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
