import { ApiError, readError } from './api-error.ts';

interface Send {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of a list with the note that there are more. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly isPartial: boolean;
  /** Reads what is left, where something is: for files. */
  readonly rest?: () => Promise<readonly T[]>;
}

interface Page {
  readonly value: readonly unknown[];
  readonly '@odata.nextLink'?: string;
}

/** What a list loads at most; the rest is found by narrowing on the server. */
const mostRows = 20_000;

export const sessionPath = '/portvakt/v1/session';
const staleSession: ReadonlySet<string> = new Set(['signedOut', 'csrf']);

/**
 * Asks the public surfaces at this page's own origin, with the session's cookie and the token against forged requests.
 * Throws `ApiError`.
 */
export class ApiClient {
  #csrfToken = '';
  readonly #onStaleSession: () => void;
  readonly #onChange: () => void;

  /**
   * @param onStaleSession the session has ended, or another tab has begun another one: ask again who is signed in
   * @param onChange something was changed: what was read before may have become old
   */
  constructor(onStaleSession: () => void, onChange: () => void) {
    this.#onStaleSession = onStaleSession;
    this.#onChange = onChange;
  }

  set csrfToken(token: string) {
    this.#csrfToken = token;
  }

  /** @typeParam T what the caller knows the surface to answer; nothing is checked here. */
  async get<T>(path: string, send: Send = {}): Promise<T> {
    return (await this.send('GET', path, send)).json() as Promise<T>;
  }

  /** Reads page after page. */
  async list<T>(path: string, send: Send = {}): Promise<Rows<T>> {
    const rows: T[] = [];
    let next: string | undefined = path;
    while (next !== undefined && rows.length < mostRows) {
      const page: Page = await this.get<Page>(next, send);
      rows.push(...(page.value as readonly T[]));
      next = nextOf(page);
    }
    const left = next;
    return left === undefined
      ? { rows, isPartial: false }
      : { rows, isPartial: true, rest: () => this.all<T>(left, send) };
  }

  /** Every row, however many there are: for files, not for lists. */
  async all<T>(path: string, send: Send = {}): Promise<readonly T[]> {
    const rows: T[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: Page = await this.get<Page>(next, send);
      for (const row of page.value) rows.push(row as T);
      next = nextOf(page);
    }
    return rows;
  }

  /** The answer's body, or `undefined` where it has none. */
  async change<T = undefined>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, send: Send = {}): Promise<T> {
    const answer = await this.send(method, path, send);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A question that is too long for an address: nothing is changed by it. */
  async question<T>(path: string, send: Send): Promise<T> {
    return (await this.send('POST', path, send, false)).json() as Promise<T>;
  }

  /** For those who need the headers. */
  async send(
    method: string,
    path: string,
    { body, headers, signal }: Send = {},
    isChange = method !== 'GET',
  ): Promise<Response> {
    const answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      redirect: 'error',
      headers: {
        Accept: 'application/json',
        'X-Portvakt-CSRF': this.#csrfToken,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiError({ status: 0, code: 'network', message: '' });
    });
    if (answer.ok) {
      if (isChange) this.#onChange();
      return answer;
    }
    const error = await readError(answer);
    // The answer to that very question would ask it again, for ever.
    const isQuestion = method === 'GET' && path === sessionPath;
    if (staleSession.has(error.code) && !isQuestion) this.#onStaleSession();
    throw error;
  }
}

const nextOf = ({ '@odata.nextLink': link }: Page): string | undefined =>
  link === undefined ? undefined : withoutOrigin(link);

/** Links name the environment's address, which need not be the one that this page was loaded from. */
export function withoutOrigin(link: string): string {
  const { pathname, search } = new URL(link, location.href);
  return pathname + search;
}
