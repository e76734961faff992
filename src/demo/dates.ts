const dayLength = 24 * 60 * 60 * 1000;

/** Midnight UTC of a day, as virtual tables write both dates and date-times (ats-api 6). */
export const wireDate = (year: number, month: number, day: number): string =>
  wireDay(new Date(Date.UTC(year, month - 1, day)));

/** Midnight UTC of the day that lies `days` after `from` (before, when negative). */
export const wireDateAfter = (from: Date, days: number): string => wireDay(new Date(from.getTime() + days * dayLength));

const wireDay = (date: Date): string => `${date.toISOString().slice(0, 10)}T00:00:00Z`;
