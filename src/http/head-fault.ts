import type { IncomingMessage } from 'node:http';

/** Why a request must not be looked at, though its head could be read. */
export interface HeadFault {
  readonly status: 400 | 501;
  readonly message: string;
}

/** Headers that decide who asks and where: of two, a proxy may go by the one and we by the other. */
const single: ReadonlySet<string> = new Set(['host', 'authorization']);

/**
 * What `node:http` lets through: a second `Host` (RFC 9112 section 3.2) or `Authorization`, of which it drops all but the first;
 * codings besides `chunked`, which it does not undo; and chunks in HTTP/1.0, which proxies take for no body (section 6.1).
 */
export function faultOfHead({ rawHeaders, headers, httpVersionMinor }: IncomingMessage): HeadFault | undefined {
  const twice = repeated(rawHeaders);
  if (twice !== undefined) return { status: 400, message: `the request has the header ${twice} more than once` };
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return undefined;
  if (httpVersionMinor === 0) return { status: 400, message: 'HTTP/1.0 has no Transfer-Encoding: send Content-Length' };
  if (coding.toLowerCase() === 'chunked') return undefined;
  return { status: 501, message: 'no Transfer-Encoding but chunked is implemented' };
}

/** Names and values in turn. */
function repeated(rawHeaders: readonly string[]): string | undefined {
  let seen = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length !== 4 && name.length !== 13) continue;
    const lower = name.toLowerCase();
    if (!single.has(lower)) continue;
    if (seen.includes(lower)) return lower;
    seen += lower;
  }
  return undefined;
}
