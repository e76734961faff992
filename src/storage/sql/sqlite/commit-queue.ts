import { messageOf } from '../../../kernel/message-of.ts';
import type { Probe } from '../../../kernel/probe.ts';
import type { BusinessEvent } from '../../../odata/row-store.ts';
import { eventMembers, eventValues } from '../../event-rows.ts';
import { StorageError, undone } from '../../storage-error.ts';
import { RowTransaction } from '../row-transaction.ts';
import type { Watchers } from '../watchers.ts';
import type { SqliteFile, SqliteStatement } from './binding.ts';
import type { Counters } from './counters.ts';
import { sqliteFailure } from './failure.ts';
import { ownTables } from './own-tables.ts';
import type { ReadTurn } from './read-turn.ts';
import type { SqliteWriteSession } from './session.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/** A job that waits for its turn. */
interface Waiting {
  /** Does the job; the result settles its promise, once the group is on disk. */
  run(rows: RowTransaction): Promise<() => void>;
  reject(error: unknown): void;
}

/** A job that was done. Committed, it waits for the disk. */
interface Done {
  readonly rows: RowTransaction;
  settle(): void;
  reject(error: unknown): void;
}

export interface CommitQueueParts {
  readonly file: SqliteFile;
  readonly session: SqliteWriteSession;
  readonly counters: Counters;
  readonly watchers: Watchers;
  readonly log: WriteAheadLog;
  readonly probe: Probe;
  /** Of the connection that reads. */
  readonly readTurn: ReadTurn;
}

const insertEvent = `insert into @portvakt_event (${eventMembers}) values ($1, $2, $3, $4, $5)`;

/**
 * Groups the writes of one turn of the event loop into one commit and one flush of the disk, which is what takes the time.
 * Each job is inside a savepoint of its own, one after the other; one that throws is undone alone. While a thread flushes
 * one group, the next is carried out. What is committed is visible at once, a little before it is on disk; whoever
 * builds on it writes later to the same log.
 */
export class CommitQueue {
  readonly #file: SqliteFile;
  readonly #session: SqliteWriteSession;
  readonly #counters: Counters;
  readonly #watchers: Watchers;
  readonly #log: WriteAheadLog;
  readonly #readTurn: ReadTurn;
  readonly #probe: Probe;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #flushing: Promise<void> = Promise.resolve();
  /** Why nothing can be written any more. */
  #broken: StorageError | undefined;
  #insertEvent: SqliteStatement | undefined;
  #closed = false;

  constructor({ file, session, counters, watchers, log, readTurn, probe }: CommitQueueParts) {
    this.#file = file;
    this.#session = session;
    this.#counters = counters;
    this.#watchers = watchers;
    this.#log = log;
    this.#readTurn = readTurn;
    this.#probe = probe;
  }

  /** Resolves when what the job did is on disk. */
  add<T>(job: (rows: RowTransaction) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageError(`${this.#session.place} is closed`));
    if (this.#broken !== undefined) return Promise.reject(undone(this.#broken));
    return new Promise<T>((resolve, reject) => {
      const run = async (rows: RowTransaction): Promise<() => void> => {
        const result = await job(rows);
        return () => resolve(result);
      };
      this.#waiting.push({ run: this.#probe.bind?.(run) ?? run, reject });
      this.#working ??= this.#work();
    });
  }

  /** Jobs that wait for their turn, and whether one is being done. */
  get load(): { readonly waiting: number; readonly isBusy: boolean } {
    return { waiting: this.#waiting.length, isBusy: this.#working !== undefined };
  }

  /** @throws StorageError when nothing can be written any more */
  check(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Takes no more jobs and waits for those there are. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#flushing;
    this.#log.close();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = this.#waiting;
      this.#waiting = [];
      const committed = await this.#commit(group);
      await this.#flushing;
      if (committed.length > 0) this.#flushing = this.#flush(committed);
    }
    this.#working = undefined;
  }

  /** After a failure nobody knows what the disk has kept, and asking again may get a wrong answer: nothing more is written. */
  async #flush(committed: readonly Done[]): Promise<void> {
    const began = performance.now();
    try {
      await this.#log.flush();
    } catch (error) {
      const { place } = this.#session;
      this.#broken = new StorageError(`${place}: the disk does not keep what is written (${messageOf(error)})`, error);
    }
    this.#probe.statement('commit', began, '', this.#broken !== undefined);
    for (const { settle, reject } of committed) this.#broken === undefined ? settle() : reject(this.#broken);
  }

  /** Does the jobs and commits them. Gives those that wait for the disk now. */
  async #commit(group: readonly Waiting[]): Promise<readonly Done[]> {
    const done: Done[] = [];
    try {
      this.#file.run('begin immediate');
      for (const job of group) {
        const outcome = await this.#runAlone(job);
        if (outcome !== undefined) done.push(outcome);
        // A full disk and the like end the whole transaction.
        if (!this.#file.inTransaction) throw new StorageError(`${this.#session.place}: the transaction was lost`);
      }
      this.#counters.write();
      this.#readTurn.end();
      this.#file.run('commit');
      this.#counters.written();
      return done;
    } catch (error) {
      const lost = undone(sqliteFailure(error, this.#session.place));
      this.#rollback();
      // Also those whose turn did not come; to reject one again changes nothing.
      for (const { reject } of group) reject(lost);
      return [];
    } finally {
      for (const { rows } of done) {
        this.#watchers.tell(rows.changes);
        this.#watchers.tellEvents(rows.events.length);
      }
    }
  }

  /** Does one job. Gives what settles it; nothing when it threw and was undone. */
  async #runAlone(job: Waiting, mustCheckNumbers = false): Promise<Done | undefined> {
    this.#file.run('savepoint job');
    const rows = new RowTransaction(this.#session, this.#watchers, mustCheckNumbers);
    try {
      const settle = await job.run(rows);
      rows.check();
      if (rows.events.length > 0) this.#storeEvents(rows.events);
      this.#file.run('release job');
      return { rows, settle, reject: job.reject };
    } catch (error) {
      if (this.#file.inTransaction) this.#file.run('rollback to job; release job');
      if (rows.mayHaveDrawnTaken && this.#file.inTransaction) return await this.#runAlone(job, true);
      job.reject(undone(rows.told(error)));
      return undefined;
    } finally {
      rows.end();
    }
  }

  #storeEvents(events: readonly BusinessEvent[]): void {
    for (const event of events) {
      this.#insertEvent ??= this.#file.prepare(ownTables(insertEvent));
      this.#insertEvent.change([...eventValues(event)]);
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
