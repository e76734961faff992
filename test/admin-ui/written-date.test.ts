import { describe, expect, test } from 'vitest';
import { english } from '../../admin-ui/src/i18n/en.ts';
import { norwegian } from '../../admin-ui/src/i18n/nb.ts';
import { createLocale } from '../../admin-ui/src/i18n/translate.ts';
import { parseDate, writeDate } from '../../admin-ui/src/i18n/written-date.ts';

describe('a date in a field', () => {
  test.each([
    ['17.05.2031', '2031-05-17'],
    ['7.5.2031', '2031-05-07'],
    ['17/05/2031', '2031-05-17'],
    ['17 05 2031', '2031-05-17'],
    ['17. 5. 2031', '2031-05-17'],
    [' 2031-05-17 ', '2031-05-17'],
    ['2031-05-17T23:30:00Z', '2031-05-17'],
    ['29.02.2028', '2028-02-29'],
  ])('%s is %s', (typed, kept) => expect(parseDate(typed)).toBe(kept));

  test.each(['', '17.05', '31.02.2031', '29.02.2027', '05/17/2031', '2031-13-01', '1.1.31', 'i morgen', '17.05.2031x'])(
    '%s is none',
    (typed) => expect(parseDate(typed)).toBeUndefined(),
  );

  test.each([
    ['17.05.2031 14:30', '2031-05-17T14:30'],
    ['17/05/2031, 9.05', '2031-05-17T09:05'],
    ['17.05.2031', '2031-05-17T00:00'],
    ['2031-05-17T14:30:59.5Z', '2031-05-17T14:30'],
  ])('%s with its time is %s', (typed, kept) => expect(parseDate(typed, true)).toBe(kept));

  test.each(['17.05.2031 24:00', '17.05.2031 12:60', '17.05.2031 kl. 12'])('%s has no such time', (typed) =>
    expect(parseDate(typed, true)).toBeUndefined(),
  );

  test.each([
    ['nb', norwegian, '17.05.2031', '17.05.2031 14:30'],
    ['en', english, '17/05/2031', '17/05/2031 14:30'],
  ] as const)('stands in %s as the rest of the page writes it', (language, messages, day, moment) => {
    const { date, dateSeparator } = createLocale(language, messages);
    expect(writeDate('2031-05-17', dateSeparator)).toBe(day);
    expect(date('2031-05-17T12:00:00')).toBe(day);
    expect(writeDate('2031-05-17T14:30:00Z', dateSeparator)).toBe(moment);
    expect(writeDate('17.05', dateSeparator)).toBe('17.05');
  });
});
