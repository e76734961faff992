import { parseGuid } from '../kernel/ids.ts';
import { graphRefusal } from './problems.ts';

/** The query options of a request. */
export interface ListQuery {
  readonly top: number;
  readonly filter: { readonly property: 'appId' | 'displayName'; readonly value: string } | undefined;
  /** Properties to show; `undefined`: all. */
  readonly select: readonly string[] | undefined;
  /** Object id after which the page begins. */
  readonly after: string | undefined;
  /** The options as sent, without `$skiptoken`, for the link to the next page. */
  readonly sent: readonly (readonly [string, string])[];
}

const defaultTop = 100;
const maximumTop = 999;
const known: ReadonlySet<string> = new Set(['$top', '$filter', '$select', '$skiptoken']);

/** Parses what follows the `?`. Options that begin with `$` and are not supported are refused, others ignored. */
export function parseListQuery(text: string): ListQuery {
  const options = [...new URLSearchParams(text)].filter(([name]) => name.startsWith('$'));
  const values = new Map(options);
  for (const [name] of options) {
    if (!known.has(name)) throw graphRefusal('notImplemented', [`the query option '${name}'`]);
  }
  if (values.size < options.length) throw graphRefusal('invalidOption', [text, 'it is there twice']);
  return {
    top: parseTop(values.get('$top')),
    filter: parseFilter(values.get('$filter')),
    select: values
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()),
    after: parseSkipToken(values.get('$skiptoken')),
    sent: options.filter(([name]) => name !== '$skiptoken'),
  };
}

function parseTop(text: string | undefined): number {
  if (text === undefined) return defaultTop;
  const top = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (top < 1) throw graphRefusal('invalidOption', ['$top', `must be between 1 and ${maximumTop} inclusive`]);
  return top;
}

function parseFilter(text: string | undefined): ListQuery['filter'] {
  if (text === undefined) return undefined;
  const match = /^\s*(appId|displayName)\s+eq\s+'((?:[^']|'')*)'\s*$/.exec(text);
  const property = match?.[1];
  if (property !== 'appId' && property !== 'displayName') throw graphRefusal('unsupportedFilter');
  return { property, value: (match?.[2] ?? '').replaceAll("''", "'") };
}

function parseSkipToken(text: string | undefined): string | undefined {
  const token = text === undefined ? undefined : parseGuid(text);
  if (text !== undefined && token === undefined) throw graphRefusal('invalidOption', ['$skiptoken', 'not one of ours']);
  return token;
}

/** A row of the directory as far as lists need it. */
export interface Listed {
  readonly id: string;
  readonly clientId: string;
  readonly displayName: string;
}

/** One page out of `rows`, which are in order of their ids, and the query of the next one if there is more. */
export function takePage<T extends Listed>(
  rows: readonly T[],
  query: ListQuery,
): { readonly page: readonly T[]; readonly next: string | undefined } {
  const { after, top } = query;
  const rest = rows.filter((row) => meets(row, query.filter) && (after === undefined || row.id > after));
  const page = rest.slice(0, top);
  const last = page.at(-1);
  if (last === undefined || rest.length <= top) return { page, next: undefined };
  const options = [...query.sent, ['$skiptoken', last.id] as const];
  return { page, next: options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&') };
}

function meets(row: Listed, filter: ListQuery['filter']): boolean {
  if (filter === undefined) return true;
  const value = filter.property === 'appId' ? row.clientId : row.displayName;
  return value.toLowerCase() === filter.value.toLowerCase();
}
