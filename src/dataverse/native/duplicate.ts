import { type Problem, Refusal } from '../../kernel/refusal.ts';
import type { Column } from '../../metadata/table.ts';
import { refuse } from '../../odata/problems.ts';
import type { Value } from '../../odata/query.ts';
import { DuplicateKey } from '../../odata/row-store.ts';
import { applicationExists, roleNameTaken } from '../messages.ts';

/** Tables where the real product has an answer of its own for a business key that is taken (2.3, 3.1). */
const ofTables: Readonly<Record<string, { readonly column: string; readonly problem: (value: string) => Problem }>> = {
  role: { column: 'name', problem: roleNameTaken },
  systemuser: { column: 'applicationid', problem: applicationExists },
};

/** A key that is taken is refused in the words of its table, with the value that was asked for. */
export async function naming(draft: ReadonlyMap<Column, Value>, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    throw error instanceof DuplicateKey ? new Refusal('run', duplicateProblem(error, draft)) : error;
  }
}

/** The answer to a row whose key is taken: 412 `0x80040237`, the table's own, or that of an alternate key. */
function duplicateProblem({ table, columns }: DuplicateKey, draft: ReadonlyMap<Column, Value>): Problem {
  const own = columns.includes(table.primaryKey) ? undefined : ofTables[table.logicalName];
  if (own !== undefined) return own.problem(String(valueIn(draft, own.column) ?? ''));
  const isAlternate = table.custom === true && !columns.includes(table.primaryKey);
  return (isAlternate ? refuse.duplicateAlternateKey(columns) : refuse.duplicateKey()).problem;
}

function valueIn(draft: ReadonlyMap<Column, Value>, name: string): Value | undefined {
  for (const [column, value] of draft) if (column.name === name) return value;
  return undefined;
}
