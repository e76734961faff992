/**
 * The other processes that serve the same installation. A process by itself has none (`noPeers`); several share a
 * PostgreSQL database, through which they hear of each other's changes.
 */
export interface Peers {
  /** Processes that serve together, this one included. */
  readonly count: number;
  /**
   * Runs a job while no other process runs one of the same name, when everything that others have changed before is in
   * force here.
   */
  alone<T>(name: string, job: () => Promise<T>): Promise<T>;
  /** Says to the others that this process uses one state of something, such as the third model, until it lets go of it. */
  hold(what: string, state: number): Hold;
  /** Resolves when no other process uses a state before this one, or after `longestMs`. */
  released(what: string, before: number, longestMs: number): Promise<void>;
  /** Changes a text that all share, one process after the other. `undefined`: it was never set. */
  share<T>(name: string, job: (text: string | undefined) => Shared<T>): Promise<T>;
  /** Is this the first time that any of them asks with this name? It is remembered until `until`. */
  isFirst(name: string, until: Date, now: Date): Promise<boolean>;
}

export interface Hold {
  release(): void;
}

/** What a shared text becomes, and what the change gives. */
export interface Shared<T> {
  readonly text: string;
  readonly result: T;
}

/** For a process that serves alone. */
export function noPeers(): Peers {
  const texts = new Map<string, string>();
  const asked = new Map<string, Date>();
  const last = new Map<string, Promise<unknown>>();
  return {
    count: 1,
    alone(name, job) {
      const mine = (last.get(name) ?? Promise.resolve()).then(job);
      const ended = mine.catch(() => undefined);
      last.set(name, ended);
      return mine;
    },
    hold: () => ({ release: () => undefined }),
    released: () => Promise.resolve(),
    async share(name, job) {
      const { text, result } = job(texts.get(name));
      texts.set(name, text);
      return result;
    },
    async isFirst(name, until, now) {
      const known = asked.get(name);
      if (known !== undefined && known > now) return false;
      asked.set(name, until);
      return true;
    },
  };
}
