import type { AuditText } from './audit.ts';
import type { HttpRequest } from './http.ts';
import type { Refusal } from './refusal.ts';

/** Longest reason that is kept, and longest that is looked at, in UTF-16 units. */
const longest = 1000;
const longestRead = 2000;
/** Bodies above this are not searched for words, which would cost too much; nothing of a message about one is kept. */
const longestSearchedBody = 64 * 1024;

const mask = '…';

/** Whether a word is one of ours: a table, a column, a privilege. Such words are kept wherever they come from. */
type IsName = (word: string) => boolean;

const noName: IsName = () => false;

const guid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;
/** Host and path; a URL with a user, a query or a fragment is not plain. */
const plainUrl = /^(?:https?|api|urn):[a-z0-9./:_-]{1,300}$/i;
/** Domains, parameter names, grant types, extension names: lower case and short. */
const plainName = /^[a-z][a-z0-9_.:-]{0,63}$/;
/** What a secret, a token or a signature looks like: long, without blanks, with capitals, small letters and digits. */
const secretLike = /[A-Za-z0-9_~+/=.-]{24,}/g;

/**
 * A sentence of ours, which may quote ids and addresses that the client sent, to text that may be kept: what is quoted
 * and is neither an id, an address, a lower-case name nor one of `isName` is masked. So is what looks like a secret, and
 * each of `sent`, the values that the client sent, that is none of these, wherever it stands.
 */
export function parseAuditText(text: string, isName: IsName = noName, sent: readonly string[] = []): AuditText {
  const isPlain = (value: string): boolean =>
    guid.test(value) || plainUrl.test(value) || plainName.test(value) || isName(value);
  const masked = maskSecrets(maskQuoted(maskSent(oneLine(text), sent, isPlain), isPlain), isName);
  return masked.slice(0, longest) as AuditText;
}

/** Shorter ones would mask words of ours, and tell nothing. */
const shortestValue = 4;

/** Masks what stands in `sent` too. Messages repeat values whole or in part, some with `?` for what is not ASCII. */
function maskSent(text: string, sent: readonly string[], isPlain: IsName): string {
  if (sent.length === 0) return text;
  const all = sent.join(' ');
  const known = `${all} ${all.replace(/[^\x20-\x7e]/g, '?')}`;
  return text.replace(/[^\s'"]+/g, (run) => {
    const bare = run.replace(/^[(`]+|[)`.,;:!]+$/g, '');
    return bare.length >= shortestValue && !isPlain(bare) && known.includes(bare) ? run.replace(bare, mask) : run;
  });
}

/**
 * A message about what a request holds, such as a syntax error or a rule of business logic, to text that may be kept:
 * every word that the request has too is masked, save names of ours; so is all that is quoted. What the message says in
 * words of its own remains.
 */
export function parseRequestText(text: string, request: HttpRequest, isName: IsName = noName): AuditText {
  if (request.body.length > longestSearchedBody) return mask as AuditText;
  const sent = wordsOf(sentText(request));
  const isKept = (word: string): boolean => isName(word) || !sent.has(word.toLowerCase());
  const quoted = maskFromFirst(oneLine(text), isName);
  const masked = quoted.replace(guidOrWord, (word) => (guid.test(word) || isKept(word) ? word : mask));
  return maskSecrets(masked, isName).slice(0, longest) as AuditText;
}

/** A word that the end cuts off goes too: what is left of it would not be known for what it is. */
function oneLine(text: string): string {
  const read = text.length <= longestRead ? text : text.slice(0, longestRead).replace(/\S*$/, mask);
  return read.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ');
}

/**
 * The true reason of a refusal, to text that may be kept in a log: what the request holds is repeated by those of the
 * parser and of business logic, and by no others.
 */
export const parseReason = ({ stage, reason }: Refusal, request: HttpRequest, isName: IsName = noName): AuditText =>
  stage === 'parse' || stage === 'run' ? parseRequestText(reason, request, isName) : parseAuditText(reason, isName);

const quotedPieces = /(?<![\p{L}\p{N}])(['"])(.*?)\1(?![\p{L}\p{N}])/gu;
/** A quotation mark that is no apostrophe within a word. */
const strayMark = /(?<![\p{L}\p{N}])['"]|['"](?![\p{L}\p{N}])/u;

/** Each quoted piece that may not be kept; where marks do not pair up, everything from the first such piece on. */
function maskQuoted(text: string, isPlain: IsName): string {
  if (strayMark.test(text.replace(quotedPieces, ''))) return maskFromFirst(text, isPlain);
  return text.replace(quotedPieces, (piece, quote: string, quoted: string) =>
    isPlain(quoted) ? piece : `${quote}${mask}${quote}`,
  );
}

/** From the first quoted piece that may not be kept to the last mark: a value may hold quotation marks itself. */
function maskFromFirst(text: string, isPlain: IsName): string {
  const first = [...text.matchAll(/(?<![\p{L}\p{N}])(['"])(.*?)(?:\1|$)/gu)].find((match) => !isPlain(match[2] ?? ''));
  if (first === undefined) return text;
  const end = Math.max(text.lastIndexOf("'"), text.lastIndexOf('"'), first.index);
  return `${text.slice(0, first.index)}'${mask}'${text.slice(end + 1)}`;
}

const maskSecrets = (text: string, isName: IsName): string =>
  text.replace(secretLike, (run) =>
    /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) && !run.split(/[/.=]/).every(isName) ? mask : run,
  );

const guidOrWord = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\p{L}\p{N}_]+/giu;

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.match(/[\p{L}\p{N}_]+/gu) ?? []).map((word) => word.toLowerCase()));

/** URL and body, as sent and decoded: JSON may write letters as escapes, a URL any byte. */
function sentText({ url, body }: HttpRequest): string {
  const text = body.toString('utf8');
  const unescaped = text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [url, decoded(url), text, unescaped.replace(/\\[nrtbf]/g, ' ')].join(' ');
}

/** Percent-decoded as far as it can be. */
function decoded(url: string): string {
  const spaced = url.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return Buffer.from(
      spaced.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  }
}
