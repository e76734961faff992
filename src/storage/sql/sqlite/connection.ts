import { StorageError } from '../../storage-error.ts';
import { fileSchema, SqliteFile } from './binding.ts';

const busyTimeoutMs = 5000;
const cacheKibibytes = 16_384;
const mappedBytes = 256 * 1024 * 1024;

/** Opens or creates a database file with the settings that its durability and speed rest on. */
export function openConnection(file: string): SqliteFile {
  const connection = new SqliteFile(file, busyTimeoutMs);
  try {
    const [mode] = connection.rows(`pragma ${fileSchema}.journal_mode = wal`);
    if (mode?.[0] !== 'wal') throw new StorageError(`${file}: its file system does not allow a write-ahead log`);
    // Each commit is on disk before it is acknowledged.
    connection.run(`pragma ${fileSchema}.synchronous = full`);
    connection.run(`pragma ${fileSchema}.cache_size = -${cacheKibibytes}`);
    connection.run(`pragma ${fileSchema}.mmap_size = ${mappedBytes}`);
    connection.run('pragma trusted_schema = off');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
