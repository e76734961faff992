import type { HrAdministrator } from '../hr/authorize-administration.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Guid } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import { Aliases } from '../odata/aliases.ts';
import { Asking } from '../odata/asking.ts';
import { bindCollection, bindCount, bindRowShape, type QueryScope } from '../odata/bind-query.ts';
import { Differences } from '../odata/fidelity.ts';
import type { RequestHeaders } from '../odata/headers.ts';
import { parsePreferences } from '../odata/preferences.ts';
import { equals, type Query, type Value } from '../odata/query.ts';
import { rowIdOfKey } from '../odata/row-id.ts';
import type { RowStore } from '../odata/row-store.ts';
import { encodeSkipToken } from '../odata/skip-token.ts';
import type { QueryOptions } from '../odata/syntax/query-string.ts';
import type { Address } from './address.ts';
import { finopsRefuse } from './finops-problems.ts';
import { withWildcards } from './wildcards.ts';

/** What reads need; `administrator` makes the plans. */
export interface ReadDeps {
  readonly publicUrl: string;
  readonly store: RowStore;
  readonly administrator: HrAdministrator;
}

/** Rows in one answer; the product has no page links below this many (human-resources-security 5.5). */
const pageSize = 10_000;

/** A page of a set as the body of the answer, with a link to the next one where there are more rows. */
export async function readSet(deps: ReadDeps, { table, options }: Address, headers: RequestHeaders): Promise<string> {
  refuseUnsupported(options.system, ['$filter', '$select', '$orderby', '$top', '$skip', '$count', '$skiptoken']);
  const preferences = parsePreferences(headers);
  const { query, context, pageNumber } = bindCollection(table, { ...scopeOf(deps, options), preferences });
  const paged = preferences.maxPageSize !== undefined || !options.system.has('$top');
  const limit = paged ? (preferences.maxPageSize ?? pageSize) : (query.limit ?? pageSize);
  const skip = parseSkip(options.system.get('$skip'));
  const asked = {
    ...withOwnFilter(query),
    limit: limit + skip,
    ...(query.countUpTo !== undefined && { countUpTo: manyRows }),
  };
  const page = await deps.store.query(deps.administrator.read(asked));
  const rows = page.rows.slice(skip).map((row) => JSON.stringify(shownRow(table, row)));
  const count = page.count === undefined ? '' : `"@odata.count":${page.count},`;
  const suffix = context === '' ? '' : `(${context})`;
  const link = page.next && paged ? nextLink(deps, table, options, encodeSkipToken(pageNumber + 1, page.next)) : '';
  return `{"@odata.context":${contextUrl(deps, `${table.entitySetName}${suffix}`)},${count}"value":[${rows.join(',')}]${link}}`;
}

/** The number of rows that meet the filter. */
export async function readCount(deps: ReadDeps, { table, options }: Address): Promise<string> {
  refuseUnsupported(options.system, ['$filter']);
  const query = { ...withOwnFilter(bindCount(table, scopeOf(deps, options))), countUpTo: manyRows };
  return String((await deps.store.query(deps.administrator.read(query))).count ?? 0);
}

/** Counts of finance and operations do not stop at Dataverse's 5000. */
const manyRows = 10_000_000;

const withOwnFilter = (query: Query): Query =>
  query.where === undefined ? query : { ...query, where: withWildcards(query.where) };

/** Rows to pass over. Sets of administration are small, so these are read and left out. */
function parseSkip(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw finopsRefuse.badRequest(`Invalid value '${text.slice(0, 50)}' for $skip query option found.`);
}

/** The same request with the place of the next page. `token` is percent-encoded already. */
function nextLink({ publicUrl }: ReadDeps, table: Table, { system, aliases }: QueryOptions, token: string): string {
  const options = [...system, ...aliases].filter(([name]) => name !== '$skiptoken' && name !== '$skip');
  const query = [...options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`), `$skiptoken=${token}`];
  const url = `${publicUrl}/data/${table.entitySetName}?${query.join('&')}`;
  return `,"@odata.nextLink":${JSON.stringify(url)}`;
}

/** One row by the values of its key, or by its id, as the body of the answer. 404 when it is not there. */
export async function readRow(
  deps: ReadDeps,
  { table, options }: Address,
  key: readonly Value[] | Guid,
): Promise<string> {
  refuseUnsupported(options.system, ['$select']);
  const { query, context } = bindRowShape(table, scopeOf(deps, options));
  const id = typeof key === 'string' ? key : rowIdOfKey(table, key);
  const only: Query = { ...query, where: equals(table.primaryKey, id), limit: 1 };
  const [row] = (await deps.store.query(deps.administrator.read(only))).rows;
  if (row === undefined) throw finopsRefuse.rowNotFound(table);
  const suffix = context === '' ? '' : `(${context})`;
  const head = `"@odata.context":${contextUrl(deps, `${table.entitySetName}${suffix}/$entity`)}`;
  return `{${head},${JSON.stringify(shownRow(table, row)).slice(1)}`;
}

/** Absolute URL of a row, by its business key. */
export function rowUrl(publicUrl: string, table: Table, row: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string => `'${encodeURIComponent(String(row[name] ?? '').replaceAll("'", "''"))}'`;
  const names = table.naturalKey.map((column) => column.name);
  const key = names.length === 1 ? text(names[0] ?? '') : names.map((name) => `${name}=${text(name)}`).join(',');
  return `${publicUrl}/data/${table.entitySetName}(${key})`;
}

function refuseUnsupported(options: ReadonlyMap<string, string>, supported: readonly string[]): void {
  for (const name of options.keys()) {
    if (!supported.includes(name)) throw finopsRefuse.notImplemented(`the query option ${name} here`);
  }
}

const scopeOf = (deps: ReadDeps, options: Address['options']): QueryScope => ({
  options: new Map([...options.system].filter(([name]) => name !== '$skip')),
  aliases: new Aliases(options.aliases),
  preferences: parsePreferences({}),
  differences: new Differences('extended'),
  // Query functions, which alone ask for it, are Dataverse's.
  asking: new Asking(systemClock, () => undefined),
  apiRoot: `${deps.publicUrl}/data/`,
});

const contextUrl = ({ publicUrl }: ReadDeps, of: string): string => JSON.stringify(`${publicUrl}/data/$metadata#${of}`);

/** The row without its internal id, which the surface never shows. */
function shownRow(table: Table, row: string): Record<string, unknown> {
  const members = Object.entries(JSON.parse(row) as Record<string, unknown>);
  return Object.fromEntries(members.filter(([name]) => name !== table.primaryKey.name));
}
