/**
 * Keeps what was made for a key, at most twice `limit` of them. What is used stays: entries move between two
 * generations, and the older one is dropped whole, so that a hit costs a single look-up.
 */
export class BoundedCache<T> {
  readonly #limit: number;
  readonly #dropped: (count: number) => void;
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  /** `dropped` is told how many entries have just been let go of. */
  constructor(limit: number, dropped: (count: number) => void = () => undefined) {
    this.#limit = limit;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): T | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, old);
    return old;
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#limit) {
      this.#dropped(this.#old.size);
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
