import type { SqliteFile, SqliteStatement } from './binding.ts';
import { sqliteDialect } from './dialect.ts';

const counters = sqliteDialect.table('portvakt_counter');

/** Row versions are drawn from this counter. */
export const rowVersions = 'row version';

/**
 * Named counters. They count in memory and are written once for each commit, so a number that an undone job has drawn
 * is not given to another one.
 */
export class Counters {
  readonly #last = new Map<string, bigint>();
  readonly #changed = new Set<string>();
  readonly #read: SqliteStatement;
  readonly #write: SqliteStatement;

  constructor(file: SqliteFile) {
    this.#read = file.prepare(`select cast(value as text) from ${counters} where name = ?1`);
    this.#write = file.prepare(
      `insert into ${counters} (name, value) values (?1, ?2) on conflict (name) do update set value = excluded.value`,
    );
  }

  next(name: string, first: bigint): bigint {
    const last = this.#last.get(name) ?? this.#stored(name) ?? first - 1n;
    this.#last.set(name, last + 1n);
    this.#changed.add(name);
    return last + 1n;
  }

  /** Writes the counters into the open transaction. */
  write(): void {
    for (const name of this.#changed) this.#write.change([name, this.#last.get(name) ?? 0n]);
  }

  /** The transaction is on disk. */
  written(): void {
    this.#changed.clear();
  }

  #stored(name: string): bigint | undefined {
    const row = this.#read.row([name]);
    return row === undefined ? undefined : BigInt(String(row[0]));
  }
}
