import { inTime, late } from '../../../kernel/in-time.ts';
import type { SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import { type Connection, type ConnectionSettings, connect, executeOnce, type Opened, presenceMs } from './binding.ts';

/** One connection that is made again whenever it breaks. */
export class KeptConnection {
  readonly #settings: ConnectionSettings;
  readonly #onOpen: (connection: Connection) => Promise<void>;
  #opening: Promise<Opened> | undefined;
  #closed = false;

  /** @param onOpen what is done first on each new connection */
  constructor(settings: ConnectionSettings, onOpen: (connection: Connection) => Promise<void>) {
    this.#settings = settings;
    this.#onOpen = onOpen;
  }

  /** Runs a statement; after any failure the next one has a new connection. */
  async run(sql: string, values: readonly SqlValue[] = []): Promise<RawRows> {
    if (this.#closed) throw new Error('the connection is closed');
    this.#opening ??= this.#open();
    const opening = this.#opening;
    try {
      const rows = await inTime(
        opening.then(({ connection }) => executeOnce(connection, sql, values)),
        presenceMs,
      );
      if (rows === late) throw new Error('the server did not answer in time');
      return rows;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      void opening.then((opened) => opened.close()).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.close();
  }

  async #open(): Promise<Opened> {
    const opened = await connect(this.#settings);
    await this.#onOpen(opened.connection);
    return opened;
  }
}
