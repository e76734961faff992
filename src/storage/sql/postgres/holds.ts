import { createHash } from 'node:crypto';
import type { Hold } from '../../../kernel/peers.ts';
import { type Connection, executeOnce } from './binding.ts';
import type { FeedConnection } from './change-feed.ts';

const takeText = 'select pg_try_advisory_lock_shared($1::integer, $2::integer)';
const giveText = 'select pg_advisory_unlock_shared($1::integer, $2::integer)';
const othersText = `select 1 from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
  and database = (select oid from pg_database where datname = current_database())
  and classid = $1::bigint::oid and objid::bigint < $2 and pid <> pg_backend_pid() limit 1`;

/** Milliseconds between looks whether others have let go. */
const pause = 50;

/**
 * What this process uses, as shared advisory locks of its connection: they end with it, however it ends. Nobody takes such
 * a lock alone, so taking one never waits.
 */
export class Holds {
  readonly #connection: FeedConnection;
  readonly #held = new Set<readonly [number, number]>();

  constructor(connection: FeedConnection) {
    this.#connection = connection;
  }

  hold(what: string, state: number): Hold {
    const key = [numberOf(what), state] as const;
    this.#held.add(key);
    const taken = this.#connection.run(takeText, key).catch(() => undefined);
    return {
      release: () => {
        if (!this.#held.delete(key)) return;
        void taken.then(() => this.#connection.run(giveText, key)).catch(() => undefined);
      },
    };
  }

  /** On a new connection nothing is held yet. */
  async takeAgain(connection: Connection): Promise<void> {
    for (const key of this.#held) await executeOnce(connection, takeText, key);
  }

  async released(what: string, before: number, longestMs: number): Promise<void> {
    const end = performance.now() + longestMs;
    while (performance.now() < end) {
      const [row] = await this.#connection.run(othersText, [(numberOf(what) >>> 0).toString(), before.toString()]);
      if (row === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

const numberOf = (what: string): number => createHash('sha256').update(`portvakt ${what}`).digest().readInt32BE();
