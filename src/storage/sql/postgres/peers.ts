import { inTime } from '../../../kernel/in-time.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Hold, Peers, Shared } from '../../../kernel/peers.ts';
import { type Connection, executeOnce, onConnection, onNotification } from './binding.ts';
import { ChangeFeed } from './change-feed.ts';
import { placeOf, postgresFailure } from './failure.ts';
import { Holds } from './holds.ts';
import { KeptConnection } from './kept-connection.ts';
import { callLock } from './lock.ts';
import { channel, peersTable, preparePeers } from './peers-schema.ts';

const statementTimeoutMs = 3000;

/** Milliseconds for which the changes of others may not be in force here; beyond it nothing is decided. */
const longestAge = 900;
/** Milliseconds that a request waits for a look when the last one is too long ago: the process was held up, perhaps. */
const patience = 3000;

/** The processes that share a PostgreSQL database. */
export class PostgresPeers implements Peers {
  readonly count: number;
  readonly feed: ChangeFeed;
  readonly #url: string;
  readonly #connection: KeptConnection;
  readonly #holds: Holds;

  private constructor(url: string, count: number, log: Log) {
    this.#url = url;
    this.count = count;
    this.#connection = new KeptConnection({ url, statementTimeoutMs }, (connection) => this.#begin(connection));
    this.feed = new ChangeFeed(this.#connection, log);
    this.#holds = new Holds(this.#connection);
  }

  /** @throws StorageError when the server cannot be reached */
  static async join(url: string, count: number, log: Log): Promise<PostgresPeers> {
    const peers = new PostgresPeers(url, count, log);
    try {
      await peers.#once(preparePeers);
      await peers.feed.look();
    } catch (error) {
      await peers.close();
      throw postgresFailure(error, placeOf(url, 'portvakt_processes'));
    }
    return peers;
  }

  /** May be decided now? A promise where that has to be found out first. */
  isCurrent(): boolean | Promise<boolean> {
    return this.feed.age < longestAge || this.#catchUp();
  }

  async alone<T>(name: string, job: () => Promise<T>): Promise<T> {
    return this.#once(async (connection) => {
      await callLock(connection, 'pg_advisory_lock', `portvakt alone ${name}`);
      await this.feed.look();
      return job();
    });
  }

  hold(what: string, state: number): Hold {
    return this.#holds.hold(what, state);
  }

  async released(what: string, before: number, longestMs: number): Promise<void> {
    await this.#holds.released(what, before, longestMs).catch(() => undefined);
  }

  async share<T>(name: string, job: (text: string | undefined) => Shared<T>): Promise<T> {
    return this.#once(async (connection) => {
      await executeOnce(connection, 'begin');
      await callLock(connection, 'pg_advisory_xact_lock', `portvakt share ${name}`);
      const [row] = await executeOnce(connection, `select value from ${peersTable('shared')} where name = $1`, [name]);
      const { text, result } = job(row === undefined ? undefined : String(row[0]));
      const insert = `insert into ${peersTable('shared')} (name, value) values ($1, $2)`;
      await executeOnce(connection, `${insert} on conflict (name) do update set value = excluded.value`, [name, text]);
      await executeOnce(connection, 'commit');
      return result;
    });
  }

  async isFirst(name: string, until: Date, now: Date): Promise<boolean> {
    const insert = `insert into ${peersTable('asked')} as asked (name, until) values ($1, $2::timestamptz)`;
    const again = 'on conflict (name) do update set until = excluded.until where asked.until <= $3::timestamptz';
    const values = [name, until.toISOString(), now.toISOString()];
    return (await this.#connection.run(`${insert} ${again} returning 1`, values)).length > 0;
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.#connection.close();
  }

  async #begin(connection: Connection): Promise<void> {
    onNotification(connection, () => void this.feed.look().catch(() => undefined));
    await executeOnce(connection, `listen ${channel}`);
    await this.#holds.takeAgain(connection);
  }

  async #catchUp(): Promise<boolean> {
    const looked = this.feed.look().then(
      () => true,
      () => false,
    );
    return (await inTime(looked, patience)) === true;
  }

  /** On a connection of its own, whose locks end with it. */
  #once<T>(job: (connection: Connection) => Promise<T>): Promise<T> {
    return onConnection({ url: this.#url, statementTimeoutMs: 0 }, job);
  }
}
