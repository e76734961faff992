import { createHash } from 'node:crypto';
import { type FlatQuery, flatPlaces } from '../flat-query.ts';
import type { Value } from '../query.ts';
import { decodePlace, encodePlace } from '../skip-token.ts';

/**
 * The paging cookie of FetchXML in the product's shape ("Page results using FetchXml"): XML inside an attribute, where it
 * is percent-encoded twice. Ours holds the place of the last row and a check of that place in that order. A cookie gives
 * no rights: the rows after a place are those that the caller may see, whatever the place.
 */
const cookiePattern =
  /^<cookie page="(\d{1,9})"><place last="([A-Za-z0-9_-]*)" check="([A-Za-z0-9_-]+)" ?\/><\/cookie>$/;

/** `<cookie pagenumber="2" pagingcookie="…" istracking="False" />`: the annotation on page `pageNumber`, and what the next begins after. */
export function encodeFetchCookie(pageNumber: number, next: readonly Value[], query: FlatQuery): string {
  const place = encodePlace(next);
  const cookie = `<cookie page="${pageNumber}"><place last="${place}" check="${checkOf(place, query)}" /></cookie>`;
  const encoded = encodeURIComponent(encodeURIComponent(cookie));
  return `<cookie pagenumber="${pageNumber + 1}" pagingcookie="${encoded}" istracking="False" />`;
}

/** What `paging-cookie` says; `malformed` when it was changed, `other` when it belongs to another order. */
export function decodeFetchCookie(text: string, query: FlatQuery): readonly Value[] | 'malformed' | 'other' {
  const [, , place, check] = cookiePattern.exec(text.trim()) ?? [];
  if (place === undefined || check === undefined) return 'malformed';
  if (check !== checkOf(place, query)) return 'other';
  return (
    decodePlace(
      place,
      flatPlaces(query).map(({ column }) => column),
    ) ?? 'other'
  );
}

/** Tells a place that was changed, or that was found in another order. */
function checkOf(place: string, query: FlatQuery): string {
  const order = flatPlaces(query).map(
    ({ source, column, descending, output }) =>
      `${output ?? ''}/${source}.${column.table.logicalName}.${column.name} ${descending}`,
  );
  return createHash('sha256')
    .update([place, query.answer, ...order].join('\n'))
    .digest('base64url')
    .slice(0, 16);
}
