import { parseConfig } from '../../src/config.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Log } from '../../src/kernel/log.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { startWorkers } from './served-workers.ts';
import { way } from './way.ts';

/**
 * Starts a server with these environment variables, as this run of the tests has them: in this process, or as several
 * processes. Other processes have the system's clock: a test that sets another one gets a server in this process.
 */
export function serve(
  settings: Readonly<Record<string, string>>,
  log: Log,
  clock: Clock = systemClock,
): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const { workers } = way;
  const mayBeSeveral = settings['PORTVAKT_DATABASE_URL'] !== undefined && clock === systemClock;
  if (workers !== undefined && mayBeSeveral) return startWorkers(settings, workers, log);
  return startServer(parseConfig(settings), log, { clock });
}
