import { sourcesOf } from '../metadata/column-sources.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { CompanyReach, ListedAccess } from './effective-access.ts';
import { type HrLevel, securableField, securableKey, securableName } from './level.ts';

/**
 * Columns of a table that a user may not use at `level` (human-resources-security 7, step 19). A protected column needs a
 * permission of its own, any other one only must not be denied. Columns that the system makes out of others tell what
 * those hold, so they need what those need.
 */
export function restrictedColumns(access: ListedAccess, table: Table, level: HrLevel): ReadonlySet<Column> {
  if (table.kind !== 'virtual') return new Set();
  return new Set(table.columns.filter((column) => !sourcesOf(column).every((each) => mayUse(access, each, level))));
}

function mayUse(access: ListedAccess, column: Column, level: HrLevel): boolean {
  const { table } = column;
  if (table.kind !== 'virtual') return true;
  const field = access.find(securableKey('DataEntityField', securableName(table), securableField(column)));
  if (column.protected !== true) return field?.denied.has(level) !== true;
  if (field === undefined) return false;
  return covers(field.reach[level], table.company === undefined ? 'none' : access.of(table).reach[level]);
}

/** A right to a column counts where it reaches all rows that the user reaches: it is not decided row by row. */
function covers(reach: CompanyReach, rows: CompanyReach): boolean {
  if (reach === 'none') return false;
  if (reach === 'all' || rows === 'none') return true;
  return rows !== 'all' && [...rows].every((company) => reach.has(company));
}
