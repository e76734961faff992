import { ownerColumnOf } from '../dataverse/owner-column.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { Table } from '../metadata/table.ts';

/** Does a new row belong to whoever makes it: do users own rows of the table, and is no other owner named? */
export function isOwnedByMaker(table: Table, { navigations = [] }: RequestShape): boolean {
  const owner = ownerColumnOf(table);
  if (owner === undefined) return false;
  return !navigations.some((name) => {
    const navigation = table.navigation.get(name);
    return navigation?.kind === 'single' && navigation.column === owner;
  });
}
