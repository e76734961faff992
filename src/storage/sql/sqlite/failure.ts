import { messageOf } from '../../../kernel/message-of.ts';
import type { Table } from '../../../metadata/table.ts';
import { DuplicateKey } from '../../../odata/row-store.ts';
import { StorageError } from '../../storage-error.ts';
import type { TableSchema } from '../schema.ts';
import { resultCode } from './binding.ts';

/** Result codes, the low byte of the extended ones (sqlite.org/rescode.html), and what they mean for who runs us. */
const environmentFailures: Readonly<Record<number, string>> = {
  5: 'another process holds it',
  6: 'another process holds it',
  8: 'it cannot be written',
  10: 'the disk failed',
  11: 'it is damaged: restore a backup',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is not a database, or it is damaged: restore a backup',
};
const uniqueViolation = 2067;
const primaryKeyViolation = 1555;

/** What SQLite threw, in words of the code. */
export function sqliteFailure(error: unknown, place: string): unknown {
  const code = resultCode(error);
  const meaning = code === undefined ? undefined : environmentFailures[code & 0xff];
  return meaning === undefined ? error : new StorageError(`${place}: ${meaning} (${messageOf(error)})`, error);
}

/** The unique key of `schema` that a statement violated. */
export function sqliteDuplicate(error: unknown, schema: TableSchema): DuplicateKey | undefined {
  const code = resultCode(error);
  if (code !== uniqueViolation && code !== primaryKeyViolation) return undefined;
  const { table } = schema;
  if (code === primaryKeyViolation) return new DuplicateKey(table, [table.primaryKey]);
  const violated = violatedColumns(messageOf(error), table);
  const index = schema.indexes.find(({ unique, columns }) => unique && columns.join() === violated);
  return new DuplicateKey(table, index?.key ?? [table.primaryKey]);
}

/** `UNIQUE constraint failed: t.a, t.b` names the columns of the index, in its order. */
function violatedColumns(message: string, table: Table): string {
  const list = message.slice(message.indexOf(': ') + 2).split(', ');
  return list.map((name) => name.slice(table.logicalName.length + 1)).join();
}
