import type { Clock } from '../kernel/clock.ts';
import type { Guid } from '../kernel/ids.ts';

/** Who asks, as query functions know them (`EqualUserId`). */
export interface Asker {
  readonly userId: Guid;
  readonly businessUnitId: Guid;
  /** Business units of the user's security roles, each once. */
  readonly roleBusinessUnitIds: readonly Guid[];
  readonly teamIds: readonly Guid[];
}

/** Who asks, and when. One per request: it remembers whether the meaning of the request depends on it. */
export class Asking {
  readonly #clock: Clock;
  readonly #askerOf: () => Asker | undefined;
  #used = false;

  constructor(clock: Clock, askerOf: () => Asker | undefined) {
    this.#clock = clock;
    this.#askerOf = askerOf;
  }

  get now(): Date {
    this.#used = true;
    return this.#clock();
  }

  /** `undefined` where nobody known asks. */
  get asker(): Asker | undefined {
    this.#used = true;
    return this.#askerOf();
  }

  /** Would the same request of somebody else, or at another time, be another query? Then it must not be remembered. */
  get used(): boolean {
    return this.#used;
  }
}
