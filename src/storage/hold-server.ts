import { type Connection, connect, executeOnce, isThroughPooler } from './sql/postgres/binding.ts';
import { placeOf, postgresFailure } from './sql/postgres/failure.ts';
import { StorageError } from './storage-error.ts';

/** Names the lock among the other locks of a database. */
const lockName = 'portvakt server';
/** Milliseconds to wait for a server that was killed a moment ago, and between attempts. */
const patience = 5000;
const pause = 250;
/** The first node makes the tables of a new database, and fills it, before it lets others in. */
const patienceOfNodes = 120_000;

/**
 * Keeps every other Portvakt off a PostgreSQL database until `release`, or until this process ends: security snapshots are
 * in memory, and another server's changes would not reach them. A session of its own holds the lock.
 * @throws StorageError when another one holds it, or the server cannot be reached
 */
export async function holdPostgres(url: string, schema: string): Promise<{ release(): Promise<void> }> {
  const place = placeOf(url, schema);
  try {
    const opened = await connect({ url, statementTimeoutMs: 0 });
    await refusePooler(opened, place);
    if (await lockInTime(opened.connection, 'pg_try_advisory_lock', patience)) return { release: opened.close };
    await opened.close();
  } catch (error) {
    throw postgresFailure(error, place);
  }
  throw new StorageError(`${place}: it is in use by another Portvakt server, and one only may use a database`);
}

/** One of several nodes on a database. */
export interface NodeHold {
  /** Other nodes are at work already. */
  readonly isJoined: boolean;
  /** Lets other nodes in: what only the first one does is done. */
  share(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Keeps servers off that are no nodes. The first node has the database for itself until it shares it, and others wait.
 * @throws StorageError when a server that is no node holds it, or it cannot be reached
 */
export async function joinNodes(url: string, schema: string): Promise<NodeHold> {
  const place = placeOf(url, schema);
  try {
    const opened = await connect({ url, statementTimeoutMs: 0 });
    await refusePooler(opened, place);
    const { connection, close } = opened;
    const isFirst = await tryLock(connection, 'pg_try_advisory_lock');
    if (isFirst || (await lockInTime(connection, 'pg_try_advisory_lock_shared', patienceOfNodes))) {
      return { isJoined: !isFirst, share: () => (isFirst ? share(connection) : Promise.resolve()), release: close };
    }
    await close();
  } catch (error) {
    throw postgresFailure(error, place);
  }
  throw new StorageError(
    `${place}: it is in use by a Portvakt server that is no node: set PORTVAKT_NODES there as well, and start it again`,
  );
}

/** There is no moment at which nobody holds it. */
async function share(connection: Connection): Promise<void> {
  await tryLock(connection, 'pg_try_advisory_lock_shared');
  await executeOnce(connection, 'select pg_advisory_unlock(hashtextextended($1, 0))', [lockName]);
}

type Lock = 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared';

async function tryLock(connection: Connection, lock: Lock): Promise<boolean> {
  const [row] = await executeOnce(connection, `select ${lock}(hashtextextended($1, 0))`, [lockName]);
  return row?.[0] === true;
}

async function lockInTime(connection: Connection, lock: Lock, longest: number): Promise<boolean> {
  for (let waited = 0; waited <= longest; waited += pause) {
    if (await tryLock(connection, lock)) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return false;
}

async function refusePooler({ connection, close }: Awaited<ReturnType<typeof connect>>, place: string): Promise<void> {
  if (!(await isThroughPooler(connection))) return;
  await close();
  throw new StorageError(
    `${place}: a pooler is in between, which does not keep locks and notifications: give the address of the PostgreSQL server itself, and the pooler's in PORTVAKT_DATABASE_POOLER_URL`,
  );
}
