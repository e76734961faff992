import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { unreachable } from '../kernel/unreachable.ts';
import type { DatabaseLocation } from './database.ts';

/** Is there a database at this place, whatever is in it? */
export async function databaseExists(location: DatabaseLocation): Promise<boolean> {
  switch (location.kind) {
    case 'sqlite':
      return existsSync(location.file);
    case 'postgres': {
      const client = new Client({ connectionString: location.url });
      await client.connect();
      try {
        const { rows } = await client.query<{ found: boolean }>(
          'select exists (select from pg_namespace where nspname = $1) as found',
          [location.schema],
        );
        return rows[0]?.found === true;
      } finally {
        await client.end();
      }
    }
    default:
      return unreachable(location);
  }
}
