import { performance } from 'node:perf_hooks';
import { type Family, gauge, gauges, total } from './families.ts';
import { Histogram } from './series.ts';

/** Milliseconds between looks at how late the event loop is. */
const lookEvery = 100;
const lagBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What this process uses, and how late its event loop is. Ends with `close`. */
export class ProcessMetrics {
  readonly #lag = new Histogram(
    {
      name: 'portvakt_event_loop_lag_seconds',
      help: 'How much later than asked a timer came, ten times a second',
      labels: [],
    },
    lagBounds,
  );
  #due = performance.now() + lookEvery;
  readonly #timer = setInterval(() => this.#look(), lookEvery).unref();

  close(): void {
    clearInterval(this.#timer);
  }

  get families(): readonly Family[] {
    const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const { active } = performance.eventLoopUtilization();
    return [
      total('process_cpu_seconds_total', 'Processor time of the process', (user + system) / 1e6),
      gauge('process_start_time_seconds', 'When the process began, since 1970', performance.timeOrigin / 1000),
      gauge('process_resident_memory_bytes', 'Memory that the system has given to the process', rss),
      gauges('nodejs_memory_bytes', 'Memory as Node.js divides it', 'kind', {
        ...{ heap_total: heapTotal, heap_used: heapUsed, external, array_buffers: arrayBuffers },
      }),
      gauges('nodejs_active_resources', 'Timers, sockets and jobs of the process', 'kind', activeResources()),
      total('portvakt_event_loop_busy_seconds_total', 'Time in which the event loop had work to do', active / 1000),
      this.#lag.family,
    ];
  }

  #look(): void {
    const now = performance.now();
    this.#lag.add(Math.max(0, now - this.#due) / 1000);
    this.#due = now + lookEvery;
  }
}

function activeResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { Timeout: 0 };
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
