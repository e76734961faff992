import { KnownRows } from '../known-rows.ts';
import { RowTransaction } from '../row-transaction.ts';
import { type Connection, isRefusedByServer } from './binding.ts';
import { isRetried, postgresFailure } from './failure.ts';
import type { Lane } from './lanes.ts';
import type { Pool } from './pool.ts';
import { begin, commitBehind, rollBack, runJob, storeEvents } from './run-job.ts';
import { GroupWriteSession, type Shared } from './session.ts';

type Job<T> = (rows: RowTransaction) => Promise<T>;

/** A job that waits for its turn. Its result is kept until the transaction is committed. */
interface Waiting {
  readonly job: Job<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** What a job came to: its result, or what it threw without having changed anything. */
interface Outcome {
  readonly rows: RowTransaction;
  readonly isDone: boolean;
  readonly result: unknown;
}

/** Jobs of one transaction at most. */
const groupLimit = 64;
/** Milliseconds after which jobs no longer wait for the group before them: one of its jobs is slow. */
const longestWait = 25;
const mostAttempts = 4;

/**
 * Writes that arrive together share a transaction, as on SQLite: they are carried out one after the other on one connection,
 * nearly without waiting for the database, and are committed by one flush of its disk. Each by itself would collide with the
 * others at the growing end of an index, and wait for the database a few times (docs/decisions/0017).
 *
 * Sharing is never seen: where anything in a group fails, it is undone, and each of its jobs is done in a transaction
 * of its own. Only a job that threw before it changed anything is told so at once, when the others are committed.
 */
export class JobQueue {
  readonly #shared: Shared;
  readonly #pool: Pool;
  #waiting: Waiting[] = [];
  /** The group that those who wait are waiting for: the one that began last. */
  #newest: readonly Waiting[] | undefined;
  #isDue = false;
  #overtaking: NodeJS.Timeout | undefined;

  constructor(shared: Shared, pool: Pool) {
    this.#shared = shared;
    this.#pool = pool;
  }

  /** Resolves when what the job did is committed. */
  add<T>(job: Job<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Whoever's turn of the event loop begins the group, what a job does belongs to its own request.
      const own = this.#shared.probe.bind?.(job) ?? job;
      this.#waiting.push({ job: own, resolve: (result) => resolve(result as T), reject });
      if (this.#newest === undefined) this.#startSoon();
      else this.#overtaking ??= setTimeout(this.#start, longestWait);
    });
  }

  /** Whoever writes in this turn of the event loop still comes along. */
  #startSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#start();
    });
  }

  readonly #start = (): void => {
    clearTimeout(this.#overtaking);
    this.#overtaking = undefined;
    const group = this.#waiting.splice(0, groupLimit);
    if (group.length === 0) return;
    this.#newest = group;
    void this.#run(group).finally(() => {
      if (this.#newest !== group) return;
      this.#newest = undefined;
      if (this.#waiting.length > 0) this.#startSoon();
    });
  };

  async #run(group: readonly Waiting[]): Promise<void> {
    const [only] = group;
    if (group.length > 1) {
      if (await this.#runTogether(group)) return;
      await Promise.all(group.map((each) => this.#runAlone(each)));
    } else if (only !== undefined) await this.#runAlone(only);
  }

  async #runAlone({ job, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await runJob(this.#shared, this.#pool, job));
    } catch (error) {
      reject(error);
    }
  }

  /** False: nothing of it was kept, and each job is to be done by itself. */
  async #runTogether(group: readonly Waiting[]): Promise<boolean> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const lane = this.#shared.lanes.choose(attempt);
      const end = await new GroupAttempt(this.#shared, this.#pool, lane).run(group);
      if (end === 'settled') return true;
      if (end === 'undone') return false;
      this.#shared.lanes.noteCollision();
    }
    return false;
  }
}

/** How an attempt ended: every job knows; nothing was kept; nothing was kept since another transaction was in the way. */
type AttemptEnd = 'settled' | 'undone' | 'collided';

class GroupAttempt {
  readonly #shared: Shared;
  readonly #pool: Pool;
  readonly #lane: Lane;
  readonly #outcomes: Outcome[] = [];
  #mayBeCommitted = false;

  constructor(shared: Shared, pool: Pool, lane: Lane) {
    this.#shared = shared;
    this.#pool = pool;
    this.#lane = lane;
  }

  async run(group: readonly Waiting[]): Promise<AttemptEnd> {
    const connection = await this.#pool.connect().catch(() => undefined);
    // Each job is told by itself why it gets none.
    if (connection === undefined) return 'undone';
    const session = new GroupWriteSession(this.#shared, connection);
    let isBroken = false;
    try {
      await this.#carryOut(group, session, connection);
      this.#tellWatchers();
      for (const [at, { resolve, reject }] of group.entries()) {
        const outcome = this.#outcomes[at];
        if (outcome?.isDone === true) resolve(outcome.result);
        else reject(outcome?.result);
      }
      return 'settled';
    } catch (error) {
      const cause = session.firstError ?? error;
      isBroken = !(await rollBack(connection));
      return this.#afterFailure(group, cause);
    } finally {
      for (const { rows } of this.#outcomes) rows.end();
      connection.release(isBroken || this.#shared.statements.isWornOut(connection));
    }
  }

  /** Throws where the transaction is to be undone. */
  async #carryOut(group: readonly Waiting[], session: GroupWriteSession, connection: Connection): Promise<void> {
    const { watchers, feed, schema } = this.#shared;
    const begun = begin(this.#shared, connection, this.#lane);
    begun.catch((error: unknown) => session.noteError(error));
    const known = new KnownRows();
    for (const { job } of group) {
      this.#outcomes.push(await outcomeOf(job, new RowTransaction(session, watchers, false, known)));
    }
    session.sendInserts();
    const jobs = this.#outcomes.map(({ rows }) => rows);
    for (const { changes } of jobs) if (changes.size > 0) await feed?.note(connection, schema, changes);
    const stored = storeEvents(
      this.#shared,
      connection,
      jobs.flatMap(({ events }) => events),
    );
    this.#mayBeCommitted = true;
    await commitBehind(this.#shared, connection, jobs, { begun, stored });
  }

  /** What the server has refused was not committed. When the connection was lost on the way, nobody knows. */
  #afterFailure(group: readonly Waiting[], cause: unknown): AttemptEnd {
    if (!this.#mayBeCommitted || isRefusedByServer(cause)) return isRetried(cause) ? 'collided' : 'undone';
    this.#shared.feed?.loseTrack();
    this.#tellWatchers();
    for (const { reject } of group) reject(postgresFailure(cause, this.#shared.place));
    return 'settled';
  }

  #tellWatchers(): void {
    const { watchers } = this.#shared;
    for (const { rows } of this.#outcomes) {
      watchers.tell(rows.changes);
      watchers.tellEvents(rows.events.length);
    }
  }
}

/** Does one job of a group. Throws when it leaves a trace in the transaction that must not stay. */
async function outcomeOf(job: Job<unknown>, rows: RowTransaction): Promise<Outcome> {
  try {
    const result = await job(rows);
    rows.check();
    rows.end();
    return { rows, isDone: true, result };
  } catch (error) {
    if (rows.hasWritten) throw error;
    rows.end();
    return { rows, isDone: false, result: rows.told(error) };
  }
}
