import type { Config } from './config.ts';
import { programVersion } from './program-version.ts';
import { routeClassOf } from './routes.ts';
import type { Tracing } from './tracing/tracing.ts';

/** Begins to record requests, where a collector is set. Else nothing is loaded. */
export async function beginTracing({ traces, databaseUrl }: Config): Promise<Tracing | undefined> {
  const { url, share } = traces;
  if (url === undefined) return undefined;
  const { startTracing } = await import('./tracing/tracing.ts');
  const database = databaseUrl === undefined ? 'sqlite' : 'postgresql';
  return startTracing({ url, share, database, version: programVersion(), routeOf: routeClassOf });
}
