import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { FetchedJson, FetchJson } from './fetch-json.ts';
import { IssuerError, shown } from './issuer-error.ts';
import { configurationUrl, parseIssuer, parseIssuerUrl } from './issuer-url.ts';
import { candidates, type IssuerKeys, parseKeySet, type SignatureAlgorithm } from './key-set.ts';
import { Turns } from './turns.ts';

/** Seconds, numbers and bytes by which issuers are asked. Guesses, all in one place. */
export const issuerLimits = {
  configurationBytes: 64 * 1024,
  keySetBytes: 256 * 1024,
  /** Keys are taken for current for as long as their `Cache-Control` says, within these. */
  freshSeconds: { least: 300, usual: 3_600, most: 21_600 },
  /** For so long after that they serve while the issuer cannot be asked. */
  staleSeconds: 86_400,
  /** An unknown `kid` has the keys fetched again, at most this often. */
  unknownKeySeconds: 10,
  /** After a failure the issuer is let alone for so long, twice as long after each further one. */
  retrySeconds: { first: 5, most: 60 },
  /** Issuers that are remembered; the one that was not used for longest goes first. */
  issuers: 200,
  /** Fetches at a time. Names are looked up in a pool of four threads, which the whole server shares. */
  concurrentFetches: 2,
  /** Fetches that wait for their turn; further ones fail at once. */
  waitingFetches: 50,
} as const;

/** What an issuer's keys say of one token's header. */
export type FoundKeys =
  | { readonly kind: 'found'; readonly keys: readonly KeyObject[] }
  /** The issuer was asked, lately enough, and has no such key. */
  | { readonly kind: 'unknownKey' }
  /** No keys to judge by: they could not be fetched, and there are none left from earlier. */
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface KeyQuestion {
  readonly kid: string | undefined;
  readonly algorithm: SignatureAlgorithm;
}

/** Where keys of issuers are had from. */
export type KeyFinder = Pick<IssuerKeySource, 'find'>;

export interface IssuerKeySourceOptions {
  readonly fetchJson: FetchJson;
  readonly clock: Clock;
  /** Told each time an issuer could not be asked, and when it can be again. */
  readonly onTrouble?: ((issuer: string, error: IssuerError | undefined) => void) | undefined;
}

/** One issuer as it is remembered. Times are milliseconds since 1970. */
interface Memory {
  keys: IssuerKeys | undefined;
  freshUntil: number;
  staleUntil: number;
  fetchedAt: number;
  retryAt: number;
  failures: number;
  reason: string;
  fetching: Promise<void> | undefined;
}

/**
 * Public keys of other parties' issuers: fetched when first needed, kept, fetched anew when they have aged or a token
 * names one that is unknown. One fetch at a time for an issuer, however many tokens wait for it.
 */
export class IssuerKeySource {
  readonly #options: IssuerKeySourceOptions;
  readonly #memory = new Map<string, Memory>();
  readonly #turns = new Turns(issuerLimits.concurrentFetches, issuerLimits.waitingFetches);

  constructor(options: IssuerKeySourceOptions) {
    this.#options = options;
  }

  /** How many issuers are remembered. */
  get size(): number {
    return this.#memory.size;
  }

  /**
   * The keys that may have signed a token.
   * INVARIANT: whoever calls this has found `issuer` in a list that an administrator wrote. A token alone has nothing fetched.
   */
  async find(issuer: string, { kid, algorithm }: KeyQuestion): Promise<FoundKeys> {
    const memory = this.#remember(issuer);
    if (this.#isFetchDue(memory, kid, algorithm)) await this.#fetch(issuer, memory);
    const now = this.#now();
    if (memory.keys === undefined || memory.staleUntil <= now) {
      return { kind: 'unreachable', reason: memory.reason || 'its keys were not fetched' };
    }
    const keys = candidates(memory.keys, kid, algorithm);
    if (keys.length > 0) return { kind: 'found', keys };
    return memory.failures > 0 ? { kind: 'unreachable', reason: memory.reason } : { kind: 'unknownKey' };
  }

  #isFetchDue(memory: Memory, kid: string | undefined, algorithm: SignatureAlgorithm): boolean {
    const now = this.#now();
    const isFresh = memory.keys !== undefined && now < memory.freshUntil;
    // Who names a known key waits for nobody: not for a fetch that a stranger's unknown `kid` has set off.
    if (isFresh && candidates(memory.keys ?? [], kid, algorithm).length > 0) return false;
    if (memory.fetching !== undefined) return true;
    if (now < memory.retryAt) return false;
    return !isFresh || now >= memory.fetchedAt + 1_000 * issuerLimits.unknownKeySeconds;
  }

