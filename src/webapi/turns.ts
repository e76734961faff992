/** Milliseconds that a batch works before it lets other requests have a turn. */
const longestTurn = 20;

/** Keeps a long batch from holding up everybody else: rows of the embedded database come without waiting. */
export class Turns {
  #began = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.#began < longestTurn) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
