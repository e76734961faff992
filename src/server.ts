import type { Config } from './config.ts';
import { type DataFolder, lockDataFolder, openDataFolder } from './data-folder.ts';
import { Installation } from './environment/installation.ts';
import { fill, renewFiles, welcomeOf } from './first-fill.ts';
import { silentAudit } from './kernel/audit.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { HttpResponse, Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import { createRoutes } from './routes.ts';
import { openListener } from './serve.ts';
import { openSurfaces } from './surfaces.ts';

/** A server that answers. */
export interface RunningServer {
  /** Origin of the first environment. */
  readonly url: string;
  /** The port that was bound; another one than the URL's behind a proxy. */
  readonly port: number;
  /** What the first start prints; `undefined` on later ones. */
  readonly welcome: string | undefined;
  /** Finishes requests in flight, then lets go of everything. */
  close(): Promise<void>;
}

/**
 * Opens everything, listens, fills a new installation, and answers when `/readyz` does.
 * @throws Error whose message is one line for the administrator when the set-up is at fault
 */
export async function startServer(config: Config, log: Log, clock: Clock = systemClock): Promise<RunningServer> {
  const folder = await openDataFolder(config.dataFolder);
  const databases = new Closing();
  const listeners = new Closing();
  const close = async (): Promise<void> => {
    await listeners.close();
    await databases.close();
  };
  try {
    if (config.databaseUrl !== undefined) databases.add(lockDataFolder(folder));
    const installation = await Installation.open(placeOf(config, folder), clock);
    databases.add(() => installation.close());
    const door: { surface: Surface } = { surface: starting };
    const listener = await openListener(config, folder, (request) => door.surface(request), { clock, log });
    listeners.add(() => listener.close());
    const url = config.publicUrl ?? `${config.tls.enabled ? 'https' : 'http'}://localhost:${listener.port}`;
    const parts = { config, folder, installation, url, clock, log, audit: silentAudit, onClose: databases.add };
    const opened = await openSurfaces(parts);
    if (opened.first === undefined) await renewFiles(parts, opened);
    else await fill(parts, opened, opened.first);
    door.surface = createRoutes({ ...opened.surfaces, isReady: () => true });
    return { url, port: listener.port, welcome: opened.first && welcomeOf(parts, opened.first), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Things to close, in the reverse order of opening. */
class Closing {
  readonly #all: (() => Promise<void>)[] = [];
  readonly add = (close: () => Promise<void>): void => {
    this.#all.push(close);
  };

  async close(): Promise<void> {
    for (let next = this.#all.pop(); next !== undefined; next = this.#all.pop()) await next();
  }
}

const placeOf = (config: Config, folder: DataFolder) => ({
  dataFolder: folder.path,
  environmentsFolder: folder.environments,
  databaseUrl: config.databaseUrl,
});

/** Until everything is open: healthy, not ready, and 503 for the rest. */
const starting: Surface = createRoutes({
  webApi: unavailable,
  finops: unavailable,
  graph: unavailable,
  token: unavailable,
  isReady: () => false,
});

async function unavailable(): Promise<HttpResponse> {
  return { status: 503, headers: {}, body: '' };
}
