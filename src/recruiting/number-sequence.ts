import type { Guid } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import { and, equals } from '../odata/query.ts';
import { firstRecordId, rowIdOfRecord } from '../odata/row-id.ts';
import type { Transaction } from '../odata/row-store.ts';
import type { Draft } from './draft.ts';

/** Id of a new row, from the record ids of its table (human-resources-security 5.3). */
export async function nextRowId(rows: Transaction, table: Table): Promise<Guid> {
  if (table.entityNumber === undefined) throw new TypeError(`table ${table.logicalName} has no entity number`);
  for (;;) {
    const record = await rows.nextNumber(`record:${table.logicalName}`, firstRecordId);
    const id = rowIdOfRecord(table.entityNumber, record);
    // A caller may have taken the id before us, by creating a row under it.
    if (!rows.mustCheckNumbers || (await rows.get(table, id)) === undefined) return id;
  }
}

/** Fills the columns that have a number sequence and no value yet. The company must be known by now. */
export async function fillNumbers(rows: Transaction, draft: Draft): Promise<void> {
  for (const column of draft.table.columns) {
    if (column.sequence !== undefined && !draft.has(column)) draft.set(column, await nextFree(rows, draft, column));
  }
}

/** The next number that no row has: rows may also be created with numbers of the caller's own. */
async function nextFree(rows: Transaction, draft: Draft, column: Column): Promise<string> {
  const { company } = draft.table;
  const perCompany = column.sequence?.prefix === 'company' && company !== undefined ? draft.get(company) : null;
  const sequence = `number:${draft.table.logicalName}.${column.name}${perCompany === null ? '' : `:${perCompany}`}`;
  const prefix = perCompany === null ? (column.sequence?.prefix ?? '') : `${String(perCompany).toUpperCase()}-`;
  const sameCompany = company === undefined ? undefined : equals(company, draft.get(company));
  const mustCheck = rows.mustCheckNumbers || !isKey(draft.table, column);
  for (;;) {
    const number = await rows.nextNumber(sequence, 1n);
    const text = `${prefix}${number.toString().padStart(column.sequence?.digits ?? 0, '0')}`;
    if (!mustCheck) return text;
    const where = and(equals(column, text), sameCompany) ?? equals(column, text);
    if ((await rows.list(draft.table, where, 1)).length === 0) return text;
  }
}

/** Does the store itself refuse a second row with this number (in the same company)? */
const isKey = ({ naturalKey, company }: Table, column: Column): boolean =>
  naturalKey.includes(column) && naturalKey.every((part) => part === column || part === company);
