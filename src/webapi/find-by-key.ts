import { type Guid, parseGuid } from '../kernel/ids.ts';
import { type KeyBook, type KeyValues, keyCondition } from '../odata/alternate-key.ts';
import { emptyQuery } from '../odata/bind-shape.ts';
import type { RunOperation } from './pass-gates.ts';

/** Finds the rows that alternate keys name. Each look-up is a read of its own, which passes both gates. */
export async function settleKeys(keys: KeyBook, run: RunOperation): Promise<void> {
  for (const key of keys.asked) keys.settle(key, await findByKey(key, run));
}

async function findByKey(key: KeyValues, run: RunOperation): Promise<Guid | undefined> {
  const { table } = key;
  const query = { ...emptyQuery(table), columns: [table.primaryKey], where: keyCondition(key), limit: 1 };
  const { result } = await run({ kind: 'retrieveMultiple', query, pageNumber: 1 });
  const [row] = result.kind === 'page' ? result.page.rows : [];
  const id: unknown = row === undefined ? undefined : JSON.parse(row)[table.primaryKey.property];
  return typeof id === 'string' ? parseGuid(id) : undefined;
}
