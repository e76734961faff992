import type { Dialect, SqlValue } from '../dialect.ts';
import type { RawRows } from '../row-transaction.ts';
import { type TimedStatement, timed } from './statements.ts';

const known = new WeakMap<TimedStatement, TimedStatement>();

/**
 * One statement that asks what `statement` would be asked with each of the lists of values, and its values. `statement`
 * has at least one parameter: the id.
 */
export const askTogether = (dialect: Dialect, statement: TimedStatement, lists: Lists): Joined =>
  join(dialect, statement, lists, (text, asked) => {
    const one = fromAsked(text);
    return `select asked.n::integer, found.* from ${asked} cross join lateral (${one}) as found`;
  });

/** One statement that inserts what `statement`, which inserts one row, would insert with each of the lists of values. */
export const insertTogether = (dialect: Dialect, statement: TimedStatement, lists: Lists): Joined =>
  join(dialect, statement, lists, (text, asked) => {
    const [into = '', row = ''] = text.split(valuesOfInsert);
    // In the order of the lists, without being sorted: so `unnest` gives them.
    return `${into} select ${fromAsked(row.slice(0, -1))} from ${asked}`;
  });

/** As `buildInsert` writes it, in front of the list. */
const valuesOfInsert = ' values (';

type Lists = readonly (readonly SqlValue[])[];
type Joined = readonly [TimedStatement, SqlValue[]];

function join(
  dialect: Dialect,
  statement: TimedStatement,
  lists: Lists,
  write: (text: string, asked: string) => string,
): Joined {
  const [first = []] = lists;
  if (lists.length === 1) return [statement, [...first]];
  let joined = known.get(statement);
  if (joined === undefined) {
    const name = statement.name === '' ? '' : `${statement.name}_together`;
    joined = timed(name, write(statement.text, askedRows(first.length)));
    known.set(statement, joined);
  }
  return [joined, first.map((_value, at) => dialect.list(lists.map((list) => list[at] ?? null)))];
}

/** The lists as rows `asked`: `p1` and so on, and `n`, which list it was. */
function askedRows(count: number): string {
  const places = Array.from({ length: count }, (_, at) => at + 1);
  const lists = places.map((place) => `$${place}::text[]`).join(', ');
  const columns = places.map((place) => `p${place}`).join(', ');
  return `unnest(${lists}) with ordinality as asked (${columns}, n)`;
}

/** Parameters are all written as `$1::type` (`dialect.ts`), so what stands before the colons can be a column as well. */
const fromAsked = (text: string): string => text.replaceAll(/\$(\d+)::/g, 'asked.p$1::');

/** The rows for each of the lists of values. */
export function splitAnswer(rows: RawRows, count: number): readonly RawRows[] {
  if (count === 1) return [rows];
  const answers: (readonly unknown[])[][] = Array.from({ length: count }, () => []);
  for (const [place, ...row] of rows) answers[Number(place) - 1]?.push(row);
  return answers;
}
