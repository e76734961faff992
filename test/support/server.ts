import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { type Connection, type Credentials, connect, requestToken } from './connection.ts';
import { databaseSettings, type Engine } from './database.ts';
import { serve } from './serve.ts';
import { filledPlace, newPlace } from './template.ts';

/** A server with the demo organisation, over real HTTPS, on a database of its own. */
export interface TestServer extends Connection {
  /** `undefined`: the embedded one. */
  readonly databaseUrl: string | undefined;
  close(): Promise<void>;
}

/** Starts one. `settings` are environment variables of the server. */
export async function startTestServer(
  engine: Engine,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
  clock: Clock = systemClock,
): Promise<TestServer> {
  const { url, dataFolder, databaseUrl, close } = await start(engine, settings, log, clock);
  return { ...(await connect(url, dataFolder)), databaseUrl, close };
}

/** A server whose first environment is empty but for its administrator. */
export interface EmptyServer extends Pick<Connection, 'url' | 'ca' | 'dataFolder'> {
  /** `undefined`: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly tenantId: string;
  readonly administrator: Credentials;
  /** What `admin.env` says. */
  readonly env: Readonly<Record<string, string>>;
  /** A token of the administrator; for the first environment without a scope. */
  token(who: 'admin', scope?: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts one, which is quicker than one with the demo. */
export async function startEmptyServer(
  engine: Engine,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
): Promise<EmptyServer> {
  return connectEmpty(await start(engine, { PORTVAKT_SEED: 'empty', ...settings }, log));
}

/** Reads what a client needs from the data folder of a server that was started with nothing but its administrator. */
export async function connectEmpty({
  url,
  dataFolder,
  databaseUrl,
  close,
}: Pick<EmptyServer, 'url' | 'dataFolder' | 'databaseUrl' | 'close'>): Promise<EmptyServer> {
  const env = parseEnvLines(await readFile(join(dataFolder, 'admin.env'), 'utf8'));
  const ca = await readFile(join(dataFolder, 'tls', 'ca.pem'), 'utf8');
  const administrator = { id: env.get('ADMIN_CLIENT_ID') ?? '', secret: env.get('ADMIN_CLIENT_SECRET') ?? '' };
  const authority = env.get('AUTHORITY_URL') ?? '';
  return {
    ...{ url, ca, dataFolder, databaseUrl, administrator, close },
    env: Object.fromEntries(env),
    tenantId: env.get('TENANT_ID') ?? '',
    token: (_who, scope = `${url}/.default`) => requestToken(ca, authority, administrator, scope),
  };
}

/** What changes nothing of what a first start leaves behind. Nor does a clock: those of tests begin at the present. */
const laterSettings: ReadonlySet<string> = new Set([
  'PORTVAKT_FIDELITY',
  'PORTVAKT_LIMITS',
  'PORTVAKT_ENVIRONMENT_REQUESTS',
  'PORTVAKT_METRICS_ADDRESS',
  'PORTVAKT_METRICS_TOKEN',
  'PORTVAKT_TRACES_URL',
  'PORTVAKT_TRACES_SHARE',
  'PORTVAKT_WEBHOOK_NETWORKS',
]);

async function start(
  engine: Engine,
  { PORTVAKT_SEED: seed = 'demo', ...settings }: Readonly<Record<string, string>>,
  log: Log,
  clock: Clock = systemClock,
) {
  const isUsual = Object.keys(settings).every((name) => laterSettings.has(name));
  const isSeed = seed === 'demo' || seed === 'empty';
  const { dataFolder, database } = await (isUsual && isSeed ? filledPlace(engine, seed) : newPlace(engine));
  const all = { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', PORTVAKT_SEED: seed };
  const server = await serve({ ...all, ...databaseSettings(database?.url), ...settings }, log, clock);
  const close = async (): Promise<void> => {
    await server.close();
    await database?.drop();
    await rm(dataFolder, { recursive: true });
  };
  return { url: server.url, dataFolder, databaseUrl: database?.url, close };
}
