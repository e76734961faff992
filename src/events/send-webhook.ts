import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { AddressRules } from '../token/issuers/address-rules.ts';
import { guardedLookup, guardSocket } from '../token/issuers/fetch-json.ts';
import { bare, parseIssuerUrl } from '../token/issuers/issuer-url.ts';

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of sending: the status of the answer, or why there is none. */
export interface Sent {
  readonly status?: number;
  readonly failure?: string;
}

/** Sends one webhook. Never throws. */
export type SendWebhook = (message: Message) => Promise<Sent>;

export interface SendOptions {
  readonly rules: AddressRules;
  /** Networks that may be reached without TLS, by their addresses alone. */
  readonly exceptions: (address: string) => boolean;
  /** PEM certificates to trust in place of Node's own list. */
  readonly ca?: readonly string[] | undefined;
  readonly timeoutMs?: number;
}

const usualTimeout = 15_000;

/** Is the URL one that webhooks may be sent to? The text ends the sentence "the URL …". `undefined`: yes. */
export function findUrlFault(
  text: string,
  { rules, exceptions }: Pick<SendOptions, 'rules' | 'exceptions'>,
): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = bare(url?.hostname ?? '');
  if (url?.protocol === 'http:') {
    if (url.username !== '' || url.password !== '' || url.hash !== '') return 'carries user info or a fragment';
    return isIP(host) !== 0 && exceptions(host) ? undefined : 'does not begin with https://';
  }
  try {
    parseIssuerUrl(text, 'the URL');
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*?' /, '') : String(error);
  }
  return isIP(host) !== 0 && !rules.allows(host) ? 'leads to an address that is not public' : undefined;
}

/**
 * POST over HTTPS to public addresses only: judged when the name has been looked up and again when the connection stands, so
 * that no name leads into our own network. No redirects, no proxy, one time limit, and the answer's body is not read.
 */
export function createSender(options: SendOptions): SendWebhook {
  const { rules, ca, timeoutMs = usualTimeout } = options;
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, ...(ca === undefined ? {} : { ca: [...ca] }) });
  const lookup = guardedLookup(rules, systemLookup);
  return async ({ url: text, headers, body }) => {
    const fault = findUrlFault(text, options);
    if (fault !== undefined) return { failure: `the URL ${fault}` };
    const url = new URL(text);
    return new Promise<Sent>((resolve) => {
      const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
      const call = send(url, {
        method: 'POST',
        lookup,
        ...(url.protocol === 'http:' ? {} : { agent }),
        headers: {
          ...headers,
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': 'Portvakt',
        },
      });
      const timer = setTimeout(() => finish({ failure: `no answer within ${timeoutMs} ms` }), timeoutMs);
      const finish = (sent: Sent): void => {
        clearTimeout(timer);
        resolve(sent);
        call.destroy();
      };
      call.on('socket', (socket) =>
        guardSocket(socket, rules, (address) => finish({ failure: `${address} is not public` })),
      );
      call.on('error', (error) => finish({ failure: shortOf(error) }));
      call.on('response', ({ statusCode = 0 }) => finish({ status: statusCode, ...failureOf(statusCode) }));
      call.end(body);
    });
  };
}

/** Anything but 2xx asks to be told again; a redirect is not followed. */
function failureOf(status: number): { failure?: string } {
  if (status >= 200 && status < 300) return {};
  return { failure: status >= 300 && status < 400 ? 'a redirect, which is not followed' : `status ${status}` };
}

function shortOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return (code || error.message).slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}
