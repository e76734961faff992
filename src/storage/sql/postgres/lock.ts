import { type Connection, executeOnce } from './binding.ts';

/** The number that stands for a lock's name, which a parameter or another expression gives. */
export const lockNumber = (name: string): string => `hashtextextended(${name}, 0)`;

export type LockCall =
  | 'pg_try_advisory_lock'
  | 'pg_try_advisory_lock_shared'
  | 'pg_advisory_lock'
  | 'pg_advisory_xact_lock'
  | 'pg_advisory_unlock';

/** Takes a lock by its name, or gives it back. False: somebody else has it, of those calls that do not wait. */
export async function callLock(connection: Connection, call: LockCall, name: string): Promise<boolean> {
  const [row] = await executeOnce(connection, `select ${call}(${lockNumber('$1')})`, [name]);
  return row?.[0] === true;
}

/**
 * Waits until no other server changes this schema; held until the open transaction ends. A transaction's lock, not a
 * session's: behind a pooler the session is not ours.
 */
export async function lockSchema(connection: Connection, schema: string): Promise<void> {
  await callLock(connection, 'pg_advisory_xact_lock', `portvakt ${schema}`);
}
