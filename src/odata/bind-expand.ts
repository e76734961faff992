import type { Navigation, Table } from '../metadata/table.ts';
import type { Asking } from './asking.ts';
import { bindFilter } from './bind-filter.ts';
import { nameOf } from './bind-path.ts';
import { bindOrderBy, bindSelect, emptyQuery, namesNoColumn, parseTop, rowRules } from './bind-shape.ts';
import type { Differences } from './fidelity.ts';
import { maxPageSize, type Preferences } from './preferences.ts';
import { type Place, refuse, type Source } from './problems.ts';
import type { Expand, Query } from './query.ts';
import type { ExpandItem, ExpandOption } from './syntax/tree.ts';

/** Expanded navigation properties in one query, at all levels together ("up to 15 `$expand` options in a query"). */
const maxExpands = 15;

export interface ExpandScope {
  /** The text that positions count in. */
  readonly source: Source;
  readonly differences: Differences;
  readonly asking: Asking;
  readonly preferences: Preferences;
  readonly apiRoot: string;
}

export interface BoundExpand {
  readonly expand: Expand;
  /** For `@odata.context`: `navigation(columns)`. */
  readonly context: string;
}

/**
 * `$expand`, with `$select`, `$filter`, `$orderby`, `$top` and `$expand` inside, as "Join tables using OData" has it: where
 * an expand holds another one, `$orderby` and `$top` are refused and collections come in pages, all over the query.
 */
export function bindExpand(items: readonly ExpandItem[], table: Table, scope: ExpandScope): readonly BoundExpand[] {
  const isNested = items.some((item) => item.options.some(({ name }) => name === '$expand'));
  const count = countExpands(items);
  const binder = new ExpandBinder(scope, isNested, count);
  return binder.bind(items, table);
}

function countExpands(items: readonly ExpandItem[]): number {
  return items.reduce((sum, { options }) => {
    const inner = options.map((option) => (option.name === '$expand' ? countExpands(option.items) : 0));
    return sum + 1 + inner.reduce((total, each) => total + each, 0);
  }, 0);
}

class ExpandBinder {
  readonly #scope: ExpandScope;
  /** Is there an expand inside another one anywhere? */
  readonly #isNested: boolean;
  readonly #count: number;

  constructor(scope: ExpandScope, isNested: boolean, count: number) {
    this.#scope = scope;
    this.#isNested = isNested;
    this.#count = count;
  }

