import { existsSync } from 'node:fs';
import { unreachable } from '../kernel/unreachable.ts';
import type { DatabaseLocation } from './database.ts';
import { executeOnce, onConnection } from './sql/postgres/binding.ts';

/** Is there a database at this place, whatever is in it? */
export async function databaseExists(location: DatabaseLocation): Promise<boolean> {
  switch (location.kind) {
    case 'sqlite':
      return existsSync(location.file);
    case 'postgres': {
      const [row] = await onConnection({ url: location.url, statementTimeoutMs: 0 }, (connection) =>
        executeOnce(connection, 'select 1 from pg_namespace where nspname = $1', [location.schema]),
      );
      return row !== undefined;
    }
    default:
      return unreachable(location);
  }
}
