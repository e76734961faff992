/** Trying roles is long work on the one thread that answers requests: others get their turn in between. */
export const giveTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
