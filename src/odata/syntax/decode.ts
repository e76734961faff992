import { type Place, refuse } from '../problems.ts';
import { isCleanText } from '../values.ts';

/**
 * Percent-decodes a part of a URL; in a query `+` is a space, as HTML forms and Python's `requests` write it. `place` is
 * where the part begins.
 */
export function decodeComponent(text: string, plusIsSpace: boolean, place: Place): string {
  const spaced = plusIsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text;
  const decoded = spaced.includes('%') ? percentDecode(spaced, place) : spaced;
  if (!isCleanText(decoded)) {
    throw refuse.badRequest('the URL holds a NUL character or half of a surrogate pair', {
      ...place,
      at: place.at + Math.max(text.search(badCharacter), 0),
    });
  }
  return decoded;
}

function percentDecode(text: string, place: Place): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse.badRequest('the URL holds a percent sign that does not begin an encoded UTF-8 character', {
      ...place,
      at: place.at + badPercent(text),
    });
  }
}

/** A NUL, encoded or not, and half of a surrogate pair, which encoded would be no UTF-8. */
const badCharacter = /\0|%00|\p{Surrogate}/u;

const sequence = /(?:%[0-9a-f]{2})+/iy;

/** Where the first run of encoded bytes begins that is no UTF-8, or that has a percent sign without two digits. */
function badPercent(text: string): number {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    sequence.lastIndex = at;
    const run = sequence.exec(text)?.[0] ?? '';
    try {
      decodeURIComponent(run);
    } catch {
      return at;
    }
    if (run === '') return at;
    at += run.length;
  }
  return 0;
}
