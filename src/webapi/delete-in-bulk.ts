import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { FlatQuery } from '../odata/flat-query.ts';
import type { Composite, Operation } from '../odata/operation.ts';
import { refuse } from '../odata/problems.ts';
import type { TreeRunners } from './make-tree.ts';
import type { Passed, RunOperation } from './pass-gates.ts';

/** Rows that one job deletes: it holds a transaction meanwhile. */
const maxDeleted = 10_000;

/**
 * Deletes the rows that queries find, page by page. The look-ups and each deletion pass both gates by themselves: rows that
 * the caller may not read are not found, and one that may not be deleted refuses them all.
 */
export async function deleteInBulk(
  { queries }: Extract<Composite, { kind: 'bulkDelete' }>,
  root: Operation,
  runners: TreeRunners,
): Promise<Passed> {
  const job = await runners.root(root); // 403, without the privilege to delete in bulk
  let count = 0;
  for (const query of queries) {
    for (let ids = await find(query, runners.root); ids.length > 0; ids = await find(query, runners.root)) {
      count += ids.length;
      if (count > maxDeleted) throw refuse.limit('rows to delete in bulk', maxDeleted);
      for (const id of ids) await runners.others({ kind: 'delete', table: query.table, id });
    }
  }
  return job;
}

async function find(query: FlatQuery, run: RunOperation): Promise<readonly Guid[]> {
  const { result } = await run({ kind: 'flat', query });
  const at = query.outputs.findIndex(({ column }) => column === query.table.primaryKey);
  if (result.kind !== 'flat' || at < 0) throw new TypeError('a query of a bulk deletion gives no ids');
  return result.page.rows.map(({ values }) => {
    const id = values[at];
    const guid = typeof id === 'string' ? parseGuid(id) : undefined;
    if (guid === undefined) throw new TypeError('a row has no id');
    return guid;
  });
}
