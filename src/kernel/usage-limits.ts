import type { Clock } from './clock.ts';
import { SlidingWindow, type Used, windowSeconds } from './sliding-window.ts';

/** What one user may use within five minutes, and at a time. */
export interface LimitFigures {
  readonly requests: number;
  /** Milliseconds of all requests together. */
  readonly executionTime: number;
  readonly concurrent: number;
}

/** Figures times `factor`, each at least 1. */
export function scaleFigures({ requests, executionTime, concurrent }: LimitFigures, factor: number): LimitFigures {
  const scaled = (figure: number): number => Math.max(1, Math.round(figure * factor));
  return { requests: scaled(requests), executionTime: scaled(executionTime), concurrent: scaled(concurrent) };
}

/** The limit that a request is one too many for. */
export interface Excess {
  readonly limit: keyof LimitFigures;
  /** Whole seconds after which there is room again; `undefined`: as soon as another request has ended. */
  readonly wait: number | undefined;
  readonly used: Used;
}

/** A request that is being carried out; `end` once it is not any more, whatever became of it. */
export interface RunningUse {
  /** Lets go of its place and counts its time. Gives what its user has used by now. */
  end(): Used;
}

/**
 * Counts what users take: requests and their time in a sliding window of five minutes, and requests at a time. Refused
 * requests count, so that who does not wait waits longer. Held in memory by this process; a user who has sent nothing for a
 * window is forgotten.
 */
export class UsageLimits {
  readonly figures: LimitFigures;
  readonly #clock: Clock;
  readonly #usages = new Map<string, Usage>();
  #swept = 0;

  constructor(figures: LimitFigures, clock: Clock) {
    this.figures = figures;
    this.#clock = clock;
  }

  /** Users that are remembered. */
  get size(): number {
    return this.#usages.size;
  }

  /** Counts a request of the user whom `key` names; gives the limit where it is one too many. */
  begin(key: string): RunningUse | Excess {
    const began = this.#clock().getTime();
    this.#sweep(began);
    const usage = this.#usageOf(key, began);
    usage.window.addRequest();
    const excess = this.#excessOf(usage);
    if (excess !== undefined) return excess;
    usage.running++;
    let used: Used | undefined;
    return {
      end: () => {
        used ??= this.#end(usage, began);
        return used;
      },
    };
  }

  /** What each user has used by now. */
  *used(): Iterable<readonly [string, Used]> {
    const now = this.#clock().getTime();
    for (const [key, { window }] of this.#usages) {
      window.moveTo(now);
      yield [key, usedOf(window)];
    }
  }

  #end(usage: Usage, began: number): Used {
    const now = this.#clock().getTime();
    usage.running--;
    usage.window.moveTo(now);
    usage.window.addTime(Math.max(0, now - began));
    return usedOf(usage.window);
  }

  #usageOf(key: string, now: number): Usage {
    const known = this.#usages.get(key);
    const usage = known ?? { window: new SlidingWindow(), running: 0 };
    if (known === undefined) this.#usages.set(key, usage);
    usage.window.moveTo(now);
    return usage;
  }

  #excessOf({ window, running }: Usage): Excess | undefined {
    const { requests, executionTime, concurrent } = this.figures;
    const used = usedOf(window);
    // Who waits as long as it says finds room under both limits of the window.
    const wait = () => window.secondsUntil((left) => left.requests < requests && left.time <= executionTime);
    if (used.requests > requests) return { limit: 'requests', wait: wait(), used };
    if (used.time > executionTime) return { limit: 'executionTime', wait: wait(), used };
    return running < concurrent ? undefined : { limit: 'concurrent', wait: undefined, used };
  }

  /** Once in a window; also when the clock was set back. */
  #sweep(now: number): void {
    if (Math.abs(now - this.#swept) < windowSeconds * 1000) return;
    this.#swept = now;
    for (const [key, { window, running }] of this.#usages) {
      window.moveTo(now);
      if (running === 0 && window.isEmpty) this.#usages.delete(key);
    }
  }
}

interface Usage {
  readonly window: SlidingWindow;
  running: number;
}

const usedOf = ({ requests, time }: SlidingWindow): Used => ({ requests, time });
