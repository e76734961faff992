import type { Clock } from '../kernel/clock.ts';
import { type Problem, Refusal } from '../kernel/refusal.ts';
import { SlidingWindow, windowSeconds } from './sliding-window.ts';

/** What one user may use within five minutes, and at a time. */
export interface LimitFigures {
  readonly requests: number;
  /** Milliseconds of all requests together. */
  readonly executionTime: number;
  readonly concurrent: number;
}

/** The vendor's defaults for each web server (dataverse-web-api 5). */
const vendorFigures: LimitFigures = { requests: 6000, executionTime: 1_200_000, concurrent: 52 };

/** The vendor's figures times `factor`, each at least 1. */
export function scaledLimits(factor: number): LimitFigures {
  const scaled = (figure: number): number => Math.max(1, Math.round(figure * factor));
  return {
    requests: scaled(vendorFigures.requests),
    executionTime: scaled(vendorFigures.executionTime),
    concurrent: scaled(vendorFigures.concurrent),
  };
}

/** Seconds to wait when too many requests run at a time; the vendor publishes none. */
const concurrencyWait = 1;

/** What is left to a user, as headers of an answer. */
export type RateHeaders = Readonly<Record<string, string>>;

/** A request that is being carried out; `end` once it is not any more, whatever became of it. */
export interface RunningRequest {
  /** Lets go of its place and counts its time. Gives the headers of the answer. */
  end(): RateHeaders;
}

/**
 * Service-protection limits of the Web API (dataverse-web-api 5): each user has a number of requests and an execution
 * time in a sliding window of five minutes, and a number of requests at a time. Every request counts, refused ones too,
 * so that who does not wait waits longer. A batch is one request; its whole time counts.
 *
 * Held in memory by this process: a user who has sent nothing for a window is forgotten.
 */
export class ServiceLimits {
  readonly #figures: LimitFigures;
  readonly #clock: Clock;
  readonly #usages = new Map<string, Usage>();
  #swept = 0;

  constructor(figures: LimitFigures, clock: Clock) {
    this.#figures = figures;
    this.#clock = clock;
  }

  /** Users that are remembered. */
  get size(): number {
    return this.#usages.size;
  }

  /** Counts a request of the user whom `key` names. @throws Refusal (429) when it is one too many */
  begin(key: string): RunningRequest {
    const began = this.#clock().getTime();
    this.#sweep(began);
    const usage = this.#usageOf(key, began);
    usage.window.addRequest();
    this.#refuseExcess(usage);
    usage.running++;
    let headers: RateHeaders | undefined;
    return {
      end: () => {
        headers ??= this.#end(usage, began);
        return headers;
      },
    };
  }

  #end(usage: Usage, began: number): RateHeaders {
    const now = this.#clock().getTime();
    usage.running--;
    usage.window.moveTo(now);
    usage.window.addTime(Math.max(0, now - began));
    return this.#headersOf(usage.window);
  }

  #usageOf(key: string, now: number): Usage {
    const known = this.#usages.get(key);
    const usage = known ?? { window: new SlidingWindow(), running: 0 };
    if (known === undefined) this.#usages.set(key, usage);
    usage.window.moveTo(now);
    return usage;
  }

  #refuseExcess({ window, running }: Usage): void {
    const { requests, executionTime, concurrent } = this.#figures;
    if (window.requests > requests) throw this.#refusal(window, limitProblems.requests(requests));
    if (window.time > executionTime) throw this.#refusal(window, limitProblems.executionTime(executionTime));
    if (running < concurrent) return;
    const headers = { ...this.#headersOf(window), 'Retry-After': String(concurrencyWait) };
    throw new Refusal('limit', limitProblems.concurrent(concurrent), undefined, headers);
  }

  /** Who waits as long as it says finds room under both limits of the window. */
  #refusal(window: SlidingWindow, problem: Problem): Refusal {
    const { requests, executionTime } = this.#figures;
    const wait = window.secondsUntil((left) => left.requests < requests && left.time <= executionTime);
    return new Refusal('limit', problem, undefined, { ...this.#headersOf(window), 'Retry-After': String(wait) });
  }

  /** The time as the real product writes it: seconds with two decimals and a mark for thousands. */
  #headersOf(window: SlidingWindow): RateHeaders {
    const { requests, executionTime } = this.#figures;
    return {
      'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, requests - window.requests)),
      'x-ms-ratelimit-time-remaining-xrm-requests': seconds.format(Math.max(0, executionTime - window.time) / 1000),
    };
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

const seconds = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const thousands = new Intl.NumberFormat('en-US');

/** Each limit as its refusal; the texts are the real product's. */
const limitProblems = {
  requests: (limit: number): Problem => ({
    status: 429,
    code: '0x80072322',
    message: `Number of requests exceeded the limit of ${limit} over time window of ${windowSeconds} seconds.`,
  }),
  executionTime: (limit: number): Problem => ({
    status: 429,
    code: '0x80072321',
    message: `Combined execution time of incoming requests exceeded limit of ${thousands.format(limit)} milliseconds over time window of ${windowSeconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`,
  }),
  concurrent: (limit: number): Problem => ({
    status: 429,
    code: '0x80072326',
    message: `Number of concurrent requests exceeded the limit of ${limit}.`,
  }),
} as const satisfies Record<keyof LimitFigures, (limit: number) => Problem>;
