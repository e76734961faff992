import type { SqliteFile } from './binding.ts';

/**
 * The transaction of a connection that reads: reads of one turn of the event loop share it. Beginning and ending one asks
 * the operating system for locks, which costs more than a read by id does.
 *
 * INVARIANT: whoever commits calls `end`, so that nothing is read that is older than what was committed here.
 */
export class ReadTurn {
  readonly #file: SqliteFile;
  #isOpen = false;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  /** Call before a read. */
  begin(): void {
    if (this.#isOpen) return;
    this.#file.begin();
    this.#isOpen = true;
    setImmediate(this.end);
  }

  readonly end = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#file.end();
    } catch {
      // Nothing is lost by it, and the next read tells if the file is.
      if (this.#file.inTransaction) this.#file.run('rollback');
    }
  };
}
