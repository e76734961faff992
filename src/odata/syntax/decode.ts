import { refuse } from '../problems.ts';
import { isCleanText } from '../values.ts';

/** Percent-decodes a part of a URL; in a query `+` is a space, as HTML forms and Python's `requests` write it. */
export function decodeComponent(text: string, plusIsSpace: boolean): string {
  const spaced = plusIsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text;
  const decoded = spaced.includes('%') ? percentDecode(spaced) : spaced;
  if (!isCleanText(decoded)) throw refuse.badRequest('the URL holds a NUL character or half of a surrogate pair');
  return decoded;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse.badRequest('the URL holds a percent sign that does not begin an encoded UTF-8 character');
  }
}
