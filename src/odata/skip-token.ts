import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Column, Table } from '../metadata/table.ts';
import { type FlatQuery, flatPlaces } from './flat-query.ts';
import { refuse, type Source } from './problems.ts';
import type { Order, Value } from './query.ts';
import { formatDecimal, isCleanText, isInt32, parseDecimal, parseInt64, parseMoment, parseOptions } from './values.ts';

/**
 * `$skiptoken` in the product's shape (dataverse-web-api 4.10): a cookie in XML, of which clients read nothing but the
 * `pagingcookie` attribute, to see that it changes from page to page. Ours holds the place of the last row.
 */
const cookiePattern =
  /^<cookie pagenumber="(\d{1,9})" pagingcookie="([A-Za-z0-9_-]+)" istracking="(?:False|True)" \/>$/;

/** The token of page `pageNumber`, which begins after `next` (see `Query.after`), percent-encoded for a URL. */
export function encodeSkipToken(pageNumber: number, next: readonly Value[]): string {
  const cookie = encodePlace(next);
  return encodeURIComponent(`<cookie pagenumber="${pageNumber}" pagingcookie="${cookie}" istracking="False" />`);
}

/** Values that mark a place, as text without special characters. */
export function encodePlace(next: readonly Value[]): string {
  // A bigint travels as an array with its digits: JSON has no other mark for it.
  const values = next.map((value) => (typeof value === 'bigint' ? [value.toString()] : value));
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The values of `encodePlace`, one for each column. Clients can write anything: `undefined` when it is no such text. */
export function decodePlace(text: string, columns: readonly Column[]): readonly Value[] | undefined {
  const values = parseCookie(text);
  if (values?.length !== columns.length) return undefined;
  const place = columns.map((column, at) => parseValue(column, values[at]));
  return place.every((value) => value !== undefined) ? place : undefined;
}

/** A token for a flat query. */
export function decodeFlatToken(source: Source, query: FlatQuery): PagePlace {
  const match = cookiePattern.exec(source.text);
  const pageNumber = Number(match?.[1]);
  const places = flatPlaces(query).map(({ column }) => column);
  const after = decodePlace(match?.[2] ?? '', places);
  if (after !== undefined && pageNumber >= 1) return { pageNumber, after };
  throw refuse.badRequest('the query option $skiptoken is malformed or belongs to another query', { ...source, at: 0 });
}

export interface PagePlace {
  readonly pageNumber: number;
  readonly after: readonly Value[];
}

/** A token, decoded from its URL, for a query in this order. Clients can write anything: each value is checked. */
export function decodeSkipToken(source: Source, table: Table, orderBy: readonly Order[]): PagePlace {
  const malformed = (): Error =>
    refuse.badRequest('the query option $skiptoken is malformed or belongs to another query', { ...source, at: 0 });
  const match = cookiePattern.exec(source.text);
  const pageNumber = Number(match?.[1]);
  const values = parseCookie(match?.[2] ?? '');
  const columns = [...orderBy.map(({ column }) => column), table.primaryKey];
  // Where the order ends with the primary key already, it may stand there once or twice.
  const last = orderBy.at(-1);
  const endsWithKey = last?.column === table.primaryKey && last.through === undefined;
  if (endsWithKey && values?.length === columns.length - 1) columns.pop();
  if (values === undefined || values.length !== columns.length || pageNumber < 1) throw malformed();
  const after = columns.map((column, index) => {
    const value = parseValue(column, values[index]);
    if (value === undefined) throw malformed();
    return value;
  });
  if (after.at(-1) === null) throw malformed();
  return { pageNumber, after };
}

function parseCookie(cookie: string): readonly unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function parseValue(column: Column, given: unknown): Value | undefined {
  if (given === null) return null;
  return typeof given === 'string' ? parseText(column, given) : parseOther(column, given);
}

function parseText(column: Column, text: string): Value | undefined {
  switch (column.type) {
    case 'String':
    case 'Memo':
      return isCleanText(text) ? text : undefined;
    case 'Guid':
    case 'Lookup':
      return parseGuid(text);
    case 'Date':
    case 'DateTime':
      return parseMoment(text)?.utc === text ? text : undefined;
    case 'Decimal': {
      const decimal = parseDecimal(text);
      return decimal !== undefined && formatDecimal(decimal) === text ? text : undefined;
    }
    case 'Choices':
      return parseOptions(text)?.join() === text ? text : undefined;
    case 'Integer':
    case 'BigInt':
    case 'Choice':
    case 'Boolean':
      return undefined;
    default:
      return unreachable(column.type);
  }
}

function parseOther(column: Column, given: unknown): Value | undefined {
  if (typeof given === 'boolean') return column.type === 'Boolean' ? given : undefined;
  if (typeof given === 'number') {
    return (column.type === 'Integer' || column.type === 'Choice') && isInt32(given) ? given : undefined;
  }
  const [digits] = Array.isArray(given) && given.length === 1 ? given : [];
  return column.type === 'BigInt' && typeof digits === 'string' ? parseInt64(digits) : undefined;
}
