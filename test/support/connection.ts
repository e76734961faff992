import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoEnv, parseDemoEnv } from '../../src/demo/demo-env.ts';
import { type Answer, type Ask, ask } from './client.ts';

/** The applications of the demo (`demo.env`). */
export type Who = 'ats' | 'admin' | 'stranger' | 'roleless' | 'reader' | 'unlinked';

const prefixes: Readonly<Record<Who, string>> = {
  ats: '',
  admin: 'ADMIN_',
  stranger: 'STRANGER_',
  roleless: 'ROLELESS_',
  reader: 'READER_',
  unlinked: 'UNLINKED_',
};

export interface AskAs extends Ask {
  /** Sends that application's token for the Web API. */
  readonly as?: Who;
}

/** Calls over real HTTPS to a server that holds the demo organisation. */
export interface Connection {
  readonly url: string;
  readonly ca: string;
  readonly env: DemoEnv;
  readonly dataFolder: string;
  /** A token of one of the demo's applications for a scope; the Web API's without one. */
  token(who: Who, scope?: string): Promise<string>;
  /** From now on new tokens are asked for. */
  forgetTokens(): void;
  /** A request with an absolute URL or a path. */
  ask(url: string, options?: AskAs): Promise<Answer>;
  /** A request under `/api/data/v9.2/`, as the demo ATS unless somebody else is named. */
  api(path: string, options?: AskAs): Promise<Answer>;
  /** A request under `/data/` as the administrator. */
  data(path: string, options?: Ask): Promise<Answer>;
}

/** Reads what a client needs from the server's data folder. */
export async function connect(url: string, dataFolder: string): Promise<Connection> {
  const ca = await readFile(join(dataFolder, 'tls', 'ca.pem'), 'utf8');
  const env = parseDemoEnv(await readFile(join(dataFolder, 'demo.env'), 'utf8'));
  const tokens = new Map<string, Promise<string>>();
  const token = (who: Who, scope = `${url}/.default`): Promise<string> => {
    const key = `${who} ${scope}`;
    const known = tokens.get(key) ?? requestToken(ca, env.AUTHORITY_URL, credentialsOf(env, who), scope);
    tokens.set(key, known);
    return known;
  };
  const call = async (path: string, { as, ...options }: AskAs = {}): Promise<Answer> => {
    const absolute = path.startsWith('http') ? path : `${url}${path}`;
    return ask(ca, absolute, as === undefined ? options : { ...options, token: await token(as) });
  };
  return {
    url,
    ca,
    env,
    dataFolder,
    token,
    forgetTokens: () => tokens.clear(),
    ask: call,
    api: (path, options = {}) => call(`/api/data/v9.2/${path}`, { as: 'ats', ...options }),
    data: async (path, options = {}) =>
      ask(ca, `${url}/data/${path}`, { ...options, token: await token('admin', `${url}/data/.default`) }),
  };
}

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** Client id and secret of one of the demo's applications. */
export function credentialsOf(env: Readonly<Record<string, string | undefined>>, who: Who): Credentials {
  return { id: env[`${prefixes[who]}CLIENT_ID`] ?? '', secret: env[`${prefixes[who]}CLIENT_SECRET`] ?? '' };
}

/** An access token by the client credentials grant. Throws with the answer when there is none. */
export async function requestToken(
  ca: string,
  authority: string,
  { id, secret }: Credentials,
  scope: string,
): Promise<string> {
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