  #fetch(issuer: string, memory: Memory): Promise<void> {
    memory.fetching ??= this.#refresh(issuer, memory).finally(() => {
      memory.fetching = undefined;
    });
    return memory.fetching;
  }

  /** Never rejects: a failure is remembered. */
  async #refresh(issuer: string, memory: Memory): Promise<void> {
    try {
      const { keys, maxAge } = await this.#turns.run(() => fetchKeys(this.#options.fetchJson, issuer));
      const now = this.#now();
      const { least, usual, most } = issuerLimits.freshSeconds;
      const fresh = Math.min(Math.max(maxAge ?? usual, least), most);
      if (memory.failures > 0) this.#options.onTrouble?.(issuer, undefined);
      memory.keys = keys;
      memory.fetchedAt = now;
      memory.freshUntil = now + 1_000 * fresh;
      memory.staleUntil = memory.freshUntil + 1_000 * issuerLimits.staleSeconds;
      memory.retryAt = 0;
      memory.failures = 0;
      memory.reason = '';
    } catch (error) {
      if (!(error instanceof IssuerError)) throw error;
      const { first, most } = issuerLimits.retrySeconds;
      memory.retryAt = this.#now() + 1_000 * Math.min(first * 2 ** memory.failures, most);
      memory.failures++;
      memory.reason = error.message;
      this.#options.onTrouble?.(issuer, error);
    }
  }

  #remember(issuer: string): Memory {
    const known = this.#memory.get(issuer);
    const memory = known ?? emptyMemory();
    // Maps keep the order of insertion: what is used moves to the end.
    this.#memory.delete(issuer);
    this.#memory.set(issuer, memory);
    const [oldest] = this.#memory.keys();
    if (this.#memory.size > issuerLimits.issuers && oldest !== undefined) this.#memory.delete(oldest);
    return memory;
  }

  #now(): number {
    return this.#options.clock().getTime();
  }
}

const emptyMemory = (): Memory => ({
  keys: undefined,
  freshUntil: 0,
  staleUntil: 0,
  fetchedAt: 0,
  retryAt: 0,
  failures: 0,
  reason: '',
  fetching: undefined,
});

/**
 * The two documents of an issuer. The first must name the issuer exactly as it is trusted (OpenID Connect Discovery 1.0
 * section 4.3); the key set may be on another host, under the same rules: Google's is.
 */
async function fetchKeys(
  fetchJson: FetchJson,
  issuer: string,
): Promise<{ readonly keys: IssuerKeys; readonly maxAge: number | undefined }> {
  parseIssuer(issuer);
  const configuration = await fetchJson(parseIssuerUrl(configurationUrl(issuer)), issuerLimits.configurationBytes);
  const keySetUrl = parseConfiguration(configuration, issuer);
  const { value, maxAge } = await fetchJson(keySetUrl, issuerLimits.keySetBytes);
  const keys = parseKeySet(value, issuer);
  if (keys.length === 0) throw new IssuerError('keys', `${shown(keySetUrl.href)} holds no key that can be used`);
  return { keys, maxAge };
}

function parseConfiguration({ value }: FetchedJson, issuer: string): URL {
  const document: object = typeof value === 'object' && value !== null ? value : {};
  const named = 'issuer' in document ? document.issuer : undefined;
  if (named !== issuer) {
    const other = typeof named === 'string' ? `names '${shown(named)}'` : 'names no issuer';
    throw new IssuerError('document', `the configuration of ${shown(issuer)} ${other}`);
  }
  const keySetUrl = 'jwks_uri' in document ? document.jwks_uri : undefined;
  if (typeof keySetUrl !== 'string') {
    throw new IssuerError('document', `the configuration of ${shown(issuer)} has no jwks_uri`);
  }
  return parseIssuerUrl(keySetUrl, 'the jwks_uri');
}
