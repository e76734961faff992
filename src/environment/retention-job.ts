import type { EventStore } from '../events/event-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { faultText } from '../kernel/fault-text.ts';
import type { Log } from '../kernel/log.ts';
import { eraseRejected, type Rejection, type RetentionDeps } from '../recruiting/person/retention.ts';

const hour = 60 * 60 * 1000;
const page = 500;

/** When each candidate was rejected, as the events tell. */
export async function* rejectionsOf(events: EventStore): AsyncGenerator<Rejection> {
  let after = 0;
  for (;;) {
    const found = await events.events({ after, limit: page });
    for (const { type, time, data, position } of found) {
      after = position;
      if (type !== 'candidate.notHired' && type !== 'candidate.dismissed') continue;
      yield { candidateId: candidateOf(data), time };
    }
    if (found.length < page) return;
  }
}

/** INVARIANT: events of candidates name them (`recruiting/process/announce.ts`). */
const candidateOf = (data: string): string =>
  (JSON.parse(data) as { candidateToHireEntityId: string }).candidateToHireEntityId;

/** Erases rejected candidates whose time has come, every hour. Gives how to end it. */
export function startRetention(
  deps: Omit<RetentionDeps, 'rejections'> & { readonly events: EventStore },
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = eraseRejected({ ...deps, rejections: () => rejectionsOf(deps.events) }, clock())
      .then((erased) => {
        if (erased > 0) log.info('rejected candidates were erased', { people: erased });
      })
      .catch((error: unknown) => log.warn('rejected candidates were not erased', { reason: faultText(error) }));
  }, hour).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
