import type { RunOwn } from '../../event-tables.ts';
import { executeOnce } from './binding.ts';
import type { Pool } from './pool.ts';

/**
 * Tables of Portvakt's own, in transactions that read what is committed and are not serializable: looking for new events
 * must not make the writes of callers collide, each of which adds some.
 */
export function postgresOwn(pool: Pool, prefix: string): RunOwn {
  return async (job) => {
    const connection = await pool.connect();
    let isBroken = false;
    const text = (sql: string): string => sql.replaceAll('@', prefix);
    try {
      await executeOnce(connection, 'begin');
      const result = await job({
        run: async (sql, values) => {
          await executeOnce(connection, text(sql), values);
        },
        rows: (sql, values) => executeOnce(connection, text(sql), values),
      });
      await executeOnce(connection, 'commit');
      return result;
    } catch (error) {
      await executeOnce(connection, 'rollback').catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      connection.release(isBroken);
    }
  };
}
