import { IssuerError } from './issuer-error.ts';

/** Lets so many pieces of work run at a time; so many more wait, in order. */
export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** @throws IssuerError `busy` when too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#most) this.#running++;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Who waits takes over the place: the number of those that run stays.
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting) {
      throw new IssuerError('busy', 'too many issuers are being asked at this moment');
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
