import { newRequestId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Changes } from '../../../odata/row-store.ts';
import type { SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import { type Connection, executeOnce } from './binding.ts';
import { channel, peersTable } from './peers-schema.ts';

/** What others have changed in one schema; `everything` when it cannot be known. */
export type OtherChanges = Changes | 'everything';
export type ChangeListener = (changes: OtherChanges) => Promise<void>;

/** Milliseconds between looks, when nobody notifies. */
const pause = 300;
/** Milliseconds after a look that failed. */
const pauseAfterFailure = 100;
/** Notes are kept for ten minutes; a process that has not looked for half of it reads everything again. */
const keptMinutes = 10;
const longestAbsence = 300_000;
const cleaningEvery = 60_000;

/** What the feed needs of its connection. */
export interface FeedConnection {
  run(sql: string, values?: readonly SqlValue[]): Promise<RawRows>;
}

/**
 * Changes that other processes have committed. Each is a row that was written in the change's own transaction. A look
 * gives those that are visible now and were not at the look before, by the database's own snapshots: none is missed
 * because it was committed late, and a lost notification costs no more than the pause between looks.
 */
export class ChangeFeed {
  readonly #connection: FeedConnection;
  readonly #log: Log;
  readonly #listeners = new Map<string, Set<ChangeListener>>();
  /** Names this process in its notes, which it does not have to be told of. */
  #origin = newRequestId();
  /** `pg_current_snapshot()` of the last look. */
  #snapshot: string | undefined;
  /** Moment (`performance.now()`) before which all changes are in force here. */
  #seenUntil = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cleanedAt = 0;
  #failures = 0;
  #closed = false;

  constructor(connection: FeedConnection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  /** Milliseconds since when changes of others may not be in force here. */
  get age(): number {
    return performance.now() - this.#seenUntil;
  }

  /** Calls back with each change of a schema until the end that it gives. The changes count as seen when it resolves. */
  listen(scope: string, listener: ChangeListener): () => void {
    const listeners = this.#listeners.get(scope) ?? new Set();
    this.#listeners.set(scope, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Notes a change on the connection that makes it, before its commit. */
  async note(connection: Connection, scope: string, changes: Changes): Promise<void> {
    const content = JSON.stringify(Object.fromEntries([...changes].map(([table, keys]) => [table, [...keys]])));
    const insert = `insert into ${peersTable('change')} (origin, scope, content) values ($1, $2, $3)`;
    await executeOnce(connection, insert, [this.#origin, scope, content]);
    await executeOnce(connection, `select pg_notify('${channel}', '')`);
  }

  /** Nobody knows whether a change of ours was committed: what we note from now on is another's until then. */
  loseTrack(): void {
    this.#origin = newRequestId();
  }

  /**
   * Looks, and has what is found put in force. A look that had begun before the call may have missed the change that the
   * caller wants, so a call in the middle waits for one more.
   */
  look(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#start();
    this.#next = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#next?.catch(() => undefined);
    await this.#running?.catch(() => undefined);
  }

  #start(): Promise<void> {
    const look = this.#look().then(
      () => this.#ended(undefined),
      (error: unknown) => {
        this.#ended(error);
        throw error;
      },
    );
    this.#running = look;
    return look;
  }

  #ended(error: unknown): void {
    this.#running = undefined;
    if (error === undefined) this.#failures = 0;
    else if (this.#failures++ === 0)
      this.#log.warn('changes of other processes cannot be read', { error: String(error) });
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const wait = error === undefined ? pause : pauseAfterFailure;
    this.#timer = setTimeout(() => void this.look().catch(() => undefined), wait).unref();
  }

  async #look(): Promise<void> {
    const begun = performance.now();
    const rows = await this.#connection.run(lookText, [this.#snapshot ?? null, this.#origin]);
    const snapshot = String(rows[0]?.[0]);
    const wasAway = this.#snapshot !== undefined && begun - this.#seenUntil > longestAbsence;
    await this.#tell(wasAway ? 'everything' : changesByScope(rows));
    this.#snapshot = snapshot;
    this.#seenUntil = begun;
    await this.#clean(begun);
  }

  async #tell(changes: ReadonlyMap<string, Changes> | 'everything'): Promise<void> {
    const told: Promise<void>[] = [];
    for (const [scope, listeners] of this.#listeners) {
      const mine = changes === 'everything' ? changes : changes.get(scope);
      if (mine !== undefined) for (const listener of listeners) told.push(listener(mine));
    }
    await Promise.all(told);
  }

  async #clean(now: number): Promise<void> {
    if (now - this.#cleanedAt < cleaningEvery) return;
    this.#cleanedAt = now;
    await this.#connection.run(
      `delete from ${peersTable('change')} where at < clock_timestamp() - interval '${keptMinutes} minutes'`,
    );
    await this.#connection.run(`delete from ${peersTable('asked')} where until < clock_timestamp()`);
  }
}

/** One row at least: the snapshot of this look. Rows of transactions that ended before the last look's are left out by the index. */
const lookText = `select pg_current_snapshot()::text, change.scope, change.content
  from (select) as one left join ${peersTable('change')} as change
    on change.xid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(change.xid, $1::pg_snapshot)
      and change.origin <> $2`;

function changesByScope(rows: RawRows): ReadonlyMap<string, Changes> {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const [, scope, content] of rows) {
    if (typeof scope !== 'string') continue;
    const changes = found.get(scope) ?? new Map<string, Set<string>>();
    found.set(scope, changes);
    for (const [table, keys] of parseContent(String(content))) {
      changes.set(table, new Set([...(changes.get(table) ?? []), ...keys]));
    }
  }
  return found;
}

/** Our own text, as `note` wrote it. */
const parseContent = (text: string): [string, readonly string[]][] =>
  Object.entries(JSON.parse(text) as Record<string, readonly string[]>);
