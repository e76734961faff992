import type { Log } from './kernel/log.ts';
import type { HoldWatcher } from './storage/hold-server.ts';

/**
 * Tells operators how the lock on the database fares, and whoever must know when it is lost, and when it is ours again.
 * `fault` resolves when another server has taken it.
 */
export function watchHold(
  log: Log,
  onChange: () => void = () => undefined,
): { readonly watcher: HoldWatcher; readonly fault: Promise<Error> } {
  let taken: HoldWatcher['taken'] = () => undefined;
  const fault = new Promise<Error>((resolve) => {
    taken = resolve;
  });
  const watcher: HoldWatcher = {
    lost: (why) => {
      onChange();
      log.warn('the lock that keeps other servers off the database is lost', { why });
    },
    retaken: () => {
      onChange();
      log.info('the lock that keeps other servers off the database is taken again');
    },
    taken,
  };
  return { watcher, fault };
}
