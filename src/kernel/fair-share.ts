/** More wait already than may. */
export class ShareFull extends Error {
  constructor() {
    super('too many requests wait already');
    this.name = 'ShareFull';
  }
}

interface Share {
  running: number;
  /** Begun since the event loop has last looked at its sockets. */
  begun: number;
  readonly waiting: (() => void)[];
}

export interface ShareLimits {
  /** Jobs of one of them that run at once. */
  readonly most: number;
  /** Jobs of one of them that begin before the event loop looks at its sockets again: with a database in the process a job may be done at once. */
  readonly mostATurn: number;
  /** Jobs of one of them that wait. */
  readonly longest: number;
}

/**
 * Lets several use one process side by side: each has only so many jobs at work at once, and the others of its jobs wait.
 * So nobody's job waits behind more than a few of each of the others, however many those have sent.
 */
export class FairShare {
  readonly #limits: ShareLimits;
  readonly #shares = new Map<string, Share>();
  #isTurnDue = false;

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** Runs a job in the share of `who`. Rejects with `ShareFull` when too many of its jobs wait. */
  async run<T>(who: string, job: () => Promise<T>): Promise<T> {
    const share = this.#shares.get(who) ?? { running: 0, begun: 0, waiting: [] };
    this.#shares.set(who, share);
    if (share.waiting.length > 0 || !this.#hasRoom(share)) await this.#turn(share);
    else this.#begin(share);
    try {
      return await job();
    } finally {
      share.running--;
      this.#callTurn();
    }
  }

  #hasRoom({ running, begun }: Share): boolean {
    return running < this.#limits.most && begun < this.#limits.mostATurn;
  }

  #begin(share: Share): void {
    share.running++;
    share.begun++;
    this.#callTurn();
  }

  /** Resolves when the job has room. */
  #turn(share: Share): Promise<void> {
    if (share.waiting.length >= this.#limits.longest) return Promise.reject(new ShareFull());
    return new Promise((resolve) => share.waiting.push(resolve));
  }

  #callTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => {
      this.#isTurnDue = false;
      for (const [who, share] of this.#shares) this.#nextTurn(who, share);
    });
  }

  #nextTurn(who: string, share: Share): void {
    share.begun = 0;
    while (share.waiting.length > 0 && this.#hasRoom(share)) {
      const next = share.waiting.shift();
      this.#begin(share);
      next?.();
    }
    if (share.running === 0) this.#shares.delete(who);
  }
}
