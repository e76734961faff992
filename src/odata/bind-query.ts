import type { Column, Navigation, Table } from '../metadata/table.ts';
import type { Aliases } from './aliases.ts';
import type { Asking } from './asking.ts';
import { type BoundExpand, bindExpand } from './bind-expand.ts';
import { bindFilter } from './bind-filter.ts';
import { bindOrderBy, bindSelect, emptyQuery, namesNoColumn, parseTop, rowRules } from './bind-shape.ts';
import type { Differences } from './fidelity.ts';
import { maxPageSize, type Preferences } from './preferences.ts';
import { type Place, refuse, type Source } from './problems.ts';
import type { Query } from './query.ts';
import { decodeSkipToken } from './skip-token.ts';
import { parseExpression } from './syntax/expression.ts';
import { parseExpand, parseOrderBy, parseSelect } from './syntax/options.ts';

export interface QueryScope {
  /** System query options, decoded. */
  readonly options: ReadonlyMap<string, string>;
  readonly aliases: Aliases;
  readonly preferences: Preferences;
  readonly differences: Differences;
  readonly asking: Asking;
  /** Absolute URL of the service root, with the slash at its end. */
  readonly apiRoot: string;
}

/** Columns and expands of rows, and how `@odata.context` tells of them: inside the parentheses, empty without. */
export interface Shape {
  readonly query: Query;
  readonly context: string;
  /** `$select` as written. */
  readonly select: readonly string[] | undefined;
}

export interface CollectionShape extends Shape {
  /** Whether further pages are offered; not with `$top`. */
  readonly paged: boolean;
  readonly pageNumber: number;
}

/** `$count=true` and `/$count` stop here (dataverse-web-api 4.10). */
export const maxCount = 5000;

/** The shape of single rows: `$select` and `$expand`. */
export function bindRowShape(table: Table, scope: QueryScope): Shape {
  refuseOthers(scope.options, ['$select', '$expand']);
  return bindShape(table, scope);
}

/** A page of rows with all that the options ask for. */
export function bindCollection(table: Table, scope: QueryScope): CollectionShape {
  const { options } = scope;
  refuseOthers(options, ['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken']);
  const shape = bindShape(table, scope);
  const where = bindWhere(table, scope);
  const order = findSource(options, '$orderby');
  const orderBy = order === undefined ? [] : bindOrderBy(parseOrderBy(order), { ...scope, table, source: order });
  const token = findSource(options, '$skiptoken');
  const place = token === undefined ? undefined : decodeSkipToken(token, table, orderBy);
  const { limit, paged, countUpTo } = pageOf(scope);
  const query = { ...shape.query, where, orderBy, limit, countUpTo, after: place?.after };
  return { ...shape, query, paged, pageNumber: place?.pageNumber ?? 1 };
}

/** How many rows a page has, whether further ones are offered, and how many rows are counted. */
export function pageOf({ options, preferences }: QueryScope): {
  readonly limit: number;
  readonly paged: boolean;
  readonly countUpTo: number | undefined;
} {
  const source = findSource(options, '$top');
  const top = source === undefined ? undefined : parseTop(source.text, { ...source, at: 0 });
  // With a page size asked for, `$top` is ignored (dataverse-web-api 4.3).
  const paged = top === undefined || preferences.maxPageSize !== undefined;
  const limit = paged ? (preferences.maxPageSize ?? maxPageSize) : Math.min(top, maxPageSize);
  return { limit, paged, countUpTo: parseCount(findSource(options, '$count')) ? maxCount : undefined };
}

/** Only the number of rows: `set/$count`. */
export function bindCount(table: Table, scope: QueryScope): Query {
  refuseOthers(scope.options, ['$filter']);
  return { ...emptyQuery(table), where: bindWhere(table, scope), limit: 0, countUpTo: maxCount };
}

/** One column of one row. */
export function bindProperty(table: Table, column: Column, scope: QueryScope): Query {
  refuseOthers(scope.options, []);
  const columns = [column];
  return { ...emptyQuery(table), ...rowRules(table, columns, scope.differences), columns, limit: 1 };
}

/** The addresses of related rows: `nav/$ref`. Of a collection a page at a time. */
export function bindReferences(navigation: Navigation, scope: QueryScope): CollectionShape {
  const { target } = navigation;
  if (navigation.kind === 'single') {
    refuseOthers(scope.options, []);
    const query = { ...emptyQuery(target), limit: 1 };
    return { query, context: '', select: undefined, paged: false, pageNumber: 1 };
  }
  refuseOthers(scope.options, ['$filter', '$orderby', '$top', '$count', '$skiptoken']);
  const shape = bindCollection(target, scope);
  return { ...shape, query: { ...shape.query, columns: [], etag: false, expand: [] } };
}

/** Where a query option itself stands, not its value. */
export const optionPlace = (name: string): Place => ({ text: name, part: `option ${name}`, at: 0 });

/** Refuses system query options that mean nothing for the resource. */
export function refuseOthers(options: ReadonlyMap<string, string>, allowed: readonly string[]): void {
  for (const name of options.keys()) {
    if (!allowed.includes(name)) {
      throw refuse.badRequest(
        `The query option '${name}' cannot be applied to the requested resource.`,
        optionPlace(name),
      );
    }
  }
}

function bindWhere(table: Table, scope: QueryScope): Query['where'] {
  const source = findSource(scope.options, '$filter');
  return source === undefined ? undefined : bindFilter(parseExpression(source), { ...scope, table, source });
}

/** A query option as the text that positions count in. */
export function findSource(options: ReadonlyMap<string, string>, part: string): Required<Source> | undefined {
  const text = options.get(part);
  return text === undefined ? undefined : { text, part };
}

function bindShape(table: Table, scope: QueryScope): Shape {
  const { options, differences } = scope;
  const selectSource = findSource(options, '$select');
  const items = selectSource === undefined ? undefined : parseSelect(selectSource);
  const source = findSource(options, '$expand');
  const expands = source === undefined ? [] : bindExpand(parseExpand(source), table, { ...scope, source });
  const columns = withReferences(bindSelect(items, table, selectSource ?? { text: '' }), expands);
  const select = items?.map((item) => item.text);
  const query: Query = {
    ...emptyQuery(table),
    ...rowRules(table, columns, differences),
    columns,
    ...(namesNoColumn(items) && { namesNoColumn: true }),
    expand: expands.map(({ expand }) => expand),
    limit: 1,
  };
  return { query, select, context: [...(select ?? []), ...expands.map(({ context }) => context)].join(',') };
}

/** With `lookup/$ref` in `$expand` the lookup is given, too, as the real product does. */
function withReferences(columns: readonly Column[], expands: readonly BoundExpand[]): readonly Column[] {
  const missing = expands.flatMap(({ expand: { reference, navigation } }) =>
    reference === true && navigation.kind === 'single' && !columns.includes(navigation.column)
      ? [navigation.column]
      : [],
  );
  return missing.length === 0 ? columns : [...columns, ...missing];
}

function parseCount(source: Required<Source> | undefined): boolean {
  if (source === undefined || source.text === 'false') return false;
  if (source.text === 'true') return true;
  throw refuse.badRequest(
    `Invalid value '${source.text.slice(0, 50)}' for $count query option found. Valid values are 'true' and 'false'.`,
    { ...source, at: 0 },
  );
}
