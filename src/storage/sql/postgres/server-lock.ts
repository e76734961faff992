import { inTime } from '../../../kernel/in-time.ts';
import { messageOf } from '../../../kernel/message-of.ts';
import {
  type Connection,
  type ConnectionSettings,
  connect,
  executeOnce,
  type Opened,
  onEnd,
  presenceMs,
} from './binding.ts';
import { callLock, type LockCall, lockNumber } from './lock.ts';

/** Names the lock among the other locks of a database, and the mark that nodes have beside it. */
const lockName = 'portvakt server';
const nodeName = 'portvakt node';
/** Milliseconds between looks whether the session that holds the lock is there, and between attempts to take it again. */
const lookEvery = 500;
const pause = 250;

/** Alone, or as one of several nodes. */
export type LockMode = 'exclusive' | 'shared';

const taking = {
  exclusive: 'pg_try_advisory_lock',
  shared: 'pg_try_advisory_lock_shared',
} as const satisfies Record<LockMode, LockCall>;

/** What whoever holds the lock is told about it. */
export interface LockWatcher {
  /** The session that holds it is gone: nobody knows whether another server takes it. */
  lost(why: string): void;
  /** It is ours again, and was nobody else's as far as one can tell. */
  retaken(): void;
  /** Another server has it: we must not go on. */
  taken(): void;
}

/**
 * The lock that keeps other servers off a database. A session holds it, and sessions end: with the server, or with the
 * network. It is taken again then, as soon as the database answers; whoever took it meanwhile is told apart from an earlier
 * session of our own, which a network that is gone without a word leaves behind on the server, and which is ended.
 */
export class ServerLock {
  readonly #settings: ConnectionSettings;
  #mode: LockMode;
  readonly #isNode: boolean;
  #session: Opened | undefined;
  /** `pid start` of every session that we have had, as the server tells them apart. */
  readonly #own = new Set<string>();
  #watcher: LockWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isOver = false;

  /** @param opened a new session, which holds nothing yet */
  constructor(settings: ConnectionSettings, opened: Opened, isNode: boolean) {
    this.#settings = settings;
    this.#session = opened;
    this.#isNode = isNode;
    this.#mode = 'exclusive';
  }

  /** Is it known to be ours? */
  get isHeld(): boolean {
    return this.#session !== undefined && !this.#isOver;
  }

  /** One attempt on the session that there is. */
  async take(mode: LockMode): Promise<boolean> {
    this.#mode = mode;
    return this.#takeOn(this.#connection());
  }

  /** Lets other nodes in. There is no moment at which nobody holds it. */
  async share(): Promise<void> {
    if (this.#mode === 'shared') return;
    const connection = this.#connection();
    await callLock(connection, taking.shared, lockName);
    this.#mode = 'shared';
    await callLock(connection, 'pg_advisory_unlock', lockName);
  }

  /** From now on it is taken again whenever its session ends. */
  async keep(watcher: LockWatcher): Promise<void> {
    this.#watcher = watcher;
    if (this.#session !== undefined) await this.#adopt(this.#session);
    this.#again(lookEvery);
  }

  async release(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await inTime(this.#working ?? Promise.resolve(), presenceMs);
    await this.#session?.close();
  }

  #connection(): Connection {
    if (this.#session === undefined) throw new Error('the connection to the server was lost');
    return this.#session.connection;
  }

  async #takeOn(connection: Connection): Promise<boolean> {
    if (this.#isNode) await callLock(connection, taking.shared, nodeName);
    return callLock(connection, taking[this.#mode], lockName);
  }

  #again(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#working ??= this.#look().finally(() => {
        this.#working = undefined;
        this.#again(this.#session === undefined ? pause : lookEvery);
      });
    }, wait).unref();
  }

  async #look(): Promise<void> {
    const session = this.#session;
    if (session === undefined) {
      await this.#takeAgain().catch(() => undefined);
      return;
    }
    // A server that was a primary and is none any more keeps nobody off.
    const looked = executeOnce(session.connection, 'select 1 where not pg_is_in_recovery()');
    const answer = await inTime(looked, presenceMs).catch((error: unknown) => messageOf(error));
    if (Array.isArray(answer) && answer.length === 1) return;
    this.#lose(session, typeof answer === 'string' ? answer : 'the server does not answer, or is no primary');
  }

  /** Remembers a session as ours, and learns of its end at once. */
  async #adopt(session: Opened): Promise<void> {
    onEnd(session.connection, () => this.#lose(session, 'the connection ended'));
    const self = 'select pid, backend_start::text from pg_stat_activity where pid = pg_backend_pid()';
    const [row] = await executeOnce(session.connection, self);
    this.#own.add(`${row?.[0]} ${row?.[1]}`);
  }

  #lose(session: Opened, why: string): void {
    if (this.#session !== session || this.#isOver) return;
    this.#session = undefined;
    void session.close().catch(() => undefined);
    this.#watcher?.lost(why);
    this.#again(0);
  }

  async #takeAgain(): Promise<void> {
    const opened = await connect(this.#settings);
    const end = await this.#takeAgainOn(opened.connection).catch(() => 'not yet' as const);
    if (end === 'ours' && !this.#isOver) {
      this.#session = opened;
      const adopted = await this.#adopt(opened).then(
        () => true,
        () => false,
      );
      if (!adopted) this.#lose(opened, 'the connection ended');
      else if (this.isHeld) this.#watcher?.retaken();
      return;
    }
    await opened.close().catch(() => undefined);
    if (end !== 'taken') return;
    this.#isOver = true;
    this.#watcher?.taken();
  }

  async #takeAgainOn(connection: Connection): Promise<'ours' | 'taken' | 'not yet'> {
    const [primary] = await executeOnce(connection, 'select 1 where not pg_is_in_recovery()');
    if (primary === undefined) return 'not yet';
    if (await this.#takeOn(connection)) return 'ours';
    let others = 0;
    for (const [pid, start, isNode] of await executeOnce(connection, holdersText, [lockName, nodeName])) {
      if (this.#own.has(`${pid} ${start}`))
        await executeOnce(connection, 'select pg_terminate_backend($1)', [String(pid)]);
      // A node that begins has it for itself until it lets the others in.
      else if (this.#mode === 'exclusive' || isNode !== true) others += 1;
    }
    return others > 0 ? 'taken' : 'not yet';
  }
}

/** A lock of one 64-bit number, as `pg_locks` writes it (PostgreSQL, 54.12). */
const lockOf = (parameter: string): string => `locktype = 'advisory' and objsubid = 1 and granted
  and database = (select oid from pg_database where datname = current_database())
  and (classid::bigint << 32 | objid::bigint) = ${lockNumber(parameter)}`;

/** Sessions that hold the lock: their process, its start, and whether they are nodes. */
const holdersText = `select held.pid, activity.backend_start::text,
    exists (select 1 from pg_locks where pid = held.pid and ${lockOf('$2')})
  from (select distinct pid from pg_locks where ${lockOf('$1')}) as held
  left join pg_stat_activity as activity on activity.pid = held.pid
  where held.pid <> pg_backend_pid()`;
