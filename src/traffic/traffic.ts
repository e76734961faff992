import type { AuditEntry } from '../kernel/audit.ts';
import type { ResponseSink } from '../kernel/http.ts';
import type { EnvironmentId } from '../kernel/ids.ts';
import type { Probe } from '../kernel/probe.ts';
import { type LimitUse, type TrafficShape, trafficOf } from './traffic-shape.ts';

export interface TrafficOptions {
  /** Processes that serve together: each tells of its own requests. */
  readonly workers: number;
  /** Milliseconds between rates; default 2000. */
  readonly ratesEvery?: number;
  /** Milliseconds after which a reader must ask again, so that its rights are looked at; default a minute. */
  readonly readFor?: number;
}

export const trafficLimits = {
  /** Readers of one process at a time. */
  readers: 20,
  /** Bytes that a reader may be behind. What comes meanwhile is lost to it, and it is told how much. */
  behind: 256 * 1024,
  /** Requests that are shown between two rates. All are in the rates. */
  shown: 200,
} as const;

/** What administrators see of the requests of one process, as they come. Costs nothing while nobody looks. */
export class Traffic {
  readonly #readers = new Set<Reader>();
  readonly #options: TrafficOptions;
  #limits: ShowLimits = () => undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** From now on rates have how much of their limits users have used, those nearest to theirs first. */
  showLimits(limits: ShowLimits): void {
    this.#limits = limits;
  }

  get readers(): number {
    return this.#readers.size;
  }

  get isFull(): boolean {
    return this.#readers.size >= trafficLimits.readers;
  }

  /** Tells `sink` of requests, of one environment where one is named. Gives how to stop. */
  read(sink: ResponseSink, only: EnvironmentId | undefined): () => void {
    const reader = new Reader(sink, only, { ...this.#options, limits: () => this.#limits() });
    this.#readers.add(reader);
    const end = (): void => {
      this.#readers.delete(reader);
      reader.end();
    };
    const timer = setTimeout(end, this.#options.readFor ?? 60_000).unref();
    return () => {
      clearTimeout(timer);
      end();
    };
  }

  /** Tells all that it is told to `inner`, and of operations to whoever reads. */
  probe(inner: Probe): Probe {
    return {
      ...(inner.bind !== undefined && { bind: inner.bind }),
      http: (...told) => inner.http(...told),
      begin: (step) => inner.begin(step),
      step: (...told) => inner.step(...told),
      statement: (...told) => inner.statement(...told),
      answered: (entry, began) => {
        inner.answered(entry, began);
        if (this.#readers.size > 0) this.#tell(entry, began);
      },
    };
  }

  close(): void {
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #tell(entry: AuditEntry, began: number | undefined): void {
    // What the process asks of itself has no address; who looks is not what they look at.
    if (entry.remoteAddress === undefined || entry.message === 'watchTraffic') return;
    const shape = trafficOf(entry, began === undefined ? 0 : performance.now() - began);
    for (const reader of this.#readers) reader.note(shape, entry.environmentId);
  }
}

type ShowLimits = () => readonly LimitUse[] | undefined;

interface ReaderOptions extends TrafficOptions {
  readonly limits: ShowLimits;
}

/** One who looks, with what has come since the last rates. */
class Reader {
  readonly #sink: ResponseSink;
  readonly #only: EnvironmentId | undefined;
  readonly #options: ReaderOptions;
  readonly #timer: NodeJS.Timeout;
  #times: number[] = [];
  #bySurface: Record<string, number> = {};
  #counts = { requests: 0, refused: 0, faulted: 0 };
  #shown = 0;
  #lost = 0;
  #since = performance.now();

  constructor(sink: ResponseSink, only: EnvironmentId | undefined, options: ReaderOptions) {
    this.#sink = sink;
    this.#only = only;
    this.#options = options;
    this.#timer = setInterval(() => this.#rates(), options.ratesEvery ?? 2000).unref();
    sink.write(': requests as they come\n\n');
  }

  note(shape: TrafficShape, environmentId: EnvironmentId | undefined): void {
    if (this.#only !== undefined && environmentId !== this.#only) return;
    this.#counts.requests += 1;
    if (shape.outcome === 'faulted') this.#counts.faulted += 1;
    else if (shape.outcome !== 'allowed') this.#counts.refused += 1;
    this.#bySurface[shape.surface] = (this.#bySurface[shape.surface] ?? 0) + 1;
    if (this.#times.length < 5000) this.#times.push(shape.ms);
    if (this.#shown >= trafficLimits.shown) this.#lost += 1;
    else {
      this.#shown += 1;
      this.#send('request', shape);
    }
  }

  end(): void {
    clearInterval(this.#timer);
    this.#sink.end();
  }

  #rates(): void {
    const now = performance.now();
    const times = this.#times.sort((one, other) => one - other);
    const at = (share: number): number => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 100) / 100;
    const limits = this.#options.limits();
    if (this.#lost > 0 && this.#send('lost', { count: this.#lost })) this.#lost = 0;
    this.#send('rates', {
      time: new Date().toISOString(),
      seconds: Math.round(now - this.#since) / 1000,
      ...this.#counts,
      ...{ p50: at(0.5), p95: at(0.95), bySurface: this.#bySurface, workers: this.#options.workers },
      ...(limits !== undefined && this.#only === undefined && { limits }),
    });
    this.#times = [];
    this.#bySurface = {};
    this.#counts = { requests: 0, refused: 0, faulted: 0 };
    this.#shown = 0;
    this.#since = now;
  }

  /** `false`: the reader is too far behind, and it is lost. */
  #send(event: string, data: object): boolean {
    if (this.#sink.waiting > trafficLimits.behind) {
      this.#lost += 1;
      return false;
    }
    this.#sink.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    return true;
  }
}
