import { lookup } from 'node:dns';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { AddressRules } from '../../token/issuers/address-rules.ts';
import { guardedLookup, guardSocket } from '../../token/issuers/fetch-json.ts';
import { IssuerError } from '../../token/issuers/issuer-error.ts';
import { bare, parseIssuerUrl } from '../../token/issuers/issuer-url.ts';

/** Which addresses the issuer may have, and who vouches for them. */
export interface GuardedFetchOptions {
  readonly rules: AddressRules;
  /** PEM certificates in the place of Node's own list; `undefined`: that list. */
  readonly ca: readonly string[] | undefined;
}

/** What the library sends. */
interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const timeoutMs = 5_000;
const longestAnswer = 200_000;

/**
 * `fetch` as the OpenID Connect library calls it, under the rules that hold for every outside issuer: HTTPS alone, no
 * redirects, addresses that are open, one time limit, so many bytes. The URLs of discovery documents are others' words.
 * @throws IssuerError
 */
export function createGuardedFetch({ rules, ca }: GuardedFetchOptions) {
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, ...(ca === undefined ? {} : { ca: [...ca] }) });
  const guarded = guardedLookup(rules, lookup);
  return async (address: string, { method, headers, body }: Sent): Promise<Response> => {
    const url = parseIssuerUrl(address);
    const host = bare(url.hostname);
    if (isIP(host) !== 0 && !rules.allows(host)) throw closed(host);
    const sent = body === undefined || body === null ? undefined : String(body);
    return new Promise<Response>((resolve, reject) => {
      const call = request(url, { method, headers: { ...headers }, agent, lookup: guarded });
      const timer = setTimeout(() => call.destroy(new IssuerError('timeout', `${host} did not answer`)), timeoutMs);
      call.on('close', () => clearTimeout(timer));
      call.on('socket', (socket) => guardSocket(socket, rules, (to) => call.destroy(closed(to))));
      call.on('error', reject);
      call.on('response', async (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        try {
          for await (const chunk of answer) {
            chunks.push(chunk as Buffer);
            size += (chunk as Buffer).length;
            if (size > longestAnswer) throw new IssuerError('size', `${host} answers with too much`);
          }
          const type = answer.headers['content-type'];
          const init = {
            status: answer.statusCode ?? 502,
            headers: type === undefined ? {} : { 'content-type': type },
          };
          const hasBody = ![204, 205, 304].includes(init.status);
          resolve(new Response(hasBody ? Buffer.concat(chunks) : null, init));
        } catch (error) {
          call.destroy();
          reject(error);
        }
      });
      call.end(sent);
    });
  };
}

const closed = (address: string): IssuerError =>
  new IssuerError('address', `${address || 'nowhere'} is an address that is not public`);
