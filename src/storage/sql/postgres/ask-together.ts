import type { Dialect, SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import type { TimedStatement } from './statements.ts';

const known = new WeakMap<TimedStatement, TimedStatement>();

/**
 * One statement that asks what `statement` would be asked with each of the lists of values, and its values. `statement`
 * has at least one parameter: the id.
 */
export function askTogether(
  dialect: Dialect,
  statement: TimedStatement,
  lists: readonly SqlValue[][],
): readonly [TimedStatement, SqlValue[]] {
  const [first = []] = lists;
  if (lists.length === 1) return [statement, first];
  let together = known.get(statement);
  if (together === undefined) {
    const name = statement.name === '' ? '' : `${statement.name}_together`;
    together = { ...statement, name, text: togetherText(statement.text, first.length) };
    known.set(statement, together);
  }
  return [together, first.map((_value, at) => dialect.list(lists.map((list) => list[at] ?? null)))];
}

/** Parameters are all written as `$1::type` (`dialect.ts`), so what stands before the colons can be a column as well. */
function togetherText(text: string, count: number): string {
  const places = Array.from({ length: count }, (_, at) => at + 1);
  const lists = places.map((place) => `$${place}::text[]`).join(', ');
  const columns = places.map((place) => `p${place}`).join(', ');
  const one = text.replaceAll(/\$(\d+)::/g, 'asked.p$1::');
  return `select asked.n::integer, found.* from unnest(${lists}) with ordinality as asked (${columns}, n) cross join lateral (${one}) as found`;
}

/** The rows for each of the lists of values. */
export function splitAnswer(rows: RawRows, count: number): readonly RawRows[] {
  if (count === 1) return [rows];
  const answers: (readonly unknown[])[][] = Array.from({ length: count }, () => []);
  for (const [place, ...row] of rows) answers[Number(place) - 1]?.push(row);
  return answers;
}
