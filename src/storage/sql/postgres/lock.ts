import { type Connection, executeOnce } from './binding.ts';

/**
 * Waits until no other server changes this schema; held until the open transaction ends. A transaction's lock, not a
 * session's: behind a pooler the session is not ours.
 */
export async function lockSchema(connection: Connection, schema: string): Promise<void> {
  await executeOnce(connection, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`portvakt ${schema}`]);
}
