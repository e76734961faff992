import type { Log } from './kernel/log.ts';
import type { HoldWatcher } from './storage/hold-server.ts';

/** Tells operators how the lock on the database fares. `fault` resolves when another server has taken it. */
export function watchHold(log: Log): { readonly watcher: HoldWatcher; readonly fault: Promise<Error> } {
  let taken: HoldWatcher['taken'] = () => undefined;
  const fault = new Promise<Error>((resolve) => {
    taken = resolve;
  });
  const watcher: HoldWatcher = {
    lost: (why) => log.warn('the lock that keeps other servers off the database is lost', { why }),
    retaken: () => log.info('the lock that keeps other servers off the database is taken again'),
    taken,
  };
  return { watcher, fault };
}
