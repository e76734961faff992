import { rm } from 'node:fs/promises';
import { unreachable } from '../kernel/unreachable.ts';
import type { DatabaseLocation } from './database.ts';
import { quoteName } from './sql/names.ts';
import { executeOnce, onConnection } from './sql/postgres/binding.ts';

/** Removes a closed database with everything in it. One that is not there is as good as removed. */
export async function deleteDatabase(location: DatabaseLocation): Promise<void> {
  switch (location.kind) {
    case 'sqlite':
      // The lock file stays: whoever removes one may remove it from under its holder.
      for (const ending of ['', '-wal', '-shm', '-journal', '-new', '-open'])
        await rm(`${location.file}${ending}`, { force: true });
      return;
    case 'postgres':
      await onConnection({ url: location.url, statementTimeoutMs: 0 }, (connection) =>
        executeOnce(connection, `drop schema if exists ${quoteName(location.schema)} cascade`),
      );
      return;
    default:
      unreachable(location);
  }
}
