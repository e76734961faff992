import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { unreachable } from '../kernel/unreachable.ts';
import type { DatabaseLocation } from './database.ts';
import { quoteName } from './sql/names.ts';

/** Removes a closed database with everything in it. One that is not there is as good as removed. */
export async function deleteDatabase(location: DatabaseLocation): Promise<void> {
  switch (location.kind) {
    case 'sqlite':
      // The lock file stays: whoever removes one may remove it from under its holder.
      for (const ending of ['', '-wal', '-shm', '-journal', '-new', '-open'])
        await rm(`${location.file}${ending}`, { force: true });
      return;
    case 'postgres': {
      const client = new Client({ connectionString: location.url });
      await client.connect();
      try {
        await client.query(`drop schema if exists ${quoteName(location.schema)} cascade`);
      } finally {
        await client.end();
      }
      return;
    }
    default:
      unreachable(location);
  }
}
