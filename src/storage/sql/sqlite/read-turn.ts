import type { SqliteFile } from './binding.ts';

/** Milliseconds after which a transaction that only reads is ended, so that a quiet server holds nothing. */
const longestTurn = 5;

/**
 * The transaction of a connection that reads: reads that follow each other share it. Beginning and ending one asks
 * the operating system for locks, which costs more than a read by id does.
 *
 * INVARIANT: whoever commits calls `end` right before, so that nothing is read that is older than what was committed here,
 * and the write-ahead log can be carried over and begun anew, which a transaction that reads keeps from happening.
 */
export class ReadTurn {
  readonly #file: SqliteFile;
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  /** Call before a read. */
  begin(): void {
    if (this.#isOpen) return;
    this.#file.begin();
    this.#isOpen = true;
    this.#timer = setTimeout(this.end, longestTurn);
  }

  readonly end = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    try {
      this.#file.end();
    } catch {
      // Nothing is lost by it, and the next read tells if the file is.
      if (this.#file.inTransaction) this.#file.run('rollback');
    }
  };
}
