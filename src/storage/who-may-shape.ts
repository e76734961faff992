import type { DatabaseLocation } from './database.ts';
import { connect } from './sql/postgres/binding.ts';
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
    const { connection, close } = await connect({ url, statementTimeoutMs: 0 });
    try {
      const { role, makesSchemas, exists, owns } = await readRights(connection, schema);
      return (exists ? owns : makesSchemas) ? undefined : role;
    } finally {
      await close();
    }
  } catch (error) {
    throw postgresFailure(error, placeOf(url, schema));
  }
}
