import type { TimedEntry } from './lines.ts';
import { type Pack, packOf } from './pack.ts';

/** An entry as it is given to the log. */
interface Waiting extends TimedEntry {
  /** Absent for what nobody waits for. */
  readonly settle?: Settle;
}

/** Somebody who waits for an entry to be on disk. */
interface Settle {
  resolve(): void;
  reject(error: unknown): void;
}

/** Entries that are written together, and who waits for them. */
export interface WaitingPack extends Pack {
  readonly settles: readonly Settle[];
}

/** Entries in a pack: few enough that they are still young when they are packed, and that packing them delays nobody. */
const packLimit = 64;

/** Entries in the order in which they were given, packed as they come. */
export class WaitingEntries {
  #packs: WaitingPack[] = [];
  #packed = 0;
  #loose: Waiting[] = [];
  #awaited = 0;

  get length(): number {
    return this.#packed + this.#loose.length;
  }

  /** Of them: those that somebody waits for. */
  get awaited(): number {
    return this.#awaited;
  }

  /** Of them: those that nobody waits for. */
  get notes(): number {
    return this.length - this.#awaited;
  }

  push(waiting: Waiting): void {
    if (this.#loose.push(waiting) >= packLimit) this.#pack();
    if (waiting.settle !== undefined) this.#awaited += 1;
  }

  /** Takes the oldest out: `limit` or a pack more, or all. */
  take(limit: number): WaitingPack[] {
    this.#pack();
    let count = 0;
    const end = this.#packs.findIndex((pack) => {
      count += pack.count;
      return count >= limit;
    });
    const taken = this.#packs.splice(0, end < 0 ? this.#packs.length : end + 1);
    for (const pack of taken) {
      this.#packed -= pack.count;
      this.#awaited -= pack.settles.length;
    }
    return taken;
  }

  #pack(): void {
    if (this.#loose.length === 0) return;
    const group = this.#loose;
    this.#loose = [];
    this.#packed += group.length;
    this.#packs.push({ ...packOf(group), settles: group.flatMap(({ settle }) => settle ?? []) });
  }
}
