/**
 * Ranges of time for Dataverse's query functions, such as "the last three months". All in UTC, which is the time zone of
 * application users here.
 */

/** Moments from one (included) to another (not included); an absent end is open. Texts as `Value` has them. */
export interface TimeRange {
  readonly from?: string;
  readonly before?: string;
}

/**
 * Fiscal settings of an organisation that nobody has changed: quarters of a year that begins in January
 * (`organization.fiscalcalendarstart`, `fiscalperiodtype`). A guess until the settings can be changed.
 */
export const fiscalCalendar = { firstMonth: 1, periods: 4 } as const;
export const monthsPerPeriod = 12 / fiscalCalendar.periods;

export type TimeUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'fiscalPeriod' | 'fiscalYear';

interface Length {
  readonly milliseconds?: number;
  readonly months?: number;
}

const lengths: Readonly<Record<TimeUnit, Length>> = {
  minute: { milliseconds: 60_000 },
  hour: { milliseconds: 3_600_000 },
  day: { milliseconds: 86_400_000 },
  week: { milliseconds: 7 * 86_400_000 },
  month: { months: 1 },
  year: { months: 12 },
  fiscalPeriod: { months: monthsPerPeriod },
  fiscalYear: { months: 12 },
};

const monthStart = (year: number, month: number): Date => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date;
};

/** Where the unit that a moment lies in begins. Weeks begin on Sunday. */
function startOf(unit: TimeUnit, moment: Date): Date {
  const { milliseconds, months = 1 } = lengths[unit];
  if (unit === 'week') return plus('day', -moment.getUTCDay(), startOf('day', moment));
  if (milliseconds !== undefined) return new Date(Math.floor(moment.getTime() / milliseconds) * milliseconds);
  const first = unit === 'fiscalPeriod' || unit === 'fiscalYear' ? fiscalCalendar.firstMonth : 1;
  const since = (moment.getUTCMonth() + 1 - first + 12) % months;
  return monthStart(moment.getUTCFullYear(), moment.getUTCMonth() - since);
}

/** So many units later, or earlier. A day that the month does not have becomes its last one. */
function plus(unit: TimeUnit, count: number, moment: Date): Date {
  const { milliseconds, months = 0 } = lengths[unit];
  if (milliseconds !== undefined) return new Date(moment.getTime() + count * milliseconds);
  const month = moment.getUTCMonth() + count * months;
  const first = monthStart(moment.getUTCFullYear(), month);
  const lastDay = new Date(monthStart(first.getUTCFullYear(), first.getUTCMonth() + 1).getTime() - 1).getUTCDate();
  const time = moment.getTime() - startOf('day', moment).getTime();
  return new Date(plus('day', Math.min(moment.getUTCDate(), lastDay) - 1, first).getTime() + time);
}

const earliest = '0001-01-01T00:00:00Z';
const afterAll = '9999-12-31T23:59:59Z';

/** The text of a moment; those before and after all years that there are become the first and the last one. */
function textOf(moment: Date, beyond: string): string {
  if (Number.isNaN(moment.getTime())) return beyond;
  if (moment.getUTCFullYear() < 1) return earliest;
  return moment.getUTCFullYear() > 9999 ? afterAll : `${moment.toISOString().slice(0, 19)}Z`;
}

const rangeOf = (from: Date | undefined, before: Date | undefined): TimeRange => ({
  ...(from && { from: textOf(from, earliest) }),
  ...(before && { before: textOf(before, afterAll) }),
});

/** Stored moments are whole seconds: up to and with this one. */
const through = (now: Date): Date => new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000);

/** The unit that is so many after the one that `now` lies in: 0 is this one, -1 the last, 1 the next. */
export function wholeUnit(unit: TimeUnit, offset: number, now: Date): TimeRange {
  const start = plus(unit, offset, startOf(unit, now));
  return rangeOf(start, plus(unit, 1, start));
}

/** Hours are counted from the full hour, everything longer from midnight. */
const countedFrom = (unit: TimeUnit): TimeUnit => (unit === 'minute' || unit === 'hour' ? unit : 'day');

/**
 * "Last X" begins so many units before the present day (or hour) and ends now; fiscal units are whole ones, before the
 * present one. Where the documentation leaves the ends open this is a guess.
 */
export function lastUnits(unit: TimeUnit, count: number, now: Date): TimeRange {
  const start = startOf(unit, now);
  if (isFiscal(unit)) return rangeOf(plus(unit, -count, start), start);
  return rangeOf(plus(unit, -count, startOf(countedFrom(unit), now)), through(now));
}

/** "Next X" begins with the present minute and ends with the day (or hour) that is so many units on; fiscal units as in `lastUnits`. */
export function nextUnits(unit: TimeUnit, count: number, now: Date): TimeRange {
  if (isFiscal(unit)) {
    const start = plus(unit, 1, startOf(unit, now));
    return rangeOf(start, plus(unit, count, start));
  }
  const counted = countedFrom(unit);
  return rangeOf(startOf('minute', now), plus(counted, 1, plus(unit, count, startOf(counted, now))));
}

const isFiscal = (unit: TimeUnit): boolean => unit === 'fiscalPeriod' || unit === 'fiscalYear';

/** Everything before what "last X" begins with; minutes and hours are counted from now itself. */
export function olderThan(unit: TimeUnit, count: number, now: Date): TimeRange {
  const start = unit === 'minute' || unit === 'hour' ? now : startOf('day', now);
  return rangeOf(undefined, plus(unit, -count, start));
}

/** The day of a moment, everything from its beginning on, or everything up to its end. */
export function dayRange(part: 'on' | 'after' | 'before', moment: Date): TimeRange {
  const start = startOf('day', moment);
  const end = plus('day', 1, start);
  return rangeOf(part === 'before' ? undefined : start, part === 'after' ? undefined : end);
}

export const isFiscalPeriod = (period: number): boolean => period >= 1 && period <= fiscalCalendar.periods;

/** A fiscal year, or one of its periods (from 1); everything from its beginning on, or up to its end. */
export function fiscalRange(year: number, period: number | undefined, part: 'on' | 'after' | 'before'): TimeRange {
  const first = monthStart(year, fiscalCalendar.firstMonth - 1);
  const start = period === undefined ? first : plus('fiscalPeriod', period - 1, first);
  const end = plus(period === undefined ? 'fiscalYear' : 'fiscalPeriod', 1, start);
  return rangeOf(part === 'before' ? undefined : start, part === 'after' ? undefined : end);
}

/** The months (1 to 12) of a fiscal period in whatever year. */
export const monthsOfPeriod = (period: number): readonly number[] =>
  Array.from(
    { length: monthsPerPeriod },
    (_, month) => ((fiscalCalendar.firstMonth - 1 + (period - 1) * monthsPerPeriod + month) % 12) + 1,
  );
