import { BoundedCache } from '../kernel/bounded-cache.ts';
import { networkOf } from '../token/guess-throttle.ts';

/** Milliseconds by which clocks go back by themselves, and requests overtake each other. */
const setBackMs = 60_000;

/** Failures within the window after which nothing is checked until it ends. */
const attemptLimits = { windowSeconds: 900, pair: 5, address: 50, name: 100 } as const;

/** Names, addresses and pairs that are remembered at least; twice as many at most. */
const memory = 10_000;

interface Window {
  readonly end: number;
  count: number;
}

/**
 * Counts failed sign-ins. Passwords are chosen by people, so that guessing must be slow: unlike with the secrets of
 * applications (docs/decisions/0014), who has failed too often is not checked again. The first limit is for a name from one
 * address, so that a stranger elsewhere keeps nobody out; the one for a name from everywhere is high.
 */
export class SignInAttempts {
  readonly #windows = new BoundedCache<Window>(memory);
  readonly #share: number;

  /** @param processes that serve together, each of which allows its share */
  constructor(processes = 1) {
    this.#share = 1 / processes;
  }

  /** Seconds to wait before the next attempt is looked at; `undefined`: none. */
  wait(name: string | undefined, address: string, now: Date): number | undefined {
    const ends = this.#keys(name, address)
      .map(([key, limit]) => ({ window: this.#open(key, now), limit }))
      .filter(({ window, limit }) => window.count >= Math.max(1, limit * this.#share))
      .map(({ window }) => window.end);
    return ends.length === 0 ? undefined : Math.max(1, Math.ceil((Math.max(...ends) - now.getTime()) / 1000));
  }

  /** Before the check, so that attempts side by side are counted too; a right one gives its count back. */
  count(name: string | undefined, address: string, now: Date, by: 1 | -1 = 1): void {
    for (const [key] of this.#keys(name, address)) this.#open(key, now).count += by;
  }

  /** Without a name, as a passkey comes, the address alone counts. */
  #keys(name: string | undefined, address: string): readonly (readonly [string, number])[] {
    const network = networkOf(address);
    if (name === undefined) return [[`address ${network}`, attemptLimits.address]];
    const key = name.toLowerCase();
    return [
      [`pair ${network} ${key}`, attemptLimits.pair],
      [`address ${network}`, attemptLimits.address],
      [`name ${key}`, attemptLimits.name],
    ];
  }

  #open(key: string, now: Date): Window {
    const known = this.#windows.get(key);
    const longest = now.getTime() + attemptLimits.windowSeconds * 1000;
    // One that ends later than any can was begun before the clock was set back, and would keep people out for as long.
    if (known !== undefined && known.end > now.getTime() && known.end <= longest + setBackMs) return known;
    const fresh = { end: longest, count: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
