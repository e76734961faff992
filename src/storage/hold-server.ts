import { connect, isThroughPooler } from './sql/postgres/binding.ts';
import { placeOf, postgresFailure } from './sql/postgres/failure.ts';
import { type LockMode, type LockWatcher, ServerLock } from './sql/postgres/server-lock.ts';
import { StorageError } from './storage-error.ts';

/** Milliseconds to wait for a server that was killed a moment ago, and between attempts. */
const patience = 5000;
const pause = 250;
/** The first node makes the tables of a new database, and fills it, before it lets others in. */
const patienceOfNodes = 120_000;

/** What a server learns of its hold on a database later on. */
export interface HoldWatcher extends Omit<LockWatcher, 'taken'> {
  /** Another server has the database: this one must not go on. */
  taken(error: StorageError): void;
}

/** Keeps other servers off a database. */
export interface ServerHold {
  /** Is the database known to be ours? Not while the session that holds it is gone and was not replaced. */
  readonly isHeld: boolean;
  release(): Promise<void>;
}

/** One of several nodes on a database. */
export interface NodeHold extends ServerHold {
  /** Other nodes are at work already. */
  readonly isJoined: boolean;
  /** Lets other nodes in: what only the first one does is done. */
  share(): Promise<void>;
}

/**
 * Keeps every other Portvakt off a PostgreSQL database until `release`, or until this process ends: security snapshots are
 * in memory, and another server's changes would not reach them. A session of its own holds the lock, and takes it again after
 * the database was away where there is a watcher; without one it is lost with its session.
 * @throws StorageError when another one holds it, or the server cannot be reached
 */
export async function holdPostgres(url: string, schema: string, watcher?: HoldWatcher): Promise<ServerHold> {
  const place = placeOf(url, schema);
  try {
    const lock = await openLock(url, place, false);
    if (await takeInTime(lock, 'exclusive', patience)) return await keep(lock, place, watcher);
    await lock.release();
  } catch (error) {
    throw postgresFailure(error, place);
  }
  throw new StorageError(`${place}: it is in use by another Portvakt server, and one only may use a database`);
}

/**
 * Keeps servers off that are no nodes. The first node has the database for itself until it shares it, and others wait.
 * @throws StorageError when a server that is no node holds it, or it cannot be reached
 */
export async function joinNodes(url: string, schema: string, watcher: HoldWatcher): Promise<NodeHold> {
  const place = placeOf(url, schema);
  try {
    const lock = await openLock(url, place, true);
    const isFirst = await lock.take('exclusive');
    if (isFirst || (await takeInTime(lock, 'shared', patienceOfNodes))) {
      await keep(lock, place, watcher);
      return {
        isJoined: !isFirst,
        get isHeld() {
          return lock.isHeld;
        },
        share: () => lock.share(),
        release: () => lock.release(),
      };
    }
    await lock.release();
  } catch (error) {
    throw postgresFailure(error, place);
  }
  throw new StorageError(
    `${place}: it is in use by a Portvakt server that is no node: set PORTVAKT_NODES there as well, and start it again`,
  );
}

async function keep(lock: ServerLock, place: string, watcher: HoldWatcher | undefined): Promise<ServerLock> {
  if (watcher === undefined) return lock;
  const taken = (): void =>
    watcher.taken(
      new StorageError(
        `${place}: another Portvakt server took it while it was away, and one only may use a database; this one stops`,
      ),
    );
  await lock.keep({ lost: watcher.lost, retaken: watcher.retaken, taken });
  return lock;
}

async function takeInTime(lock: ServerLock, mode: LockMode, longest: number): Promise<boolean> {
  for (let waited = 0; waited <= longest; waited += pause) {
    if (await lock.take(mode)) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return false;
}

async function openLock(url: string, place: string, isNode: boolean): Promise<ServerLock> {
  const settings = { url, statementTimeoutMs: 0 } as const;
  const opened = await connect(settings);
  if (!(await isThroughPooler(opened.connection))) return new ServerLock(settings, opened, isNode);
  await opened.close();
  throw new StorageError(
    `${place}: a pooler is in between, which does not keep locks and notifications: give the address of the PostgreSQL server itself, and the pooler's in PORTVAKT_DATABASE_POOLER_URL`,
  );
}
