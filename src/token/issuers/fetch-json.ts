import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { messageOf } from '../../kernel/message-of.ts';
import type { AddressRules } from './address-rules.ts';
import { IssuerError, shown } from './issuer-error.ts';
import { bare } from './issuer-url.ts';

/** All addresses of a name, as `dns.lookup` gives them. */
export type Lookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** How documents of issuers are fetched. */
export interface FetchOptions {
  readonly rules: AddressRules;
  /** PEM certificates to trust in place of Node's own list; `undefined`: that list. */
  readonly ca?: readonly string[] | undefined;
  /** From the first look-up to the last byte. Default 5,000. */
  readonly timeoutMs?: number;
  /** Tests say where a name leads. */
  readonly lookup?: Lookup;
}

/** A document and for how many seconds its sender says that it may be kept; `undefined` when it says nothing. */
export interface FetchedJson {
  readonly value: unknown;
  readonly maxAge: number | undefined;
}

/** Fetches one JSON document. `url` has been checked (`parseIssuerUrl`). */
export type FetchJson = (url: URL, limit: number) => Promise<FetchedJson>;

const defaultTimeout = 5_000;
/**
 * Names that are looked up at a time. A look-up cannot be called off and holds one of the four threads that the whole
 * server shares, for as long as a hostile name server likes.
 */
const mostLookups = 2;

/**
 * Over HTTPS only, no redirects, no proxy, within one time limit and `limit` bytes. The address is judged when the name
 * has been looked up, again when the connection stands, and before a byte is sent: a name that leads elsewhere the second
 * time it is asked gains nothing. No TLS session and no connection is used twice.
 * @throws IssuerError
 */
export function createFetchJson({ rules, ca, timeoutMs = defaultTimeout, lookup }: FetchOptions): FetchJson {
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, ...(ca === undefined ? {} : { ca: [...ca] }) });
  const guarded = guardedLookup(rules, lookup ?? systemLookup);
  return async (url, limit) => {
    const host = bare(url.hostname);
    if (isIP(host) !== 0 && !rules.allows(host)) throw closedAddress(url.host, host);
    const { text, maxAge } = await new Promise<FetchedText>((resolve, reject) => {
      const call = request(url, {
        agent,
        lookup: guarded,
        headers: { Accept: 'application/json', 'Accept-Encoding': 'identity', 'User-Agent': 'Portvakt' },
      });
      const timer = setTimeout(() => call.destroy(timedOut(url, timeoutMs)), timeoutMs);
      const settle = <T>(done: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          call.destroy();
          done(value);
        };
      };
      const fail = settle((error: unknown) => reject(asIssuerError(url, error)));
      call.on('socket', (socket) =>
        guardSocket(socket, rules, (address) => call.destroy(closedAddress(url.host, address))),
      );
      call.on('error', fail);
      call.on('response', (answer) => readText(url, answer, limit).then(settle(resolve), fail));
      call.end();
    });
    return { value: parseJson(url, text), maxAge };
  };
}

interface FetchedText {
  readonly text: string;
  readonly maxAge: number | undefined;
}

/** Gives the connection only addresses that the rules allow. One that is closed spoils the name: it is not to be guessed with. */
export function guardedLookup(rules: AddressRules, lookup: Lookup): LookupFunction {
  let running = 0;
  return (hostname, { all }, callback) => {
    if (running >= mostLookups) return callback(new IssuerError('busy', 'name servers of other issuers are slow'), []);
    running++;
    lookup(hostname, { all: true }, (error, addresses) => {
      running--;
      const closed = addresses?.find(({ address }) => !rules.allows(address));
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return callback(error ?? new Error('ENOTFOUND'), []);
      if (closed !== undefined) return callback(closedAddress(hostname, closed.address), []);
      return all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** INVARIANT: no request is sent to an address that the rules close, however the connection came about. */
export function guardSocket(socket: Socket, rules: AddressRules, refuse: (address: string) => void): void {
  socket.once('connect', () => {
    const address = socket.remoteAddress ?? '';
    if (!rules.allows(address)) refuse(address);
  });
}

async function readText(url: URL, answer: IncomingMessage, limit: number): Promise<FetchedText> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    throw new IssuerError('redirect', `${shown(url.href)} answers with a redirect, which is not followed`);
  }
  if (status !== 200) throw new IssuerError('status', `${shown(url.href)} answers with status ${status}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) throw new IssuerError('size', `${shown(url.href)} is longer than ${limit} bytes`);
    chunks.push(bytes);
  }
  if (!answer.complete) throw new IssuerError('network', `${shown(url.href)} was cut off`);
  return { text: Buffer.concat(chunks).toString('utf8'), maxAge: maxAgeOf(answer.headers['cache-control']) };
}

/** RFC 9111 section 5.2.2; `no-cache` and `no-store` mean zero. */
function maxAgeOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/(?:^|[,\s])no-(?:cache|store)\b/i.test(header)) return 0;
  const match = /(?:^|[,\s])max-age="?(\d{1,10})/i.exec(header);
  return match === null ? undefined : Number(match[1]);
}

/** The parser of JSON keeps no stack of its own on the machine's: depth is bounded by the size alone. */
function parseJson(url: URL, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IssuerError('json', `${shown(url.href)} is no JSON`);
  }
}

const timedOut = (url: URL, ms: number): IssuerError =>
  new IssuerError('timeout', `${shown(url.href)} did not answer within ${ms} ms`);

const closedAddress = (host: string, address: string): IssuerError =>
  new IssuerError('address', `${shown(host)} leads to ${address || 'nowhere'}, an address that is not public`);

function asIssuerError(url: URL, error: unknown): IssuerError {
  if (error instanceof IssuerError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = messageOf(error);
  return new IssuerError('network', `${shown(url.host)} cannot be asked: ${shown(code || text)}`);
}
