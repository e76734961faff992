import { unreachable } from '../kernel/unreachable.ts';
import type { Database, DatabaseOptions } from './database.ts';
import { openPostgres } from './sql/postgres/open.ts';
import { openSqlite } from './sql/sqlite/open.ts';

/**
 * Opens the database at `location` and brings it to the shape that `tables` need, making it when it is not there. Throws
 * `StorageError`, whose message is one line for the administrator, when it is held by another process, damaged, newer
 * than this program, made with another alphabet, or cannot be reached or written.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { location } = options;
  switch (location.kind) {
    case 'sqlite':
      return openSqlite(options, location.file);
    case 'postgres':
      return openPostgres(options, location);
    default:
      return unreachable(location);
  }
}
