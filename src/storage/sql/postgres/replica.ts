import { inTime, late } from '../../../kernel/in-time.ts';
import type { ReplicaLoad } from '../../database.ts';
import { StorageError } from '../../storage-error.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows } from '../row-transaction.ts';
import { type Connection, type ConnectionSettings, executeOnce, onConnection, parseServerError } from './binding.ts';
import { KeptConnection } from './kept-connection.ts';
import { Pool } from './pool.ts';
import { runPlan, type Shared } from './session.ts';

/** A standby that answers reads. */
export interface ReplicaSettings {
  readonly url: string;
  /** Milliseconds that a read waits at most for the replica to have what was committed before the read began. */
  readonly longestLagMs: number;
}

/** How far the primary is: its history (timeline) and the place in it that every acknowledged commit is before. */
interface Place {
  readonly timeline: number;
  readonly lsn: string;
}

/** INVARIANT: what was acknowledged is flushed, unless `synchronous_commit` is off, which loses it in a crash as well. */
const placeText = `select ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::integer, pg_current_wal_flush_lsn()`;

/** A standby of the same history that has replayed as much. One that was promoted keeps its old position, so both are asked. */
const hasReplayedText = 'select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= $1::pg_lsn';

/** Of a standby the last checkpoint, or what was replayed after it, tells the timeline. */
const timelineText = `select greatest((select timeline_id from pg_control_checkpoint()), (select min_recovery_end_timeline from pg_control_recovery()))`;

const systemText = 'select (select system_identifier::text from pg_control_system()), pg_is_in_recovery()';

/** Milliseconds between looks how far the replica is. */
const lookEvery = 2;
/** Milliseconds for which one that is behind, or could not be used, is left alone. */
const rests = { behind: 1000, failed: 5000 } as const;
/** Milliseconds after which a replica that gives no connection, or no answer to a small question, is left alone. */
const longestAnswerMs = 500;

/** Statements that took too long there would take as long on the primary. */
const tookTooLong = '57014';

/**
 * Reads from a standby, none of them older than the primary: each first asks the primary how far it is, those of one turn
 * of the event loop together, and is answered by the standby only when that has replayed as much. So whoever has written,
 * through whichever process, reads what was written, and a share that was revoked before the read began is not there.
 */
export class Replica {
  readonly #shared: Shared;
  readonly #settings: ReplicaSettings;
  readonly #primary: KeptConnection;
  readonly #pool: Pool;
  /** Connections that were found to follow a timeline. */
  readonly #follows = new WeakMap<Connection, number>();
  #asking: Promise<Place> | undefined;
  /** Moment (`performance.now()`) until which the primary answers all. */
  #restsUntil = 0;
  #counts = { served: 0, behind: 0, failed: 0 };

  constructor(shared: Shared, primary: ConnectionSettings, { settings, timeoutMs, connections }: ReplicaParts) {
    this.#shared = shared;
    this.#settings = settings;
    this.#primary = new KeptConnection(primary, async () => undefined);
    this.#pool = new Pool({ url: settings.url, statementTimeoutMs: timeoutMs }, connections);
  }

  get load(): ReplicaLoad {
    return { ...this.#counts, isUsed: performance.now() >= this.#restsUntil };
  }

  /** `undefined`: the primary is to answer. Rejects only with what the primary would reject with as well. */
  async rows(builder: PlanBuilder, render: Render): Promise<RawRows | undefined> {
    if (performance.now() < this.#restsUntil) return undefined;
    try {
      const rows = await this.#read(builder, render);
      if (rows === undefined) this.#giveUp('behind');
      else this.#counts.served += 1;
      return rows;
    } catch (error) {
      if (parseServerError(error)?.code === tookTooLong) throw error;
      this.#giveUp('failed');
      return undefined;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#primary.close(), this.#pool.end()]);
  }

  #giveUp(why: keyof typeof rests): void {
    this.#counts[why] += 1;
    this.#restsUntil = Math.max(this.#restsUntil, performance.now() + rests[why]);
  }

  async #read(builder: PlanBuilder, render: Render): Promise<RawRows | undefined> {
    const place = await this.#place();
    const connection = await this.#connection();
    let isBroken = true;
    try {
      const rows = (await this.#reaches(connection, place))
        ? (await runPlan(this.#shared, connection, builder, render)).rows
        : undefined;
      isBroken = false;
      return rows;
    } finally {
      connection.release(isBroken || this.#shared.statements.isWornOut(connection));
    }
  }

  async #connection(): ReturnType<Pool['connect']> {
    const connecting = this.#pool.connect();
    const connection = await inTime(connecting, longestAnswerMs);
    if (connection !== late) return connection;
    connecting.then(
      (unused) => unused.release(),
      () => undefined,
    );
    throw new Error('the replica gives no connection');
  }

  /** Asked after the read began, so that nothing acknowledged before is missing. */
  #place(): Promise<Place> {
    this.#asking ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#asking = undefined;
        this.#primary
          .run(placeText)
          .then(([row]) => resolve({ timeline: Number(row?.[0]), lsn: String(row?.[1]) }), reject);
      });
    });
    return this.#asking;
  }

  async #reaches(connection: Connection, { timeline, lsn }: Place): Promise<boolean> {
    if (this.#follows.get(connection) !== timeline) {
      const [row] = await answerSoon(connection, timelineText);
      if (Number(row?.[0]) !== timeline) return false;
      this.#follows.set(connection, timeline);
    }
    const end = performance.now() + this.#settings.longestLagMs;
    for (;;) {
      const [row] = await answerSoon(connection, hasReplayedText, [lsn]);
      if (row?.[0] === true) return true;
      if (performance.now() >= end) return false;
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
  }
}

async function answerSoon(connection: Connection, sql: string, values: readonly string[] = []): Promise<RawRows> {
  const rows = await inTime(executeOnce(connection, sql, values), longestAnswerMs);
  if (rows === late) throw new Error('the replica does not answer in time');
  return rows;
}

interface ReplicaParts {
  readonly settings: ReplicaSettings;
  /** Longest time that one statement of a request may take. */
  readonly timeoutMs: number;
  readonly connections: number;
}

/**
 * Refuses a server that is no standby of the primary: places in its history would mean nothing. One that cannot be reached
 * is not refused: the primary answers until it can.
 * @throws StorageError with one line that says what is wrong
 */
export async function checkReplica(replica: string, primary: string, place: string): Promise<void> {
  const there = await look(replica).catch(() => undefined);
  if (there === undefined) return;
  const here = await look(primary);
  if (there.system !== here.system) {
    throw new StorageError(
      `${place}: PORTVAKT_DATABASE_READ_URL leads to another server, which is no standby of this one`,
    );
  }
  if (!there.isStandby) {
    throw new StorageError(
      `${place}: PORTVAKT_DATABASE_READ_URL leads to a server that is no standby: leave it out, or name one`,
    );
  }
}

const look = (url: string): Promise<{ readonly system: string; readonly isStandby: boolean }> =>
  onConnection({ url, statementTimeoutMs: 0 }, async (connection) => {
    const [row] = await executeOnce(connection, systemText);
    return { system: String(row?.[0]), isStandby: row?.[1] === true };
  });
