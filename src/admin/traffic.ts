import type { ResponseSink } from '../kernel/http.ts';
import type { EnvironmentId } from '../kernel/ids.ts';
import type { AdminRoute } from './call.ts';
import { AdminRefusal } from './problems.ts';

/** Who can be told of requests as they come. */
export interface TrafficSource {
  /** Nobody more can look. */
  readonly isFull: boolean;
  /** Gives how to stop. */
  read(sink: ResponseSink, only: EnvironmentId | undefined): () => void;
}

/** Requests as they come: of the installation, or of the one environment that the caller administers. */
export const trafficRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'traffic',
    operationId: 'watchTraffic',
    summary:
      'Requests as they come, and rates every two seconds, as server-sent events; ends after a minute: ask again',
    access: 'read',
    isForEnvironment: true,
    success: { status: 200 },
    async run({ traffic, onlyEnvironment }) {
      if (traffic.isFull) throw new AdminRefusal('tooManyReaders', [], { headers: { 'Retry-After': '10' } });
      return { status: 200, stream: (sink) => traffic.read(sink, onlyEnvironment) };
    },
  },
];
