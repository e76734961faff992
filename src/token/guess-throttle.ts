import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { ClientId } from '../kernel/ids.ts';

/**
 * Failed proofs that are answered as what they are within one window; beyond them the answer is 429. Guesses: high enough
 * for a client that is set up by trial and error, low enough to be noticed.
 */
export const guessLimits = {
  windowSeconds: 60,
  /** For one client from one address. */
  pair: 20,
  /** For all clients from one address. */
  address: 100,
  /** For one client from all addresses. */
  client: 200,
} as const;

/** Milliseconds by which clocks go back by themselves, and requests overtake each other. */
const setBackMs = 60_000;

/** Addresses, and pairs of client and address, that are remembered at least; twice as many at most, some 150 bytes each. */
const memory = 10_000;

/**
 * Counts failed proofs of who a client is.
 *
 * INVARIANT: it is asked after a proof has failed, never before: a right credential is always accepted, from any address,
 * whoever else is guessing. That guessing is hopeless does not rest on this class but on the length of secrets and keys
 * (decision 9); it keeps the answers cheap, tells clients in a loop to wait, and makes the attempt visible.
 */
export class GuessThrottle {
  readonly #pairs = new BoundedCache<Window>(memory);
  readonly #addresses = new BoundedCache<Window>(memory);
  // Of registered clients only, so strangers cannot push one out by inventing others.
  readonly #clients = new BoundedCache<Window>(memory);

  readonly #share: number;

  /** @param processes that serve together, each of which allows its share */
  constructor(processes = 1) {
    this.#share = 1 / processes;
  }

  /** How many windows are remembered. */
  get size(): number {
    return this.#pairs.size + this.#addresses.size + this.#clients.size;
  }

  /**
   * Counts a failure.
   * @param client the registered application that was named, if there is one
   * @returns seconds to wait, when it is one too many
   */
  countFailure(client: ClientId | undefined, address: string, now: Date): number | undefined {
    const network = networkOf(address);
    const windows = [
      { window: open(this.#addresses, network, now), limit: guessLimits.address },
      ...(client === undefined
        ? []
        : [
            { window: open(this.#pairs, `${client} ${network}`, now), limit: guessLimits.pair },
            { window: open(this.#clients, client, now), limit: guessLimits.client },
          ]),
    ];
    for (const { window } of windows) window.count++;
    const ends = windows
      .filter(({ window, limit }) => window.count > limit * this.#share)
      .map(({ window }) => window.end);
    return ends.length === 0 ? undefined : Math.max(1, Math.ceil((Math.max(...ends) - now.getTime()) / 1000));
  }
}

interface Window {
  /** Milliseconds since 1970. */
  readonly end: number;
  count: number;
}

function open(windows: BoundedCache<Window>, key: string, now: Date): Window {
  const known = windows.get(key);
  const longest = now.getTime() + guessLimits.windowSeconds * 1000;
  // One that ends later than any can was begun before the clock was set back.
  if (known !== undefined && known.end > now.getTime() && known.end <= longest + setBackMs) return known;
  const fresh = { end: longest, count: 0 };
  windows.set(key, fresh);
  return fresh;
}

/** An IPv4 address; of an IPv6 address the first 64 bits, since whoever has one has all the others behind them. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
