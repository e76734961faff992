import { StorageError } from '../../storage-error.ts';
import { type Connection, executeOnce, onConnection } from './binding.ts';
import { postgresFailure } from './failure.ts';

interface Checked {
  /** Of the server itself. */
  readonly url: string;
  /** Longest time that one statement of a request may take. */
  readonly timeoutMs: number;
  readonly place: string;
}

/**
 * Does a pooler lead to the same database, with a limit for statements? It takes no limit from its clients, so its own
 * connections must have one.
 * @throws StorageError with one line that says how to mend it
 */
export async function checkPooler(pooler: string, { url, timeoutMs, place }: Checked): Promise<void> {
  const [direct, pooled] = await Promise.all([look(url, 0, place), look(pooler, 'pooled', `${place}, by the pooler`)]);
  if (direct.server !== pooled.server) {
    throw new StorageError(
      `${place}: PORTVAKT_DATABASE_POOLER_URL leads to another database (${pooled.server}) than PORTVAKT_DATABASE_URL (${direct.server})`,
    );
  }
  if (pooled.timeoutMs >= 1 && pooled.timeoutMs <= timeoutMs) return;
  const has = pooled.timeoutMs === 0 ? 'none' : `${pooled.timeoutMs} ms`;
  throw new StorageError(
    `${place}: connections of the pooler must have a \`statement_timeout\` of at most ${timeoutMs} ms, and have ${has}: \`alter role "${pooled.user}" set statement_timeout = '${timeoutMs}ms'\`, then \`reconnect\` in PgBouncer`,
  );
}

interface Seen {
  readonly server: string;
  readonly user: string;
  readonly timeoutMs: number;
}

/** Its start tells one server from another, whatever they are called. */
const lookText = `select current_database() || ', server of ' || to_char(pg_postmaster_start_time() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
  current_user, (select setting from pg_settings where name = 'statement_timeout')`;

async function look(url: string, statementTimeoutMs: 0 | 'pooled', place: string): Promise<Seen> {
  try {
    return await onConnection({ url, statementTimeoutMs }, ask);
  } catch (error) {
    const failure = postgresFailure(error, place);
    throw failure instanceof StorageError ? failure : new StorageError(`${place}: ${String(error)}`, error);
  }
}

async function ask(connection: Connection): Promise<Seen> {
  const [row] = await executeOnce(connection, lookText);
  return { server: String(row?.[0]), user: String(row?.[1]), timeoutMs: Number(row?.[2]) };
}
