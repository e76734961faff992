/** A day, and with `T` an hour and minute behind it, as form fields keep it: `2031-05-17`, `2031-05-17T14:30`. */
const kept = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?Z?)?$/;
/** Day, month and year as people write them in either language; then perhaps an hour and minute. */
const typed = /^(\d{1,2})[./ -]\s*(\d{1,2})[./ -]\s*(\d{4})(?:[,\s]\s*(\d{1,2})[:.](\d\d))?$/;

/**
 * What stands in a field of a date for what is kept: day before month, as `Locale.date` writes it. What is no date is
 * shown as it was typed.
 * @param separator what stands between day, month and year in the language
 */
export function writeDate(value: string, separator: string): string {
  const [whole, year, month, day, hour, minute] = kept.exec(value) ?? [];
  if (whole === undefined) return value;
  const date = [day, month, year].join(separator);
  return hour === undefined ? date : `${date} ${hour}:${minute}`;
}

/**
 * A date as somebody typed it, in either language or as it is kept; `undefined` where there is no such day.
 * @param hasTime whether an hour and minute belong to it: midnight unless they were typed
 */
export function parseDate(text: string, hasTime = false): string | undefined {
  const trimmed = text.trim();
  const [, ...iso] = kept.exec(trimmed) ?? [];
  const [, day, month, year, ...time] = typed.exec(trimmed) ?? [];
  const [y = '', m = '', d = '', hour = '00', minute = '00'] =
    iso.length > 0 ? iso : [year, month?.padStart(2, '0'), day?.padStart(2, '0'), time[0]?.padStart(2, '0'), time[1]];
  const date = `${y}-${m}-${d}`;
  const isThere = new Date(`${date}T00:00:00Z`);
  // The 31st of February is taken for a day in March.
  if (Number.isNaN(isThere.getTime()) || isThere.toISOString().slice(0, 10) !== date) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59) return undefined;
  return hasTime ? `${date}T${hour}:${minute}` : date;
}
