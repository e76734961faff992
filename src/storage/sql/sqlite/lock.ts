import { StorageError } from '../../storage-error.ts';
import { fileSchema, resultCode, SqliteFile } from './binding.ts';
import { sqliteFailure } from './failure.ts';

/**
 * Keeps every other process off a database file, until `release` or the end of this process, however it ends: the lock
 * is one of the operating system's, on a small file beside it. Throws `StorageError` when somebody else has it.
 *
 * INVARIANT: nobody in this process opens the lock file by other means; closing it would drop the lock (POSIX).
 */
export function lockFile(file: string): { release(): void } {
  const path = `${file}-lock`;
  let lock: SqliteFile | undefined;
  try {
    lock = new SqliteFile(path, 0);
    // In memory, so that a kill leaves no journal; the file itself is never written.
    lock.run(`pragma ${fileSchema}.journal_mode = memory`);
    lock.run('begin exclusive');
  } catch (error) {
    lock?.close();
    if (((resultCode(error) ?? 0) & 0xff) === busy) {
      throw new StorageError(`${file} is in use by another process: only one Portvakt may use a data folder`, error);
    }
    throw sqliteFailure(error, path);
  }
  const held = lock;
  return { release: () => held.close() };
}

const busy = 5;
