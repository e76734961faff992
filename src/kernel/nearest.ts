/** The candidate that differs least from `word`, where it differs by little; letters may have been swapped. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** An id that differs from `id` by little: by a blank or two characters, which the eye passes over. */
export function nearestId(id: string, ids: Iterable<string>): string | undefined {
  for (const each of ids) if (each.toLowerCase() !== id && differsLittle(each.toLowerCase(), id)) return each;
  return undefined;
}

function differsLittle(one: string, other: string): boolean {
  if (one.trim() === other) return true;
  if (one.length !== other.length) return false;
  return [...one].filter((letter, index) => letter !== other[index]).length <= 2;
}
