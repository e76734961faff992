import { expect, test } from 'vitest';
import { birthDateOf, splitBirthDate } from '../../src/recruiting/entities/birth-date.ts';

test.each(['1990-05-17T00:00:00Z', '2000-02-29T00:00:00Z', '0099-12-31T00:00:00Z', '1850-01-01T00:00:00Z'])(
  '%s is the same after being split and joined',
  (date) => {
    const parts = new Map(splitBirthDate(date));
    expect(birthDateOf((name) => parts.get(name) ?? null)).toBe(date);
  },
);

test.each([
  { day: 30, month: 200_000_002, year: 2001 },
  { day: 29, month: 200_000_002, year: 2001 },
  { day: 0, month: 200_000_001, year: 2001 },
  { day: 1, month: 200_000_000, year: 2001 },
  { day: 1, month: 200_000_013, year: 2001 },
  { day: 1, month: 200_000_001, year: 0 },
  { day: null, month: 200_000_001, year: 2001 },
  { day: 1, month: null, year: 2001 },
  { day: 1, month: 200_000_001, year: null },
])('$day, $month, $year is no date', ({ day, month, year }) => {
  const parts = { mshr_birthday: day, mshr_birthmonth: month, mshr_birthyear: year };
  expect(birthDateOf((name) => parts[name])).toBeNull();
});

test('no date clears all three columns', () => {
  expect(splitBirthDate(null).map(([, value]) => value)).toEqual([null, null, null]);
});