  bind(items: readonly ExpandItem[], table: Table): readonly BoundExpand[] {
    const [first] = items;
    if (this.#count > maxExpands && first !== undefined) {
      throw refuse.limit('navigation properties in $expand', maxExpands, this.#place(first.at));
    }
    const seen = new Set<string>();
    return items.map((item) => {
      const { navigation, reference } = this.#navigation(item, table);
      if (seen.has(navigation.name)) {
        throw refuse.syntax(`The navigation property '${navigation.name}' is expanded twice`, this.#place(item.at));
      }
      seen.add(navigation.name);
      return reference ? this.#reference(item, navigation) : this.#item(item, navigation);
    });
  }

  #navigation(item: ExpandItem, table: Table): { navigation: Navigation; reference: boolean } {
    const [step, next, more] = item.steps;
    const placeOf = (at: number): Place => this.#place(at);
    if (step === undefined) throw new TypeError('a path has at least one step');
    if (step.kind === 'star') throw refuse.notSupported("'*' in $expand", placeOf(item.at));
    const name = nameOf(step, placeOf);
    const navigation = table.navigation.get(name);
    if (navigation === undefined) {
      if (!table.property.has(name)) throw refuse.unknownProperty(name, table, placeOf(step.at));
      throw refuse.syntax(`Property '${name}' is not a navigation property`, placeOf(item.at));
    }
    if (navigation.kind === 'manyToMany' && this.#count > 1) {
      this.#scope.differences.use('expand-combination', placeOf(item.at));
    }
    if (next === undefined) return { navigation, reference: false };
    const isReference = next.kind === 'dollar' && next.name === '$ref' && more === undefined;
    if (!isReference) throw refuse.notSupported('a path in $expand', placeOf(next.at));
    if (navigation.kind !== 'single') {
      throw refuse.badRequest(
        'Expand with $ref is only supported on lookup type navigation property.',
        placeOf(next.at),
      );
    }
    return { navigation, reference: true };
  }

  #reference(item: ExpandItem, navigation: Navigation): BoundExpand {
    const [option] = item.options;
    if (option !== undefined) {
      throw refuse.notSupported(`the query option '${option.name}' behind $ref`, this.#place(option.at));
    }
    const expand: Expand = { navigation, query: emptyQuery(navigation.target), reference: true };
    return { expand, context: `${navigation.name},${navigation.name}/$ref()` };
  }

  #item(item: ExpandItem, navigation: Navigation): BoundExpand {
    for (const option of item.options) this.#checkOption(option, navigation);
    const { differences, preferences } = this.#scope;
    const table = navigation.target;
    const selectItems = find(item.options, '$select')?.items;
    const inner = find(item.options, '$expand');
    const expands = inner === undefined ? [] : this.bind(inner.items, table);
    const columns = bindSelect(selectItems, table, this.#scope.source);
    // Without nested expands up to 5000 rows are given; with them the page size counts for each collection.
    const pageSize =
      this.#isNested && navigation.kind !== 'single' ? (preferences.maxPageSize ?? maxPageSize) : undefined;
    const query: Query = {
      ...emptyQuery(table),
      ...rowRules(table, columns, differences),
      columns,
      ...(namesNoColumn(selectItems) && { namesNoColumn: true }),
      where: this.#where(item, table),
      orderBy: this.#orderBy(item, table),
      expand: expands.map(({ expand }) => expand),
      limit: pageSize === undefined ? this.#limit(item, navigation) : pageSize + 1,
    };
    const selected = [...(selectItems?.map(({ text }) => text) ?? []), ...expands.map(({ context }) => context)];
    const link = navigation.kind === 'single' ? {} : { link: this.#link(item, navigation) };
    const expand = { navigation, query, ...link, ...(pageSize !== undefined && { pageSize }) };
    return { expand, context: `${navigation.name}(${selected.join(',')})` };
  }

  #where(item: ExpandItem, table: Table): Query['where'] {
    const filter = find(item.options, '$filter');
    return filter && bindFilter(filter.where, { ...this.#scope, table, aliases: undefined });
  }

  #orderBy(item: ExpandItem, table: Table): Query['orderBy'] {
    const orderBy = find(item.options, '$orderby');
    if (orderBy === undefined) return [];
    const { source, differences } = this.#scope;
    return bindOrderBy(orderBy.items, { table, source, differences, aliases: undefined });
  }

  /** Rows of a collection that come without paging are as many as a page may have. */
  #limit(item: ExpandItem, { kind }: Navigation): number | undefined {
    const top = find(item.options, '$top');
    if (top !== undefined) return Math.min(parseTop(top.value, this.#place(top.valueAt)), maxPageSize);
    return kind === 'single' ? undefined : maxPageSize;
  }

  #checkOption(option: ExpandOption, { kind }: Navigation): void {
    const place = this.#place(option.at);
    switch (option.name) {
      case '$select':
      case '$filter':
      case '$expand':
        return;
      case '$orderby':
      case '$top':
        if (kind !== 'single' && !this.#isNested) return;
        throw refuse.badRequest(
          'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
          place,
        );
      case '$skip':
      case '$count':
      case '$levels':
        throw refuse.notSupported(`the query option '${option.name}' inside $expand`, place);
    }
  }

  /** The rows of one outer row as a request of their own, with the same options. */
  #link(item: ExpandItem, navigation: Navigation): NonNullable<Expand['link']> {
    const options = item.options.map(({ name, text }) => `${name}=${encodeURIComponent(text)}`).join('&');
    return {
      before: `${this.#scope.apiRoot}${navigation.table.entitySetName}(`,
      after: `)/${navigation.name}${options === '' ? '' : `?${options}`}`,
    };
  }

  #place(at: number): Place {
    return { ...this.#scope.source, at };
  }
}

type OptionNamed<Name extends ExpandOption['name']> = Extract<ExpandOption, { readonly name: Name }>;

function find<Name extends ExpandOption['name']>(
  options: readonly ExpandOption[],
  name: Name,
): OptionNamed<Name> | undefined {
  return options.find((option): option is OptionNamed<Name> => option.name === name);
}
