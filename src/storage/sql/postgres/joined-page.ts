import type { Query } from '../../../odata/query.ts';
import { placeColumns } from '../keyset.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import type { RawRows } from '../row-transaction.ts';

/** Stands between the texts of rows: JSON never has it as it is (RFC 8259 section 7). */
const separator = '\x1e';

/** Bytes of a page up to which its rows are joined: the text of one value has an end, here as there. */
const mostBytes = 32 * 1024 * 1024;

/**
 * A page as one row: the texts of its rows in their order, and the values that mark the place of the last one that is
 * given. A row of its own for each costs the server and the driver more than joining them does, and of all places only
 * this one is ever used. `render` is that of `buildPage`.
 */
export function joinPage(builder: PlanBuilder, query: Query, render: Render): Render {
  builder.shape += ' joined';
  const last = query.limit === undefined ? undefined : builder.count(query.limit);
  return () => {
    const texts = `string_agg(page.row, chr(${separator.charCodeAt(0)}))`;
    const isTooLarge = `octet_length(${texts}) > ${mostBytes}`;
    const names = placeColumns(query).map((_column, at) => `place${at}`);
    const places = last === undefined ? [] : names.map((name) => `(array_agg(page.${name}))[(${last()})::integer]`);
    const columns = [isTooLarge, `case when not ${isTooLarge} then ${texts} end`, ...places].join(', ');
    return `select ${columns} from (${render()}) as page (row, ${names.join(', ')})`;
  };
}

/**
 * The rows of such a page as `buildPage` gives them, but for the places of those that no next page begins behind;
 * `undefined` for one that is too large to be joined.
 */
export function splitPage([page]: RawRows, { limit }: Query): RawRows | undefined {
  const [isTooLarge, texts, ...places] = page ?? [];
  if (isTooLarge === true) return undefined;
  if (typeof texts !== 'string') return [];
  return texts.split(separator).map((text, at) => (at + 1 === limit ? [text, ...places] : [text]));
}
