import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Config, parseConfig } from '../../src/config.ts';
import { type DemoEnv, parseDemoEnv } from '../../src/demo/demo-env.ts';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { startServer } from '../../src/server.ts';
import { type Answer, type Ask, ask } from './client.ts';
import { makeDatabase } from './database.ts';

export type Engine = 'sqlite' | 'postgres';
export const engines: readonly Engine[] = ['sqlite', 'postgres'];

type Who = 'ats' | 'admin' | 'stranger' | 'roleless' | 'reader' | 'unlinked';

/** A server with the demo organisation, over real HTTPS, on a database of its own. */
export interface TestServer {
  readonly url: string;
  readonly ca: string;
  readonly env: DemoEnv;
  readonly dataFolder: string;
  /** A token of one of the demo's applications for a scope; the Web API's without one. */
  token(who: Who, scope?: string): Promise<string>;
  /** A request with an absolute URL or a path; with `as`, with that application's token for the Web API. */
  ask(url: string, options?: Ask & { readonly as?: Who }): Promise<Answer>;
  /** A request under `/data/` as the administrator. */
  data(path: string, options?: Ask): Promise<Answer>;
  close(): Promise<void>;
}

const prefixes: Readonly<Record<Who, string>> = {
  ats: '',
  admin: 'ADMIN_',
  stranger: 'STRANGER_',
  roleless: 'ROLELESS_',
  reader: 'READER_',
  unlinked: 'UNLINKED_',
};

/** Starts one. `settings` are environment variables of the server. */
export async function startTestServer(
  engine: Engine,
  settings: Readonly<Record<string, string>> = {},
  log: Log = silentLog,
): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-test-'));
  const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
  const config = parseConfig({
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    ...(database === undefined ? {} : { PORTVAKT_DATABASE_URL: database.url }),
    ...settings,
  });
  const server = await startServer(config, log);
  const close = async (): Promise<void> => {
    await server.close();
    await database?.drop();
    await rm(dataFolder, { recursive: true });
  };
  return connect(server.url, dataFolder, config, close);
}

async function connect(
  url: string,
  dataFolder: string,
  config: Config,
  close: () => Promise<void>,
): Promise<TestServer> {
  const ca = await readFile(join(dataFolder, 'tls', 'ca.pem'), 'utf8');
  const env = parseDemoEnv(await readFile(join(config.dataFolder, 'demo.env'), 'utf8'));
  const values: Readonly<Record<string, string | undefined>> = env;
  const tokens = new Map<string, Promise<string>>();
  const token = (who: Who, scope = `${url}/.default`): Promise<string> => {
    const key = `${who} ${scope}`;
    const known = tokens.get(key);
    if (known !== undefined) return known;
    const id = values[`${prefixes[who]}CLIENT_ID`] ?? '';
    const secret = values[`${prefixes[who]}CLIENT_SECRET`] ?? '';
    const requested = requestToken(ca, env.AUTHORITY_URL, id, secret, scope);
    tokens.set(key, requested);
    return requested;
  };
  const absolute = (path: string): string => (path.startsWith('http') ? path : `${url}${path}`);
  return {
    url,
    ca,
    env,
    dataFolder,
    token,
    ask: async (path, { as, ...options } = {}) =>
      ask(ca, absolute(path), as === undefined ? options : { ...options, token: await token(as) }),
    data: async (path, options = {}) =>
      ask(ca, `${url}/data/${path}`, { ...options, token: await token('admin', `${url}/data/.default`) }),
    close,
  };
}

async function requestToken(ca: string, authority: string, id: string, secret: string, scope: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret, scope });
  const answer = await ask(ca, `${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const body = answer.json();
  if (answer.status !== 200 || typeof body !== 'object' || body === null || !('access_token' in body)) {
    throw new Error(`no token: ${answer.status} ${answer.text}`);
  }
  return String(body.access_token);
}
