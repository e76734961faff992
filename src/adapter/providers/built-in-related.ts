import type { AuthorizedRelated } from '../../hr/authorized-operation.ts';
import { refuse } from '../../odata/problems.ts';
import { equals } from '../../odata/query.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { RowStore } from '../../odata/row-store.ts';

/** Rows that one row leads to. 404 when that row is not there, or not for this user. */
export async function runRelated(store: Pick<RowStore, 'query'>, related: AuthorizedRelated): Promise<OperationResult> {
  const { navigation, id } = related.operation;
  const source = (await store.query(related.source)).rows[0];
  if (source === undefined) throw refuse.rowNotFound(navigation.table, id);
  if (navigation.kind !== 'single') {
    const tie = navigation.kind === 'collection' ? equals(navigation.column, id) : ({ kind: 'never' } as const);
    return { kind: 'page', page: await store.query(related.target(tie)) };
  }
  const targetId: unknown = JSON.parse(source)[navigation.column.property];
  if (typeof targetId !== 'string') return { kind: 'row', row: undefined };
  const page = await store.query(related.target(equals(navigation.target.primaryKey, targetId)));
  return { kind: 'row', row: page.rows[0] };
}
