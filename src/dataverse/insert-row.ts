import type { Model } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import { valuesOf } from './native/default-team.ts';
import { addDefaults } from './native/defaults.ts';
import { getTable } from './security-rows.ts';

/** Puts in a row that every environment has, with the defaults of its table; on nobody's behalf. */
export async function insertRow(
  rows: Transaction,
  model: Model,
  name: string,
  values: Readonly<Record<string, Value>>,
): Promise<void> {
  const table = getTable(model, name);
  const draft = valuesOf(table.column, values);
  addDefaults(table, draft);
  await rows.insert(table, draft);
}
