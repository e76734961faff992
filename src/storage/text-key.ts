import { createHash } from 'node:crypto';
import { type Alphabet, alphabets, classOrder, ownLetters } from './alphabet.ts';

/**
 * The keys by which text is compared, computed here and nowhere else, when a row is written and when a value is
 * compared with it. Databases compare the bytes of the keys and so agree, whatever their own idea of text is.
 */

/**
 * Text without regard to case: two texts are equal exactly when their keys are. Also what `contains`, `startswith` and
 * `endswith` look into. Unicode full case folding of the NFC form (`ß` is `ss`, final `ς` is `σ`).
 */
export function equalityKey(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const lower = wellFormed(text).normalize('NFC').toLowerCase();
  return lower.replace(folded, (character) => foldings[character] ?? character).normalize('NFC');
}

/**
 * Text whose UTF-8 bytes sort as the alphabet does: spaces, punctuation, symbols, digits, letters. Two texts have the
 * same key exactly when they have the same equality key, so one index answers both `eq` and `order by`.
 */
export const orderKey = (text: string, alphabet: Alphabet): string => orderKeyOf(equalityKey(text), alphabet);

/** As `orderKey`, of an equality key. */
export function orderKeyOf(equality: string, alphabet: Alphabet): string {
  const { weights, exact } = weigh(equality, alphabet);
  const key = exact ? weights : weights + separator + equality;
  return key.length <= shortKey || Buffer.byteLength(key) <= longestKey ? key : shorten(weights, equality);
}

/**
 * Range of order keys that holds every text that starts with `text`, and some that do not:
 * `from <= key and key < to`. Lets an index serve `startswith`.
 */
export function orderKeyRange(text: string, alphabet: Alphabet): { readonly from: string; readonly to: string } {
  const equality = equalityKey(text);
  // A last single `a` may be half of an `aa` in the longer text.
  const trailing = alphabets[alphabet].doubleA === undefined ? 0 : (/a*$/.exec(equality)?.[0].length ?? 0) % 2;
  const { weights } = weigh(trailing === 0 ? equality : equality.slice(0, -1), alphabet);
  const from = cutToBytes(weights, longestWeights / 2);
  return { from, to: from + aboveAll };
}

/** Half a surrogate pair cannot be stored as UTF-8; both databases would keep U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogate, '\ufffd');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what this must not match
const ascii = /^[\x01-\x7f]*$/;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Where lower case is not yet the folded form. U+0000 cannot be stored; a compared value may hold it and equals nothing. */
const foldings: Readonly<Record<string, string>> = {
  ß: 'ss',
  ς: 'σ',
  ſ: 's',
  µ: 'μ',
  ŉ: 'ʼn',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'st',
  ﬆ: 'st',
  '\0': '\uffff',
};
const folded = new RegExp(`[${Object.keys(foldings).join('')}]`, 'g');

/** Lowest of all: what comes after it only breaks ties. */
const separator = '\x01';
/** Above every weight. */
const aboveAll = '\x7f';
/** Characters that can't exceed `longestKey` bytes. */
const shortKey = 128;
/** INVARIANT: five keys fit into one entry of a PostgreSQL index (2,704 bytes). */
const longestKey = 512;
const longestWeights = 440;

interface Weighed {
  readonly weights: string;
  /** Nothing was lost: no other text has these weights, and the key needs no tie-break. */
  readonly exact: boolean;
}

function weigh(equality: string, alphabet: Alphabet): Weighed {
  const table = tables[alphabet];
  const { doubleA } = alphabets[alphabet];
  let weights = '';
  let exact = true;
  let previousIsA = false;
  for (const character of equality) {
    if (previousIsA && character === 'a' && doubleA !== undefined) {
      weights = weights.slice(0, -1) + doubleA;
      exact = false;
      previousIsA = false;
      continue;
    }
    const known = table.get(character);
    weights += known ?? weighOther(character, table);
    if (known === undefined ? !ownWeight.test(character) : table.lossy.has(character)) exact = false;
    previousIsA = character === 'a';
  }
  return { weights, exact };
}

/** A character that is in no table: that without its last accent, or its class's marker and itself; nothing for controls. */
function weighOther(character: string, table: WeightTable): string {
  const parts = [...character.normalize('NFD')];
  const last = parts.pop() ?? '';
  if (parts.length === 0) return weighSingle(last);
  const weighBase = (part: string): string => table.get(part) ?? weighOther(part, table);
  return [...parts.join('').normalize('NFC'), last].map(weighBase).join('');
}

function weighSingle(character: string): string {
  const found = markers.find(({ pattern }) => pattern.test(character));
  return found === undefined ? '' : found.marker + character;
}

/** The other characters of each class; marks, controls and unassigned characters are in none. */
const markerPatterns = {
  space: /^\p{Z}$/u,
  punctuation: /^\p{P}$/u,
  symbol: /^\p{S}$/u,
  digit: /^\p{N}$/u,
  letter: /^\p{L}$/u,
} as const;

/** Its weight is its marker and itself: it has no decomposition (checked by NFD) and a class. */
const ownWeight = {
  test: (character: string): boolean => character.normalize('NFD') === character && weighSingle(character) !== '',
};

const digitMarker = ':';
const letterMarker = '~';

interface Marker {
  readonly pattern: RegExp;
  readonly marker: string;
}

class WeightTable extends Map<string, string> {
  /** Characters that share their weight with others. */
  readonly lossy = new Set<string>();
}

const { base, markers } = makeBase();
const tables: Readonly<Record<Alphabet, WeightTable>> = { nb: makeTable('nb'), en: makeTable('en') };

/** Weights of spaces, punctuation and symbols from U+0002 on; digits and letters stand for themselves. */
function makeBase(): { base: WeightTable; markers: readonly Marker[] } {
  const table = new WeightTable();
  const found: Marker[] = [];
  let weight = 2;
  for (const name of ['space', 'punctuation', 'symbol'] as const) {
    for (const character of classOrder[name]) table.set(character, String.fromCharCode(weight++));
    found.push({ pattern: markerPatterns[name], marker: String.fromCharCode(weight++) });
  }
  if (weight > '0'.charCodeAt(0)) throw new RangeError('too many characters before the digits');
  for (const character of '0123456789abcdefghijklmnopqrstuvwxyz') table.set(character, character);
  found.push({ pattern: markerPatterns.digit, marker: digitMarker });
  found.push({ pattern: markerPatterns.letter, marker: letterMarker });
  return { base: table, markers: found };
}

function makeTable(alphabet: Alphabet): WeightTable {
  const table = new WeightTable(base);
  for (const [letter, weight] of Object.entries(alphabets[alphabet].letters)) {
    table.set(letter, weight);
    if (!ownLetters[alphabet].has(letter)) table.lossy.add(letter);
  }
  return table;
}

/** A very long text: sorts by its beginning, and what follows keeps it apart from every other text. */
function shorten(weights: string, equality: string): string {
  const digest = createHash('sha256').update(equality).digest('base64url');
  return `${cutToBytes(weights, longestWeights)}${separator}${digest}`;
}

/** The longest beginning of whole weights that has at most so many bytes. */
function cutToBytes(weights: string, bytes: number): string {
  if (weights.length * 3 <= bytes) return weights;
  let size = 0;
  let cut = '';
  for (const character of weights) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    cut += character;
  }
  return cut;
}
