import type { Table } from '../../metadata/table.ts';
import type { Draft } from './native-table.ts';

/** Fills columns that have a default and no value yet. A column that was set to null stays so. */
export function addDefaults(table: Table, draft: Draft): void {
  for (const column of table.columns) {
    if (column.default !== undefined && !draft.has(column)) draft.set(column, column.default);
  }
}
