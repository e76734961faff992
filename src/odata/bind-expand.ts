import type { Navigation, Table } from '../metadata/table.ts';
import { bindFilter } from './bind-filter.ts';
import { nameOf } from './bind-path.ts';
import { bindOrderBy, bindSelect, emptyQuery, parseTop, rowRules } from './bind-shape.ts';
import type { Differences } from './fidelity.ts';
import { maxPageSize } from './preferences.ts';
import { type Place, refuse } from './problems.ts';
import type { Expand, Query } from './query.ts';
import type { ExpandItem, ExpandOption } from './syntax/tree.ts';

/** Expanded navigation properties in one query (dataverse-web-api 4.10). */
const maxExpands = 15;

export interface ExpandScope {
  readonly text: string;
  readonly differences: Differences;
  readonly apiRoot: string;
}

export interface BoundExpand {
  readonly expand: Expand;
  /** For `@odata.context`: `navigation(columns)`. */
  readonly context: string;
}

/** `$expand`, one level deep, with `$select`, `$filter`, `$orderby` and `$top` inside. */
export function bindExpand(items: readonly ExpandItem[], table: Table, scope: ExpandScope): readonly BoundExpand[] {
  if (items.length > maxExpands) throw refuse.limit('navigation properties in $expand', maxExpands);
  const seen = new Set<string>();
  return items.map((item) => {
    const navigation = bindNavigation(item, table, scope);
    if (seen.has(navigation.name)) {
      throw refuse.syntax(`The navigation property '${navigation.name}' is expanded twice`, placeIn(scope, item.at));
    }
    seen.add(navigation.name);
    return bindItem(item, navigation, scope);
  });
}

const placeIn = ({ text }: ExpandScope, at: number): Place => ({ text, at });

function bindNavigation(item: ExpandItem, table: Table, scope: ExpandScope): Navigation {
  const [step, next] = item.steps;
  if (step === undefined) throw new TypeError('a path has at least one step');
  if (step.kind === 'star') throw refuse.notSupported("'*' in $expand", placeIn(scope, item.at));
  const name = nameOf(step, (at) => placeIn(scope, at));
  const navigation = table.navigation.get(name);
  if (navigation === undefined) {
    if (!table.property.has(name)) throw refuse.unknownProperty(name, table);
    throw refuse.syntax(`Property '${name}' is not a navigation property`, placeIn(scope, item.at));
  }
  if (next === undefined) return navigation;
  if (next.kind === 'dollar' && next.name === '$ref' && navigation.kind !== 'single') {
    throw refuse.badRequest('Expand with $ref is only supported on lookup type navigation property.');
  }
  throw refuse.notSupported('a path in $expand', placeIn(scope, next.at));
}

function bindItem(item: ExpandItem, navigation: Navigation, scope: ExpandScope): BoundExpand {
  const table = navigation.target;
  const isSingle = navigation.kind === 'single';
  for (const option of item.options) checkOption(option, isSingle, scope);
  const selectItems = find(item.options, '$select')?.items;
  const columns = bindSelect(selectItems, table, scope.text);
  const filter = find(item.options, '$filter');
  const orderBy = find(item.options, '$orderby');
  const top = find(item.options, '$top');
  const query: Query = {
    ...emptyQuery(table),
    ...rowRules(table, columns, scope.differences),
    columns,
    where: filter && bindFilter(filter.where, { ...scope, table, aliases: undefined }),
    orderBy: orderBy === undefined ? [] : bindOrderBy(orderBy.items, table, scope.text, scope.differences),
    limit: top === undefined ? undefined : Math.min(parseTop(top.value), maxPageSize),
  };
  const selected = selectItems?.map(({ text }) => text).join(',') ?? '';
  const expand = isSingle ? { navigation, query } : { navigation, query, link: linkOf(item, navigation, scope) };
  return { expand, context: `${navigation.name}(${selected})` };
}

type OptionNamed<Name extends ExpandOption['name']> = Extract<ExpandOption, { readonly name: Name }>;

function find<Name extends ExpandOption['name']>(
  options: readonly ExpandOption[],
  name: Name,
): OptionNamed<Name> | undefined {
  return options.find((option): option is OptionNamed<Name> => option.name === name);
}

/** dataverse-web-api 4.10: `$skip`, `$count` and `$levels` do not exist inside an expand. */
function checkOption(option: ExpandOption, isSingle: boolean, scope: ExpandScope): void {
  const place = placeIn(scope, option.at);
  switch (option.name) {
    case '$select':
      return;
    case '$filter':
    case '$orderby':
    case '$top':
      if (isSingle) {
        throw refuse.syntax(`The query option '${option.name}' needs a collection-valued navigation property`, place);
      }
      return;
    case '$expand':
      throw refuse.notSupported('a nested $expand', place);
    case '$skip':
    case '$count':
    case '$levels':
      throw refuse.notSupported(`the query option '${option.name}' inside $expand`, place);
  }
}

/** The rows of one outer row as a request of their own, with the same options. */
function linkOf(item: ExpandItem, navigation: Navigation, scope: ExpandScope): NonNullable<Expand['link']> {
  const options = item.options.map(({ name, text }) => `${name}=${encodeURIComponent(text)}`).join('&');
  return {
    before: `${scope.apiRoot}${navigation.table.entitySetName}(`,
    after: `)/${navigation.name}${options === '' ? '' : `?${options}`}`,
  };
}
