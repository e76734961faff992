import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileSchema, type SqliteFile } from './binding.ts';

const flush = promisify(fdatasync);

/**
 * The write-ahead log of an open database, flushed beside the event loop: a commit writes to it and returns, and a thread
 * asks the disk to keep it. SQLite itself flushes it before it carries pages over (`synchronous = normal`), so that
 * database and log are never at odds.
 */
export class WriteAheadLog {
  readonly #descriptor: number;

  /** `connection`: the one that writes to `file`, with the log there already. */
  constructor(connection: SqliteFile, file: string) {
    connection.run(`pragma ${fileSchema}.synchronous = normal`);
    // SQLite takes no lock on the log: opening it a second time, and closing it, is harmless.
    this.#descriptor = openSync(`${file}-wal`, 'r+');
  }

  /** Resolves when all that was committed before is on disk. */
  flush(): Promise<void> {
    return flush(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
