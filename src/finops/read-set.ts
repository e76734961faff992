import type { HrAdministrator } from '../hr/authorize-administration.ts';
import type { Guid } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import { Aliases } from '../odata/aliases.ts';
import { bindCollection, bindRowShape, type QueryScope } from '../odata/bind-query.ts';
import { Differences } from '../odata/fidelity.ts';
import { parsePreferences } from '../odata/preferences.ts';
import type { Condition, Query, Value } from '../odata/query.ts';
import { rowIdOfKey } from '../odata/row-id.ts';
import type { RowStore } from '../odata/row-store.ts';
import type { Address } from './address.ts';
import { finopsRefuse } from './finops-problems.ts';

/** What reads need; `administrator` makes the plans. */
export interface ReadDeps {
  readonly publicUrl: string;
  readonly store: RowStore;
  readonly administrator: HrAdministrator;
}

/** Rows in one answer; the product has no page links below this many (human-resources-security 5.5). */
const pageSize = 10_000;

/** All rows of a set that the options ask for, as the body of the answer. */
export async function readSet(deps: ReadDeps, { table, options }: Address): Promise<string> {
  refuseUnsupported(options.system, ['$filter', '$select', '$orderby', '$top', '$count']);
  const { query, context } = bindCollection(table, scopeOf(deps, options));
  const limit = options.system.has('$top') ? query.limit : pageSize;
  const page = await deps.store.query(deps.administrator.read({ ...query, limit }));
  const rows = page.rows.map((row) => JSON.stringify(shownRow(table, row)));
  const count = page.count === undefined ? '' : `"@odata.count":${page.count},`;
  const suffix = context === '' ? '' : `(${context})`;
  return `{"@odata.context":${contextUrl(deps, `${table.entitySetName}${suffix}`)},${count}"value":[${rows.join(',')}]}`;
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
  const where: Condition = { kind: 'compare', op: 'eq', column: table.primaryKey, value: id };
  const only: Query = { ...query, where, limit: 1 };
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
  options: options.system,
  aliases: new Aliases(options.aliases),
  preferences: parsePreferences({}),
  differences: new Differences('extended'),
  apiRoot: `${deps.publicUrl}/data/`,
});

const contextUrl = ({ publicUrl }: ReadDeps, of: string): string => JSON.stringify(`${publicUrl}/data/$metadata#${of}`);

/** The row without its internal id, which the surface never shows. */
function shownRow(table: Table, row: string): Record<string, unknown> {
  const members = Object.entries(JSON.parse(row) as Record<string, unknown>);
  return Object.fromEntries(members.filter(([name]) => name !== table.primaryKey.name));
}
