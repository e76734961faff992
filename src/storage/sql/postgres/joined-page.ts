import type { Column } from '../../../metadata/table.ts';
import type { Query } from '../../../odata/query.ts';
import { placeColumns } from '../keyset.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows } from '../row-transaction.ts';

/** Stands between the texts of rows: JSON never has it as it is (RFC 8259 section 7). */
const separator = '\x1e';

/** Characters that a page may have to be joined, if each of its texts were as long as it can be: what is joined is held in memory as a whole. */
const mostCharacters = 32 * 1024 * 1024;

/** Is the text of all rows together, and so each value that marks a place, of a length that may be held in memory? */
export const isJoined = (query: Query): boolean =>
  query.limit !== undefined &&
  (query.limit + 1) * longestRow(query) <= mostCharacters &&
  placeColumns(query).every(({ type }) => type !== 'Memo');

/** Of a number, a date or an id, with its name: some more than they need. */
const aroundValue = 100;

const longestOfLists = new WeakMap<readonly Column[], number>();

/** Characters of a row's JSON text at most, but for what is escaped. Lists of columns are usually those of a request that is remembered. */
function longestRow({ columns, expand }: Query): number {
  let longest = longestOfLists.get(columns);
  if (longest === undefined) {
    longest = columns.reduce((sum, { maxLength }) => sum + maxLength + aroundValue, aroundValue);
    longestOfLists.set(columns, longest);
  }
  for (const { navigation, query } of expand) {
    const rows = navigation.kind === 'single' ? 1 : (query.limit ?? Number.POSITIVE_INFINITY);
    longest += aroundValue + rows * longestRow(query);
  }
  return longest;
}

/**
 * A page as one row: the texts of its rows in their order, and the values that mark the place of the last one that is
 * given. A row of its own for each costs the server and the driver more than joining them does, and of all places only
 * this one is ever used. `render` is that of `buildPage`. INVARIANT: `isJoined`.
 */
export function joinPage(builder: PlanBuilder, query: Query, render: Render): Render {
  builder.shape += ' joined';
  const last = builder.count(query.limit ?? 0);
  return () => {
    const texts = `string_agg(page.row, chr(${separator.charCodeAt(0)}))`;
    const names = placeColumns(query).map((_column, at) => `place${at}`);
    const places = names.map((name) => `(array_agg(page.${name}))[(${last()})::integer]`);
    return `select ${[texts, ...places].join(', ')} from (${render()}) as page (row, ${names.join(', ')})`;
  };
}

/** The rows of such a page as `buildPage` gives them, but for the places of those that no next page begins behind. */
export function splitPage([page]: RawRows, { limit }: Query): RawRows {
  const [texts, ...places] = page ?? [];
  if (typeof texts !== 'string') return [];
  return texts.split(separator).map((text, at) => (at + 1 === limit ? [text, ...places] : [text]));
}
