import type { Value } from '../../odata/query.ts';

/** A person keeps the date of birth in three columns; candidates have it in one. */
export const birthParts = ['mshr_birthday', 'mshr_birthmonth', 'mshr_birthyear'] as const;

/** Value of `mshr_monthsofyear` that means no month; January is one more. */
const noMonth = 200_000_000;

/** The three columns of a person for a date such as `1990-05-17T00:00:00Z`; all empty for none. */
export function splitBirthDate(date: Value): readonly (readonly [(typeof birthParts)[number], Value])[] {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(String(date ?? ''));
  const [, year, month, day] = match ?? [];
  return [
    ['mshr_birthday', day === undefined ? null : Number(day)],
    ['mshr_birthmonth', month === undefined ? null : noMonth + Number(month)],
    ['mshr_birthyear', year === undefined ? null : Number(year)],
  ];
}

/** The date that the three columns make, or `null` where one of them is missing or they make no date. */
export function birthDateOf(value: (name: (typeof birthParts)[number]) => Value): string | null {
  const day = value('mshr_birthday');
  const month = value('mshr_birthmonth');
  const year = value('mshr_birthyear');
  if (typeof day !== 'number' || typeof month !== 'number' || typeof year !== 'number') return null;
  const date = new Date(Date.UTC(2000, month - noMonth - 1, day));
  date.setUTCFullYear(year, month - noMonth - 1, day);
  const isReal = date.getUTCDate() === day && date.getUTCMonth() === month - noMonth - 1 && year > 0 && year < 10_000;
  return isReal ? `${date.toISOString().slice(0, 10)}T00:00:00Z` : null;
}
