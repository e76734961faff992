import type { HttpResponse, Surface } from '../kernel/http.ts';

/** Names the process that answered. */
const workerHeader = 'x-portvakt-worker';

export interface CurrentSurfaceDeps {
  readonly surface: Surface;
  /** Is everything in force here that other processes have changed until a second ago? */
  readonly isCurrent: () => boolean | Promise<boolean>;
  /** Number of this process. */
  readonly number: number;
}

/**
 * INVARIANT: a process that may not know what others have changed decides nothing: the request waits until it knows, or is
 * refused. Whether the process lives, and what it has counted, is no decision.
 */
export function createCurrentSurface({ surface, isCurrent, number }: CurrentSurfaceDeps): Surface {
  return async (request) => {
    const isKnown = isCurrent();
    const mayAnswer = isKnown === true || decidesNothing.test(request.url) || (await isKnown);
    const answer = mayAnswer ? await surface(request) : notCurrent();
    answer.headers[workerHeader] = String(number);
    return answer;
  };
}

const decidesNothing = /^\/(?:healthz|metrics)(?:\?|$)/;

const notCurrent = (): HttpResponse =>
  refusal('what other worker processes have changed cannot be read, and nothing is decided without it; try again');

/**
 * INVARIANT: a server by itself that may not have its database for itself any more decides nothing: another server's changes
 * of rights would not reach it. `/readyz` tells why.
 */
export function createHeldSurface(surface: Surface, isHeld: () => boolean): Surface {
  return async (request) =>
    isHeld() || decidesNothing.test(request.url) || /^\/readyz(?:\?|$)/.test(request.url)
      ? surface(request)
      : refusal('the database may be in use by another server, and nothing is decided until that is known; try again');
}

const refusal = (message: string): HttpResponse => ({
  status: 503,
  headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0', 'Retry-After': '1' },
  body: JSON.stringify({ error: { code: '0x80040216', message } }),
});
