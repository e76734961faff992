import type { DatabaseLocation } from './database.ts';
import { onConnection } from './sql/postgres/binding.ts';
import { placeOf, postgresFailure } from './sql/postgres/failure.ts';
import { readRights } from './sql/postgres/rights.ts';

/**
 * The role that may neither make the database at this place nor remove it; `undefined` where ours may.
 * @throws StorageError when the server cannot be asked
 */
export async function findLimitedRole(location: DatabaseLocation): Promise<string | undefined> {
  if (location.kind === 'sqlite') return undefined;
  const { url, schema } = location;
  try {
    const { role, makesSchemas, exists, owns } = await onConnection({ url, statementTimeoutMs: 0 }, (connection) =>
      readRights(connection, schema),
    );
    return (exists ? owns : makesSchemas) ? undefined : role;
  } catch (error) {
    throw postgresFailure(error, placeOf(url, schema));
  }
}
