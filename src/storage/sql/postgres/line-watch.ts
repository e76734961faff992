/** A connection to the server, as the watch sees it. */
export interface Line {
  /** Is an answer awaited? */
  readonly isWaiting: boolean;
  /** Bytes that have come over it so far. */
  readonly received: number;
  /** The server's process that works for it; `undefined` where that cannot be known, as behind a pooler. */
  readonly process: number | undefined;
  /** Ends it: what waits for an answer fails. */
  cut(): void;
}

/**
 * Asks the server, over a connection of its own, which of its processes are at work. Rejects when it cannot be reached;
 * resolves with `undefined` when it answers but does not say.
 */
export type AskServer = (processes: readonly number[]) => Promise<ReadonlySet<number> | undefined>;

/** Milliseconds between looks; after which silence is suspicious; and for which an answer may still be on its way. */
export interface Patience {
  readonly look: number;
  readonly silence: number;
  readonly onItsWay: number;
}

const usual: Patience = { look: 1000, silence: 3000, onItsWay: 300 };

interface Seen {
  received: number;
  /** Moment (`performance.now()`) since which an answer is awaited and nothing has come. */
  since: number;
}

/**
 * Finds connections whose server or network is gone without a word: a time limit of the server's is no help then, and the
 * operating system takes a quarter of an hour. Silence alone proves nothing, since a statement may take long: the server
 * is asked whether it is at work on it. One that does not answer, or knows nothing of the statement, is lost.
 */
export class LineWatch {
  readonly #ask: AskServer;
  readonly #patience: Patience;
  readonly #lines = new Map<Line, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(ask: AskServer, patience: Patience = usual) {
    this.#ask = ask;
    this.#patience = patience;
  }

  /** Watches a line until the end that it gives. */
  add(line: Line): () => void {
    this.#lines.set(line, { received: line.received, since: performance.now() });
    this.#timer ??= setInterval(() => void this.#look(), this.#patience.look).unref();
    return () => {
      this.#lines.delete(line);
      if (this.#lines.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #look(): Promise<void> {
    const silent = this.#silent(this.#patience.silence);
    if (silent.length === 0 || this.#asking) return;
    this.#asking = true;
    try {
      const lost = await this.#lostOf(silent);
      // What was under way when the server was asked comes first.
      await new Promise((resolve) => setTimeout(resolve, this.#patience.onItsWay));
      const still = new Set(this.#silent(this.#patience.silence));
      for (const line of lost) if (still.has(line)) line.cut();
    } finally {
      this.#asking = false;
    }
  }

  /** Those that have been waiting for so many milliseconds without a byte. */
  #silent(milliseconds: number): readonly Line[] {
    const now = performance.now();
    const found: Line[] = [];
    for (const [line, seen] of this.#lines) {
      if (line.isWaiting && line.received === seen.received) {
        if (now - seen.since >= milliseconds) found.push(line);
      } else Object.assign(seen, { received: line.received, since: now });
    }
    return found;
  }

  async #lostOf(silent: readonly Line[]): Promise<readonly Line[]> {
    const processes = silent.flatMap(({ process }) => process ?? []);
    let working: ReadonlySet<number> | undefined;
    try {
      working = await this.#ask(processes);
    } catch {
      return silent;
    }
    const isLost = ({ process }: Line): boolean =>
      working !== undefined && process !== undefined && !working.has(process);
    // Those that are at work are asked about again after as long a silence.
    for (const line of silent)
      if (!isLost(line)) this.#lines.set(line, { received: line.received, since: performance.now() });
    return silent.filter(isLost);
  }
}
