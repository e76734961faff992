import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { AccessRight } from '../../metadata/privileges.ts';
import type { Table } from '../../metadata/table.ts';
import { refuse } from '../../odata/problems.ts';
import { and } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { ApplicationUser } from '../application-user.ts';
import { outOfReach } from '../messages.ts';
import { ownerColumnOf } from '../owner-column.ts';
import type { TableGrant } from '../table-grant.ts';
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

/** As `findReachable`; refuses as `missing` says when there is no such row. */
export async function getReachable(reach: Reach, table: Table, id: Guid, right: AccessRight): Promise<Row> {
  const row = await findReachable(reach, table, id, right);
  if (row !== undefined) return row;
  throw await explainMissing(reach, table, id, right);
}

/** Why `findReachable` found nothing. */
export async function explainMissing(
  { grant, rows }: Reach,
  table: Table,
  id: Guid,
  right: AccessRight,
): Promise<Refusal> {
  const isThere = ownerColumnOf(table) !== undefined && (await rows.get(table, id)) !== undefined;
  return missing(grant, table, id, right, isThere);
}

/**
 * Why a row was not found. As in the real product a row that users own and that is there, but out of reach, is refused
 * with 403 (dataverse-web-api 2.5); `isThere` tells it from one that is not. Other tables answer 404 either way.
 */
export const missing = (
  { user }: Pick<TableGrant, 'user'>,
  table: Table,
  id: Guid,
  right: AccessRight,
  isThere: boolean,
): Refusal => (isThere ? refuseOutOfReach(user, table, id, right) : refuse.rowNotFound(table, id));

/** A row that the user's depth of a right does not reach. */
export const refuseOutOfReach = (user: ApplicationUser, table: Table, id: Guid, right: AccessRight): Refusal =>
  new Refusal('table', outOfReach(user.id, right, table, id)).because({
    condition: 'depth',
    data: { table: table.logicalName, right, id },
  });
