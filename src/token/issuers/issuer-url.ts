import { isIP } from 'node:net';
import { IssuerError, shown } from './issuer-error.ts';

const longestUrl = 2048;
/** Other ports below this one belong to services that do not speak HTTPS. */
const firstFreePort = 1024;

/**
 * The URL of an issuer or of its key set, checked before anything is asked: https, a host, no user info, no fragment, no
 * port of another service, and spelled in its one usual way, so that what an administrator reads is where it leads
 * (`https://0x7f.1/` and `https://2130706433/` are 127.0.0.1).
 * @throws IssuerError `url`
 */
export function parseIssuerUrl(text: string, what = 'the issuer'): URL {
  const refuse = (why: string): never => {
    throw new IssuerError('url', `${what} '${shown(text)}' ${why}`);
  };
  if (text.length > longestUrl || !URL.canParse(text)) return refuse('is no URL');
  const url = new URL(text);
  if (url.protocol !== 'https:') return refuse('does not begin with https://');
  if (url.username !== '' || url.password !== '') return refuse('carries user info');
  if (url.hash !== '' || text.includes('#')) return refuse('carries a fragment');
  if (!/^https:\/\/[^/?\\\s]+(?:[/?]|$)/.test(text) || /[\s\\]/.test(text)) return refuse('is not spelled as usual');
  const authority = text.slice('https://'.length).split(/[/?]/, 1)[0] ?? '';
  if (authority.toLowerCase() !== url.host && authority.toLowerCase() !== `${url.host}:443`) {
    return refuse('has a host that is not spelled as usual');
  }
  if (url.port !== '' && Number(url.port) < firstFreePort) return refuse('has a port of another service');
  if (url.hostname.endsWith('.') || !(isIP(bare(url.hostname)) || url.hostname.length <= 253)) {
    return refuse('has a host that cannot be looked up');
  }
  return url;
}

/** An issuer itself has no query either (OpenID Connect Discovery 1.0 section 3). @throws IssuerError `url` */
export function parseIssuer(text: string): URL {
  const url = parseIssuerUrl(text);
  if (url.search !== '' || text.includes('?')) throw new IssuerError('url', `the issuer '${shown(text)}' has a query`);
  return url;
}

/** Where an issuer describes itself: one slash at its end does not count (OpenID Connect Discovery 1.0 section 4). */
export const configurationUrl = (issuer: string): string =>
  `${issuer.endsWith('/') ? issuer.slice(0, -1) : issuer}/.well-known/openid-configuration`;

/** Host without the brackets of IPv6. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
