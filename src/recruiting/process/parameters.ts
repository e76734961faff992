import type { Model } from '../../metadata/table.ts';
import { equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { getColumn, getTable } from '../model-lookup.ts';

const table = 'recruitingparameter';

/** Are requests of the legal entity approved by a workflow? A legal entity without a row of parameters has none. */
export async function hasWorkflow(model: Model, rows: Transaction, company: Value): Promise<boolean> {
  const row = await findParameters(model, rows, company);
  return row?.values.get(getColumn(getTable(model, table), 'RequestWorkflow')) === 'Yes';
}

async function findParameters(model: Model, rows: Transaction, company: Value): Promise<Row | undefined> {
  const parameters = getTable(model, table);
  return (await rows.list(parameters, equals(getColumn(parameters, 'DataAreaId'), company), 1))[0];
}
