/** Milliseconds before a worker that ended is started again: longer each time it ends soon after its start. */
export class BackOff {
  #failures = 0;

  /** @param livedMs how long the worker answered; 0 when it never did */
  next(livedMs: number): number {
    if (livedMs >= stableMs) this.#failures = 0;
    const wait = Math.min(shortestMs * 2 ** this.#failures, longestMs);
    this.#failures += 1;
    return wait;
  }
}

const shortestMs = 100;
const longestMs = 10_000;
const stableMs = 30_000;
