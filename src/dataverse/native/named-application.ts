import type { ClientId } from '../../kernel/ids.ts';
import type { DirectoryApplication, NativeDeps } from './native-deps.ts';
import type { RowWrite } from './write-row.ts';

/**
 * The application that a new application user is to stand for. Asked before the transaction begins, because the directory
 * is another database. `undefined` when none is named or it is unknown.
 */
export async function findApplication(
  deps: NativeDeps,
  { table, values }: RowWrite,
): Promise<DirectoryApplication | undefined> {
  if (table.logicalName !== 'systemuser') return undefined;
  for (const [column, value] of values) {
    if (column.name === 'applicationid' && typeof value === 'string') return deps.directory.find(parseStoredId(value));
  }
  return undefined;
}

/** Values of GUID columns are canonical when they come out of the parser. */
const parseStoredId = (value: string): ClientId => value as ClientId;
