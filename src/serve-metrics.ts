import type { Config } from './config.ts';
import { listen } from './http/listener.ts';
import type { Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import { messageOf } from './kernel/message-of.ts';
import { type Family, gauges, joinWorkers } from './metrics/families.ts';
import { closedMetrics, createMetricsSurface } from './metrics/surface.ts';
import { StartError } from './start-error.ts';
import type { Reports } from './workers/reports.ts';

type Collect = () => Promise<readonly Family[]>;

/** `/metrics` at the server's own address: for who has the token, or for nobody. */
export const metricsSurface = ({ metrics: { token } }: Config, collect: Collect): Surface =>
  token === undefined ? closedMetrics : createMetricsSurface({ token, collect });

/**
 * The metrics of all workers, each number with its worker. What the processes of one server count stays apart, so that one
 * that ends and begins at 0 again is told from one that counts backwards.
 */
export function familiesOfWorkers(reports: Reports, count: number): readonly Family[] {
  const up = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [String(at + 1), reports.has(at + 1) ? 1 : 0]),
  );
  const families = new Map([...reports].map(([worker, report]) => [worker, parseFamilies(report)]));
  return [
    gauges('portvakt_worker_up', '1 for a worker that has told its numbers', 'worker', up),
    ...joinWorkers(families),
  ];
}

/** What a worker reported; it is this program. */
const parseFamilies = (report: unknown): readonly Family[] => report as readonly Family[];

const loopback = /^(?:127\.|::1$|localhost$)/;

/**
 * Answers `/metrics` at an address of its own, where one is set. Gives how to stop.
 * @throws StartError when the address cannot be had
 */
export async function openMetricsDoor({ metrics }: Config, collect: Collect, log: Log): Promise<() => Promise<void>> {
  const { address, token } = metrics;
  if (address === undefined) return async () => undefined;
  const { host, port } = address;
  if (token === undefined && !loopback.test(host)) {
    log.warn('whoever reaches the address of the metrics may read them: set PORTVAKT_METRICS_TOKEN_FILE', { host });
  }
  try {
    const surface = createMetricsSurface({ token, collect });
    const listener = await listen({ host, port, tls: undefined, surface, log, mostRequests: 20, mostConnections: 100 });
    log.info('metrics', { url: `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}/metrics` });
    return () => listener.close();
  } catch (error) {
    const reason = messageOf(error);
    throw new StartError(`PORTVAKT_METRICS_ADDRESS cannot be listened on: ${reason}`);
  }
}
