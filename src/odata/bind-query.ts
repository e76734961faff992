import type { Table } from '../metadata/table.ts';
import type { Aliases } from './aliases.ts';
import { bindExpand } from './bind-expand.ts';
import { bindFilter } from './bind-filter.ts';
import { bindOrderBy, bindSelect, emptyQuery, parseTop, rowRules } from './bind-shape.ts';
import type { Differences } from './fidelity.ts';
import { maxPageSize, type Preferences } from './preferences.ts';
import { refuse } from './problems.ts';
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
const maxCount = 5000;

/** The shape of single rows: `$select` and `$expand`. */
export function bindRowShape(table: Table, scope: QueryScope): Shape {
  refuseOthers(scope.options, ['$select', '$expand']);
  return bindShape(table, scope);
}

/** A page of rows with all that the options ask for. */
export function bindCollection(table: Table, scope: QueryScope): CollectionShape {
  const { options, preferences, differences } = scope;
  refuseOthers(options, ['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken']);
  const shape = bindShape(table, scope);
  const where = bindWhere(table, scope);
  const orderText = options.get('$orderby');
  const orderBy = orderText === undefined ? [] : bindOrderBy(parseOrderBy(orderText), table, orderText, differences);
  const token = options.get('$skiptoken');
  const place = token === undefined ? undefined : decodeSkipToken(token, table, orderBy);
  const topText = options.get('$top');
  const top = topText === undefined ? undefined : parseTop(topText);
  // With a page size asked for, `$top` is ignored (dataverse-web-api 4.3).
  const paged = top === undefined || preferences.maxPageSize !== undefined;
  const limit = paged ? (preferences.maxPageSize ?? maxPageSize) : Math.min(top, maxPageSize);
  const countUpTo = parseCount(options.get('$count')) ? maxCount : undefined;
  const query = { ...shape.query, where, orderBy, limit, countUpTo, after: place?.after };
  return { ...shape, query, paged, pageNumber: place?.pageNumber ?? 1 };
}

/** Only the number of rows: `set/$count`. */
export function bindCount(table: Table, scope: QueryScope): Query {
  refuseOthers(scope.options, ['$filter']);
  return { ...emptyQuery(table), where: bindWhere(table, scope), limit: 0, countUpTo: maxCount };
}

/** Refuses system query options that mean nothing for the resource. */
export function refuseOthers(options: ReadonlyMap<string, string>, allowed: readonly string[]): void {
  for (const name of options.keys()) {
    if (!allowed.includes(name)) {
      throw refuse.badRequest(`The query option '${name}' cannot be applied to the requested resource.`);
    }
  }
}

function bindWhere(table: Table, { options, aliases, differences }: QueryScope): Query['where'] {
  const text = options.get('$filter');
  return text === undefined ? undefined : bindFilter(parseExpression(text), { table, text, aliases, differences });
}

function bindShape(table: Table, { options, differences, apiRoot }: QueryScope): Shape {
  const selectText = options.get('$select');
  const items = selectText === undefined ? undefined : parseSelect(selectText);
  const columns = bindSelect(items, table, selectText ?? '');
  const expandText = options.get('$expand');
  const expands =
    expandText === undefined
      ? []
      : bindExpand(parseExpand(expandText), table, { text: expandText, differences, apiRoot });
  const select = items?.map((item) => item.text);
  const query: Query = {
    ...emptyQuery(table),
    ...rowRules(table, columns, differences),
    columns,
    expand: expands.map(({ expand }) => expand),
    limit: 1,
  };
  return { query, select, context: [...(select ?? []), ...expands.map(({ context }) => context)].join(',') };
}

function parseCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw refuse.badRequest(
    `Invalid value '${text.slice(0, 50)}' for $count query option found. Valid values are 'true' and 'false'.`,
  );
}
