import autocannon from 'autocannon';
import { cpuMicroseconds, type Running, residentMiB } from './processes.ts';

/** What one request of a measurement looks like. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Measurement {
  readonly perSecond: number;
  /** CPU microseconds of the server per request. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly residentMiB: number;
}

/** Sends one kind of request over 16 connections, or as many as are told, for some seconds. */
export async function measure(
  server: Running,
  origin: string,
  shot: Shot,
  seconds: number,
  connections = 16,
): Promise<Measurement> {
  const before = cpuMicroseconds(server.child.pid);
  const result = await autocannon({
    url: `${origin}${shot.path}`,
    method: shot.method,
    headers: shot.headers,
    ...(shot.body === undefined ? {} : { body: shot.body }),
    connections,
    duration: seconds,
    tlsOptions: { rejectUnauthorized: false },
  });
  const total = result.requests.total || 1;
  return {
    perSecond: result.requests.average,
    cpu: (cpuMicroseconds(server.child.pid) - before) / total,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx,
    residentMiB: residentMiB(server.child.pid),
  };
}

/** Middle of several rounds, by rate; errors of all rounds added up. */
export function median(rounds: readonly Measurement[]): Measurement {
  const sorted = [...rounds].sort((left, right) => left.perSecond - right.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('no rounds');
  return { ...middle, errors: rounds.reduce((sum, round) => sum + round.errors, 0) };
}
