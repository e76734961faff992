import { StorageError } from '../../storage-error.ts';
import { RowTransaction } from '../row-transaction.ts';
import type { Watchers } from '../watchers.ts';
import type { SqliteFile } from './binding.ts';
import type { Counters } from './counters.ts';
import { sqliteFailure } from './failure.ts';
import type { SqliteWriteSession } from './session.ts';

/** A job that waits for its turn. */
interface Waiting {
  /** Does the job; the result settles its promise, once the group is on disk. */
  run(rows: RowTransaction): Promise<() => void>;
  reject(error: unknown): void;
}

/** A job that was done. */
interface Done {
  readonly rows: RowTransaction;
  settle(): void;
}

export interface CommitQueueParts {
  readonly file: SqliteFile;
  readonly session: SqliteWriteSession;
  readonly counters: Counters;
  readonly watchers: Watchers;
}

/**
 * Groups the writes of one turn of the event loop into one commit, which is what takes the time: the disk is asked to
 * keep it (`synchronous = full`). Each job is inside a savepoint of its own, one after the other; one that throws is
 * undone alone.
 */
export class CommitQueue {
  readonly #file: SqliteFile;
  readonly #session: SqliteWriteSession;
  readonly #counters: Counters;
  readonly #watchers: Watchers;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #closed = false;

  constructor({ file, session, counters, watchers }: CommitQueueParts) {
    this.#file = file;
    this.#session = session;
    this.#counters = counters;
    this.#watchers = watchers;
  }

  /** Resolves when what the job did is on disk. */
  add<T>(job: (rows: RowTransaction) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageError(`${this.#session.place} is closed`));
    return new Promise<T>((resolve, reject) => {
      const run = async (rows: RowTransaction): Promise<() => void> => {
        const result = await job(rows);
        return () => resolve(result);
      };
      this.#waiting.push({ run, reject });
      this.#working ??= this.#work();
    });
  }

  /** Takes no more jobs and waits for those there are. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = this.#waiting;
      this.#waiting = [];
      await this.#commit(group);
    }
    this.#working = undefined;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const done: Done[] = [];
    let lost: unknown;
    try {
      this.#file.run('begin immediate');
      for (const job of group) {
        const outcome = await this.#runAlone(job);
        if (outcome !== undefined) done.push(outcome);
        // A full disk and the like end the whole transaction.
        if (!this.#file.inTransaction) throw new StorageError(`${this.#session.place}: the transaction was lost`);
      }
      this.#counters.write();
      this.#file.run('commit');
      this.#counters.written();
    } catch (error) {
      lost = sqliteFailure(error, this.#session.place) ?? error;
      this.#rollback();
    }
    for (const { rows } of done) this.#watchers.tell(rows.changes);
    if (lost === undefined) for (const { settle } of done) settle();
    // Also those whose turn did not come; to reject one again changes nothing.
    else for (const { reject } of group) reject(lost);
  }

  /** Does one job. Gives what settles it; nothing when it threw and was undone. */
  async #runAlone(job: Waiting, mustCheckNumbers = false): Promise<Done | undefined> {
    this.#file.run('savepoint job');
    const rows = new RowTransaction(this.#session, this.#watchers, mustCheckNumbers);
    try {
      const settle = await job.run(rows);
      rows.check();
      this.#file.run('release job');
      return { rows, settle };
    } catch (error) {
      if (this.#file.inTransaction) this.#file.run('rollback to job; release job');
      if (rows.mayHaveDrawnTaken && this.#file.inTransaction) return await this.#runAlone(job, true);
      job.reject(error);
      return undefined;
    } finally {
      rows.end();
    }
  }

  #rollback(): void {
    try {
      if (this.#file.inTransaction) this.#file.run('rollback');
    } catch {
      // The error that led here is the one to tell; the next `begin` will say if the file is lost.
    }
  }
}
