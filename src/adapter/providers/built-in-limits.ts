import type { AuthorizedAction, AuthorizedWrite, PolicyLimit } from '../../hr/authorized-operation.ts';
import type { Guid } from '../../kernel/ids.ts';
import type { Table } from '../../metadata/table.ts';
import type { Transaction } from '../../odata/row-store.ts';
import type { WriterGate } from '../../recruiting/entity-writer.ts';
import { findRowById } from '../../recruiting/listing.ts';
import { refusalOf } from '../application-link.ts';

/** Refuses, and thereby undoes, a write of a row that the user's policies leave out (step 18). */
export async function refuseOutside(
  rows: Transaction,
  table: Table,
  id: Guid,
  limit: PolicyLimit | undefined,
): Promise<void> {
  if (limit === undefined || (await findRowById(rows, table, id, limit.rows)) !== undefined) return;
  throw refusalOf('data', limit.denial);
}

/** What the second gate leaves to the business logic of one write. */
export const gateOf = (
  rows: Transaction,
  { beside, invokeDenial }: Pick<AuthorizedAction | AuthorizedWrite, 'beside' | 'invokeDenial'>,
): WriterGate => ({
  requireMethod(table, method, company) {
    const denial = invokeDenial(table, method, typeof company === 'string' ? company : undefined);
    if (denial !== undefined) throw refusalOf('data', denial);
  },
  leadsTo: beside.leadsTo,
  async requireChange(table, id) {
    for (const limit of beside.shared(table)) await refuseOutside(rows, table, id, limit);
  },
});
