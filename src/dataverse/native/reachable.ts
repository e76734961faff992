import type { Guid } from '../../kernel/ids.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { Table } from '../../metadata/table.ts';
import { refuse } from '../../odata/problems.ts';
import { and } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { WriteContext } from './native-table.ts';
import { hasId } from './restrict-query.ts';

type Reach = Pick<WriteContext, 'grant' | 'rows'>;

/** The row, if it is there and the user reaches it with that right. */
export async function findReachable(
  { grant, rows }: Reach,
  table: Table,
  id: Guid,
  right: AccessRight,
): Promise<Row | undefined> {
  const filter = grant.filterOf(table, right);
  if (filter === undefined) return rows.get(table, id);
  const found = await rows.list(table, and(hasId(table, id), filter) ?? filter, 1);
  return found[0];
}

/** As `findReachable`; 404 when there is no such row. */
export async function getReachable(reach: Reach, table: Table, id: Guid, right: AccessRight): Promise<Row> {
  const row = await findReachable(reach, table, id, right);
  if (row === undefined) throw refuse.rowNotFound(table, id);
  return row;
}
