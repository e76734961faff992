import pg from 'pg';
import type { DatabaseLoad } from '../../database.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import {
  askServer,
  type ConnectionSettings,
  clientConfig,
  connectTo,
  lineOf,
  type Opened,
  presenceMs,
  requireWrites,
} from './binding.ts';
import { firstWritable } from './first-writable.ts';
import { LineWatch } from './line-watch.ts';

/** Some connections to a server that are lent out; to the host that takes writes where there are several. */
export class Pool {
  readonly #pool: pg.Pool;
  readonly #settings: ConnectionSettings;
  readonly #addresses: Addresses;
  readonly #urls = new WeakMap<pg.ClientBase, string>();
  readonly #watches = new Map<string, LineWatch>();
  /** Of the host that new connections lead to. */
  #url: string;
  #looking: Promise<string> | undefined;

  constructor(settings: ConnectionSettings, connections: number) {
    this.#settings = settings;
    this.#addresses = addressesOf(settings.url);
    this.#url = this.#addresses.urls[0] ?? settings.url;
    this.#pool = new pg.Pool({
      ...clientConfig(settings),
      max: connections,
      idleTimeoutMillis: 60_000,
      Client: this.#clientClass(),
      ...(this.#addresses.mustTakeWrites ? { onConnect: requireWrites } : {}),
    });
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      // The pool's own listener is off while a connection is lent out, and an error that nobody listens to ends the process.
      // Whoever uses the connection learns of it from its query.
      client.on('error', () => undefined);
      client.once('end', this.#watchOf(this.#urls.get(client) ?? this.#url).add(lineOf(client)));
    });
  }

  /** Lends one, waiting for it where all are lent out. Where the host has gone or takes no writes any more, another is looked for. */
  async connect(): Promise<pg.PoolClient> {
    if (!this.#addresses.mustTakeWrites) return this.#pool.connect();
    const tried = this.#url;
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (this.#url === tried) this.#url = await this.#findWritable();
      if (this.#url === tried) throw error;
      return this.#pool.connect();
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  get load(): DatabaseLoad {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { busy: totalCount - idleCount, idle: idleCount, most: options.max, waiting: waitingCount };
  }

  /** The role that connections are made as; empty where only the driver's own defaults say it. */
  get user(): string {
    return URL.canParse(this.#url) ? decodeURIComponent(new URL(this.#url).username) : '';
  }

  /** The driver's pool makes its clients by itself: each is told where to go at that moment. */
  #clientClass(): new () => pg.Client {
    const configNow = (): pg.ClientConfig => {
      const config = clientConfig({ ...this.#settings, url: this.#url });
      return this.#addresses.mustTakeWrites ? { ...config, connectionTimeoutMillis: presenceMs } : config;
    };
    const note = (client: pg.Client): void => void this.#urls.set(client, this.#url);
    return class extends pg.Client {
      constructor() {
        super(configNow());
        note(this);
      }
    };
  }

  /** Lines to one host are asked about together. */
  #watchOf(url: string): LineWatch {
    const watch = this.#watches.get(url) ?? new LineWatch(askServer({ ...this.#settings, url }));
    this.#watches.set(url, watch);
    return watch;
  }

  /** One look for all that wait. */
  #findWritable(): Promise<string> {
    this.#looking ??= findWritable(this.#settings, this.#addresses.urls).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }
}

async function findWritable(settings: ConnectionSettings, urls: readonly string[]): Promise<string> {
  const open = async (url: string) => ({ url, ...(await connectTo({ ...settings, url }, true)) });
  const drop = ({ close }: Opened): void => void close().catch(() => undefined);
  const found = await firstWritable(urls, open, drop);
  drop(found);
  return found.url;
}
