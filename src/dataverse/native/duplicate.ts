import type { Problem } from '../../kernel/refusal.ts';
import { refuse } from '../../odata/problems.ts';
import type { Value } from '../../odata/query.ts';
import type { DuplicateKey } from '../../odata/row-store.ts';
import { applicationExists, roleNameTaken } from '../messages.ts';
import type { Draft } from './native-table.ts';

/** Tables where the real product has an answer of its own for a business key that is taken (2.3, 3.1). */
const ofTables: Readonly<Record<string, { readonly column: string; readonly problem: (value: string) => Problem }>> = {
  role: { column: 'name', problem: roleNameTaken },
  systemuser: { column: 'applicationid', problem: applicationExists },
};

/** The answer to a row whose key is taken: 412 `0x80040237`, the table's own, or that of an alternate key. */
export function duplicateProblem({ table, columns }: DuplicateKey, draft: Draft): Problem {
  const own = columns.includes(table.primaryKey) ? undefined : ofTables[table.logicalName];
  if (own !== undefined) return own.problem(String(valueIn(draft, own.column) ?? ''));
  const isAlternate = table.custom === true && !columns.includes(table.primaryKey);
  return (isAlternate ? refuse.duplicateAlternateKey(columns) : refuse.duplicateKey()).problem;
}

function valueIn(draft: Draft, name: string): Value | undefined {
  for (const [column, value] of draft) if (column.name === name) return value;
  return undefined;
}
