import type { HttpRequest } from '../kernel/http.ts';
import { TokenRefusal } from './problems.ts';

export type FormParameters = ReadonlyMap<string, string>;

/** Bytes of a token request. The largest honest one carries an assertion with a certificate chain, some 20 kB. */
export const formLimit = 128 * 1024;
const parameterLimit = 100;

/**
 * The body of a token request, `application/x-www-form-urlencoded`, decoded strictly: what cannot be decoded is refused
 * rather than guessed at, and a parameter given twice is an error (RFC 6749 section 3.2). A parameter without a value
 * counts as not given (same section).
 */
export function parseForm(request: HttpRequest): FormParameters {
  if (request.body.length > formLimit) throw new TokenRefusal('bodyTooLarge', [String(formLimit)]);
  if (request.body.length === 0) return new Map();
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw malformed('the Content-Type must be application/x-www-form-urlencoded');
  }
  const text = request.body.toString('latin1');
  if (/[^\x21-\x7e]/.test(text)) throw malformed('the request body is not URL-encoded');
  return parsePairs(text);
}

function parsePairs(text: string): FormParameters {
  const pairs = text.split('&');
  if (pairs.length > parameterLimit) throw malformed(`the request body has more than ${parameterLimit} parameters`);
  const parameters = new Map<string, string>();
  const empty = new Set<string>();
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeFormText(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decodeFormText(pair.slice(equals + 1));
    if (name === undefined || value === undefined) throw malformed('the request body is not URL-encoded');
    if (parameters.has(name) || empty.has(name)) throw malformed(`the parameter '${name}' is there twice`);
    if (value === '') empty.add(name);
    else parameters.set(name, value);
  }
  return parameters;
}

/** Percent and plus decoding (RFC 6749 appendix B). `undefined` for a broken escape or bytes that are not UTF-8. */
export function decodeFormText(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const malformed = (reason: string): TokenRefusal => new TokenRefusal('malformed', [reason]);
