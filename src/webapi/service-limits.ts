import type { Clock } from '../kernel/clock.ts';
import { type Problem, Refusal } from '../kernel/refusal.ts';
import { type Used, windowSeconds } from '../kernel/sliding-window.ts';
import { type LimitFigures, scaleFigures, UsageLimits } from '../kernel/usage-limits.ts';

/** The vendor's defaults for each web server (dataverse-web-api 5). */
const vendorFigures: LimitFigures = { requests: 6000, executionTime: 1_200_000, concurrent: 52 };

/** The vendor's figures times `factor`, each at least 1. */
export const scaledLimits = (factor: number): LimitFigures => scaleFigures(vendorFigures, factor);

/** Seconds to wait when too many requests run at a time; the vendor publishes none. */
const concurrencyWait = 1;

/** What is left to a user, as headers of an answer. */
export type RateHeaders = Readonly<Record<string, string>>;

/** A request that is being carried out; `end` once it is not any more, whatever became of it. */
export interface RunningRequest {
  /** Lets go of its place and counts its time. Gives the headers of the answer. */
  end(): RateHeaders;
}

/** How much of what it may a user has used within the window. */
export interface NearestUser {
  readonly userId: string;
  readonly requests: number;
  readonly requestsAllowed: number;
  readonly seconds: number;
  readonly secondsAllowed: number;
}

/**
 * Service-protection limits of the Web API (dataverse-web-api 5). Every request counts, refused ones too. A batch is one
 * request; its whole time counts.
 */
export class ServiceLimits {
  readonly #limits: UsageLimits;

  constructor(figures: LimitFigures, clock: Clock) {
    this.#limits = new UsageLimits(figures, clock);
  }

  /** Users that are remembered. */
  get size(): number {
    return this.#limits.size;
  }

  /** Those who have used most of what they may, and how much, most first. */
  nearest(count: number): readonly NearestUser[] {
    const { requests: requestsAllowed, executionTime } = this.#limits.figures;
    const share = ({ requests, seconds }: NearestUser): number =>
      Math.max(requests / requestsAllowed, (seconds * 1000) / executionTime);
    return [...this.#limits.used()]
      .map(([key, { requests, time }]) => ({
        userId: key.slice(key.indexOf(' ') + 1),
        ...{ requests, requestsAllowed, seconds: time / 1000, secondsAllowed: executionTime / 1000 },
      }))
      .sort((one, other) => share(other) - share(one))
      .slice(0, count);
  }

  /** Counts a request of the user whom `key` names. @throws Refusal (429) when it is one too many */
  begin(key: string): RunningRequest {
    const { figures } = this.#limits;
    const begun = this.#limits.begin(key);
    if ('end' in begun) return { end: () => headersOf(figures, begun.end()) };
    const { limit, wait = concurrencyWait, used } = begun;
    const headers = { ...headersOf(figures, used), 'Retry-After': String(wait) };
    throw new Refusal('limit', limitProblems[limit](figures[limit]), undefined, headers).because({
      condition: 'service-limits',
      data: { limit, figure: String(figures[limit]), waitSeconds: String(wait) },
    });
  }
}

/** The time as the real product writes it: seconds with two decimals and a mark for thousands. */
const headersOf = (figures: LimitFigures, used: Used): RateHeaders => ({
  'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, figures.requests - used.requests)),
  'x-ms-ratelimit-time-remaining-xrm-requests': seconds.format(Math.max(0, figures.executionTime - used.time) / 1000),
});

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
