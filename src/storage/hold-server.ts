import { type Connection, connect, executeOnce, isThroughPooler } from './sql/postgres/binding.ts';
import { placeOf, postgresFailure } from './sql/postgres/failure.ts';
import { StorageError } from './storage-error.ts';

/** Names the lock among the other locks of a database. */
const lockName = 'portvakt server';
/** Milliseconds to wait for a server that was killed a moment ago, and between attempts. */
const patience = 5000;
const pause = 250;

/**
 * Keeps every other Portvakt off a PostgreSQL database until `release`, or until this process ends: security snapshots are
 * in memory, and another server's changes would not reach them. A session of its own holds the lock.
 * @throws StorageError when another one holds it, or the server cannot be reached
 */
export async function holdPostgres(url: string, schema: string): Promise<{ release(): Promise<void> }> {
  const place = placeOf(url, schema);
  try {
    const opened = await connect({ url, statementTimeoutMs: 0 });
    if (await isThroughPooler(opened.connection)) {
      await opened.close();
      throw new StorageError(
        `${place}: a pooler is in between, which does not keep locks and notifications: give the address of the PostgreSQL server itself, and the pooler's in PORTVAKT_DATABASE_POOLER_URL`,
      );
    }
    if (await lockInTime(opened.connection)) return { release: opened.close };
    await opened.close();
  } catch (error) {
    throw postgresFailure(error, place);
  }
  throw new StorageError(`${place}: it is in use by another Portvakt server, and one only may use a database`);
}

async function lockInTime(connection: Connection): Promise<boolean> {
  for (let waited = 0; waited <= patience; waited += pause) {
    const sql = 'select pg_try_advisory_lock(hashtextextended($1, 0))';
    const [row] = await executeOnce(connection, sql, [lockName]);
    if (row?.[0] === true) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return false;
}
