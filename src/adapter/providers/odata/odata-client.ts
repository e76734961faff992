import { readFileSync } from 'node:fs';
import type { Clock } from '../../../kernel/clock.ts';
import type { Refusal } from '../../../kernel/refusal.ts';
import { JsonNumber, type JsonObject, type JsonValue, parseJson } from '../../../odata/json.ts';
import { refuse } from '../../../odata/problems.ts';
import { sourceRefusal } from '../mapped/source-problems.ts';

/** Credentials for the service: the client credentials grant (RFC 6749 section 4.4). */
export interface TokenSettings {
  readonly url: string;
  readonly clientId: string;
  /** File with the secret; read again for every token, so that it can be rolled over. */
  readonly clientSecretFile: string;
  readonly scope: string;
}

export interface ServiceSettings {
  /** Service root without a trailing slash. */
  readonly url: string;
  readonly token?: TokenSettings;
  /** From the first byte sent to the last one received. */
  readonly timeoutMs?: number;
  /** Query options of every request, such as `cross-company=true`. */
  readonly query?: Readonly<Record<string, string>>;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  /** `undefined` where there is no body. */
  readonly body: JsonObject | undefined;
}

export interface ServiceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Relative to the service root, or absolute under it. */
  readonly path: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ifMatch?: string;
}

const defaultTimeout = 10_000;
/** An answer that is longer is one that nobody wants in memory. */
const mostBytes = 64 * 1024 * 1024;
/** Seconds before its end at which a token is not used any more. */
const tokenMargin = 60;

/** Requests to one OData service. What goes wrong there is thrown as the virtual table service's messages. */
export class ODataClient {
  readonly #settings: ServiceSettings;
  readonly #now: Clock;
  #token: { readonly text: string; readonly until: number } | undefined;

  constructor(settings: ServiceSettings, now: Clock) {
    this.#settings = settings;
    this.#now = now;
  }

  /** @throws Refusal unless the service says that it is done */
  async call(call: ServiceCall): Promise<ServiceAnswer> {
    const answer = await this.#send(call, await this.#authorization());
    if (answer.status !== 401 || this.#settings.token === undefined) return accepted(answer);
    // The token may have been withdrawn before its time: once more with another one.
    this.#token = undefined;
    return accepted(await this.#send(call, await this.#authorization()));
  }

  async #send({ method, path, options = {}, body, ifMatch }: ServiceCall, authorization: string | undefined) {
    const url = this.#address(path, options);
    const headers: Record<string, string> = {
      accept: 'application/json',
      'odata-version': '4.0',
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', prefer: 'return=representation' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    };
    return this.#fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  /** INVARIANT: nothing but the service itself is called, whatever its links say; its credentials go nowhere else. */
  #address(path: string, options: Readonly<Record<string, string>>): URL {
    const root = this.#settings.url;
    const url = new URL(path.startsWith('http') ? path : `${root}/${path}`);
    if (!url.href.startsWith(`${root}/`)) throw sourceRefusal.failed(`the service leads to ${url.origin}`);
    for (const [name, value] of Object.entries({ ...this.#settings.query, ...options }))
      url.searchParams.set(name, value);
    // Services older than the URL standard take a plus sign for one.
    url.search = url.search.replaceAll('+', '%20');
    return url;
  }

  async #fetch(url: URL, request: RequestInit): Promise<ServiceAnswer & { readonly text: string }> {
    const signal = AbortSignal.timeout(this.#settings.timeoutMs ?? defaultTimeout);
    try {
      const response = await fetch(url, { ...request, signal, redirect: 'error' });
      const text = await readText(response);
      return { status: response.status, etag: response.headers.get('etag') ?? undefined, text, body: parseBody(text) };
    } catch (error) {
      throw sourceRefusal.failed(`${url.origin} did not answer: ${reasonOf(error)}`);
    }
  }

  async #authorization(): Promise<string | undefined> {
    const { token } = this.#settings;
    if (token === undefined) return undefined;
    const now = this.#now().getTime();
    if (this.#token === undefined || this.#token.until <= now) this.#token = await this.#requestToken(token, now);
    return `Bearer ${this.#token.text}`;
  }

  async #requestToken({ url, clientId, clientSecretFile, scope }: TokenSettings, now: number) {
    const grant = {
      ...{ grant_type: 'client_credentials', client_id: clientId, scope },
      client_secret: readFileSync(clientSecretFile, 'utf8').trim(),
    };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(grant).toString();
    const answer = await this.#fetch(new URL(url), { method: 'POST', headers, body });
    const token = answer.body?.get('access_token');
    const seconds = answer.body?.get('expires_in');
    if (answer.status !== 200 || typeof token !== 'string') {
      throw sourceRefusal.rejected(`${new URL(url).origin} gave no token for the service: ${answer.status}`);
    }
    const lifetime = seconds instanceof JsonNumber ? Number(seconds.text) : 0;
    return { text: token, until: now + Math.max(lifetime - tokenMargin, 0) * 1000 };
  }
}

function accepted(answer: ServiceAnswer & { readonly text: string }): ServiceAnswer {
  const { status, body } = answer;
  if (status < 300) return answer;
  const reason = `the service answered ${status}`;
  if (status === 412) throw refuse.versionMismatch();
  if (status === 429) throw sourceRefusal.throttled(reason);
  if (status === 401 || status === 403) throw sourceRefusal.rejected(reason);
  const message = messageOf(body?.get('error'));
  if (status === 400 && message !== undefined) throw sourceRefusal.refused(message);
  throw sourceRefusal.failed(reason);
}

/** The message of an error in the shape of OData; finance and operations has the true one inside. */
function messageOf(error: JsonValue | undefined): string | undefined {
  if (!(error instanceof Map)) return undefined;
  const inner: unknown = (error as JsonObject).get('innererror');
  const message: unknown =
    (inner instanceof Map ? inner.get('message') : undefined) ?? (error as JsonObject).get('message');
  return typeof message === 'string' && message !== '' ? message.slice(0, 2000) : undefined;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Numbers as they were written. A body that is no JSON object is none. */
function parseBody(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const value = parseJson(text, { maxDepth: 100, refuse: notJson });
  return value instanceof Map ? (value as JsonObject) : undefined;
}

const notJson = (what: string): Refusal => sourceRefusal.failed(`the service sent no JSON: ${what}`);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}
