/** The parts that a person's name is joined from (ats-api 5.2). */
export interface NameParts {
  readonly first: string;
  readonly middle: string;
  readonly prefix: string;
  readonly last: string;
}

const usualSequence = 'FirstMiddleLast';
const token = /First|Middle|LastNamePrefix|LastPrefix|Last|Comma/gi;

/**
 * A person's full name in the order of the name sequence, for example `FirstMiddleLast` or `LastCommaFirst`. The prefix of
 * the last name stands before it unless the sequence places it. A sequence that names no part counts as the usual one.
 */
export function joinName(parts: NameParts, sequence: string): string {
  const named = (sequence.match(token) ?? []).map((word) => word.toLowerCase());
  const words = named.some((word) => word !== 'comma') ? named : (usualSequence.match(token) ?? []);
  const placesPrefix = words.some((word) => /prefix/i.test(word));
  const text: Record<string, string> = {
    first: parts.first,
    middle: parts.middle,
    lastprefix: parts.prefix,
    lastnameprefix: parts.prefix,
    last: placesPrefix ? parts.last : [parts.prefix, parts.last].filter(Boolean).join(' '),
  };
  let name = '';
  for (const word of words.map((word) => word.toLowerCase())) {
    const next = text[word]?.trim() ?? '';
    if (word === 'comma') name = name === '' || name.endsWith(',') ? name : `${name},`;
    else if (next !== '') name = name === '' ? next : `${name} ${next}`;
  }
  return name.replace(/,$/, '');
}
