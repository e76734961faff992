import { type Guid, newGuid } from '../../kernel/ids.ts';
import type { Model, Table } from '../../metadata/table.ts';
import { and, type Condition, equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { findNumber, getColumn, getTable } from '../security-rows.ts';
import { addDefaults } from './defaults.ts';
import { forEachRow } from './links.ts';

const sharesOf = (model: Model): Table => getTable(model, 'principalobjectaccess');

/** A row and the user or team that it is shared with. */
export interface Share {
  readonly table: Table;
  readonly id: Guid;
  readonly principalId: Guid;
}

/** The shares of one row. */
export const ofRow = (shares: Table, table: Table, id: Guid): Condition =>
  and(equals(getColumn(shares, 'objectid'), id), equals(getColumn(shares, 'objecttypecode'), table.logicalName)) ?? {
    kind: 'never',
  };

async function findShare(rows: Transaction, model: Model, { table, id, principalId }: Share): Promise<Row | undefined> {
  const shares = sharesOf(model);
  const where = and(equals(getColumn(shares, 'principalid'), principalId), ofRow(shares, table, id));
  return (await rows.list(shares, where ?? { kind: 'never' }, 1))[0];
}

/** Mask of the rights that a row is shared with; 0 when it is not. */
export async function sharedMask(rows: Transaction, model: Model, share: Share): Promise<number> {
  const found = await findShare(rows, model, share);
  return (found && findNumber(found, getColumn(sharesOf(model), 'accessrightsmask'))) ?? 0;
}

/** Shares a row with exactly these rights; with none it is not shared any more. */
export async function putShare(
  rows: Transaction,
  model: Model,
  share: Share & { readonly principalTable: string; readonly mask: number; readonly moment: string },
): Promise<void> {
  const shares = sharesOf(model);
  const found = await findShare(rows, model, share);
  if (share.mask === 0) {
    if (found !== undefined) await rows.delete(shares, found.id);
    return;
  }
  const draft = valuesOf(shares, {
    principalid: share.principalId,
    principaltypecode: share.principalTable,
    objectid: share.id,
    objecttypecode: share.table.logicalName,
    accessrightsmask: share.mask,
    changedon: share.moment,
  });
  if (found !== undefined) return rows.update(shares, found.id, draft);
  draft.set(shares.primaryKey, newGuid());
  addDefaults(shares, draft);
  await rows.insert(shares, draft);
}

const valuesOf = (shares: Table, values: Readonly<Record<string, Value>>) =>
  new Map(Object.entries(values).map(([name, value]) => [getColumn(shares, name), value]));

/** Nothing is shared of a row that goes. */
export async function dropShares(rows: Transaction, model: Model, table: Table, id: Guid): Promise<void> {
  const shares = sharesOf(model);
  const gone = ofRow(shares, table, id);
  await forEachRow(rows, shares, gone, (row) => rows.delete(shares, row.id));
}

/** Nothing is shared with a user or team that goes. */
export async function dropSharesWith(rows: Transaction, model: Model, principalId: Guid): Promise<void> {
  const shares = sharesOf(model);
  await forEachRow(rows, shares, equals(getColumn(shares, 'principalid'), principalId), (row) =>
    rows.delete(shares, row.id),
  );
}
