import type { Pattern, PatternPart } from './query.ts';

/**
 * The wildcards of `contains`, `startswith` and `endswith` (Dataverse's "Use wildcard characters in conditions for string
 * values", which are those of LIKE in Transact-SQL): `%` is any text, `_` any character, `[a-cx]` one of these, `[^a-c]` one
 * that is not. In brackets a wildcard stands for itself: `[%]`. A bracket that is not closed is an ordinary character.
 */
export function parsePattern(text: string): Pattern {
  const parts: PatternPart[] = [];
  let plain = '';
  const lastClosing = text.lastIndexOf(']');
  const add = (part: PatternPart): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push(part);
  };
  for (let at = 0; at < text.length; ) {
    const character = characterAt(text, at);
    // Without looking for a bracket that is not there, again and again.
    const set = character === '[' && at < lastClosing ? parseSet(text, at) : undefined;
    if (set !== undefined) {
      if (typeof set.part === 'string') plain += set.part;
      else add(set.part);
      at = set.end;
      continue;
    }
    if (character === '%') add({ kind: 'any' });
    else if (character === '_') add({ kind: 'one' });
    else plain += character;
    at += character.length;
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0);

/** A set in brackets that begins at `at`; `[x]` is the character itself. `undefined` when it is not closed or empty. */
function parseSet(text: string, at: number): { part: PatternPart | string; end: number } | undefined {
  const negated = text[at + 1] === '^';
  const start = at + (negated ? 2 : 1);
  // A closing bracket that comes first is a member of the set.
  const end = text.indexOf(']', start + 1);
  if (end < 0) return undefined;
  const members = [...text.slice(start, end)];
  const ranges: (readonly [string, string])[] = [];
  for (let member = 0; member < members.length; member++) {
    const from = members[member] ?? '';
    const to = members[member + 1] === '-' ? members[member + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) member += 2;
  }
  const [only] = ranges;
  const isLiteral = !negated && ranges.length === 1 && only !== undefined && only[0] === only[1];
  return { part: isLiteral ? only[0] : { kind: 'among', negated, ranges }, end: end + 1 };
}
