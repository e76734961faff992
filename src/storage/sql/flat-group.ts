import { unreachable } from '../../kernel/unreachable.ts';
import type { Column } from '../../metadata/table.ts';
import { averageScale, type DatePart, type GroupKey, type Output, sumOfNothing } from '../../odata/flat-query.ts';
import type { Value } from '../../odata/query.ts';
import { fiscalCalendar, monthsPerPeriod } from '../../odata/relative-dates.ts';
import type { Codec } from './codec.ts';
import { decimalText, digitsOf, divideUnits } from './decimal.ts';
import type { Dialect } from './dialect.ts';
import { comparedColumn, quoteText, reference } from './names.ts';

/** Pieces of the SQL of groups and aggregates, and how what the database answers to them is read. */

export type Aggregate = Extract<Output, { kind: 'aggregate' }>;

/** By what rows are put into groups. */
export function keySql(dialect: Dialect, key: GroupKey, alias: string): string {
  if (key.kind === 'column') return reference(alias, comparedColumn(key.column));
  return datePartSql(dialect, key.part, reference(alias, key.column.name));
}

function datePartSql(dialect: Dialect, part: DatePart, date: string): string {
  const digits = (from: number, count: number): string => `cast(substr(${date}, ${from}, ${count}) as integer)`;
  const [year, month] = [digits(1, 4), digits(6, 2)];
  const months = `(${year} * 12 + ${month} - ${fiscalCalendar.firstMonth})`;
  switch (part) {
    case 'year':
      return year;
    case 'quarter':
      return `(${month} + 2) / 3`;
    case 'month':
      return month;
    case 'week':
      // Weeks begin on Sunday, and the first of January lies in the first one.
      return `(${dialect.dayOfYear(date)} - 1 + ${dialect.firstWeekday(date)}) / 7 + 1`;
    case 'day':
      return digits(9, 2);
    case 'fiscalYear':
      return `${months} / 12`;
    case 'fiscalPeriod':
      // The year too: periods of different years are different ones.
      return `${months} / 12 * 100 + ${months} % 12 / ${monthsPerPeriod} + 1`;
    default:
      return unreachable(part);
  }
}

/** What an aggregate needs of each row; `undefined`: nothing. */
export function argumentSql({ function: of, column }: Aggregate, alias: string): string | undefined {
  const plain = reference(alias, column.name);
  switch (of) {
    case 'count':
      return undefined;
    case 'countDistinct':
      return reference(alias, comparedColumn(column));
    case 'countColumn':
    case 'sum':
    case 'average':
      return plain;
    case 'min':
    case 'max':
      return column.isText ? keyedText(reference(alias, comparedColumn(column)), plain) : plain;
    default:
      return unreachable(of);
  }
}

/** Ends a key: lower than whatever may follow in a longer one, since U+0001 itself is followed by U+0002 there. */
const endOfKey = '\u0001\u0001';

/** A text behind the key that it is sorted by, as one text that sorts the same. */
const keyedText = (key: string, text: string): string =>
  `replace(${key}, ${quoteText('\u0001')}, ${quoteText('\u0001\u0002')}) || ${quoteText(endOfKey)} || ${text}`;

/** The aggregate over arguments; several expressions where one cannot be exact. */
export function aggregateSql(
  dialect: Dialect,
  { function: of, column }: Aggregate,
  argument: string,
): readonly string[] {
  switch (of) {
    case 'count':
      return ['count(*)'];
    case 'countColumn':
      return [`count(${argument})`];
    case 'countDistinct':
      return [`count(distinct ${argument})`];
    case 'sum':
      return dialect.sum(argument);
    case 'average':
      return [...dialect.sum(argument), `count(${argument})`];
    case 'min':
    case 'max':
      return [column.isText ? `${of}(${argument})` : dialect.read(column, `${of}(${argument})`)];
    default:
      return unreachable(of);
  }
}

/** What the database answered to `aggregateSql`. */
export function aggregateValue(
  { dialect }: Codec,
  { function: of, column }: Aggregate,
  raw: readonly unknown[],
): Value {
  switch (of) {
    case 'count':
    case 'countColumn':
    case 'countDistinct':
      return Number(raw[0]);
    case 'sum': {
      const units = dialect.sumUnits(column, raw);
      return units === undefined ? sumOfNothing : decimalText(units, digitsOf(column));
    }
    case 'average':
      return average(column, dialect.sumUnits(column, raw), BigInt(String(raw.at(-1))));
    case 'min':
    case 'max': {
      const [value] = raw;
      if (value === null || !column.isText) return dialect.decode(column, value);
      const text = String(value);
      return text.slice(text.indexOf(endOfKey) + endOfKey.length);
    }
    default:
      return unreachable(of);
  }
}

function average(column: Column, units: bigint | undefined, count: bigint): Value {
  if (units === undefined || count === 0n) return null;
  const scale = averageScale(column);
  const more = units * 10n ** BigInt(scale - digitsOf(column));
  return decimalText(divideUnits(more, count, column.type === 'Decimal' ? 'round' : 'cut'), scale);
}
