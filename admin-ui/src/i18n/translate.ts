import type { OperatorLanguage } from '../../../src/admin/contract.ts';
import type { MessageKey } from './en.ts';
import type { Message } from './message.ts';

export type Messages = Readonly<Record<MessageKey, Message>>;
type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: Values) => string;

/** Text, dates, numbers and order of one language. */
export interface Locale {
  readonly language: OperatorLanguage;
  readonly t: Translate;
  /** Two-digit day and month, in the reader's time zone. */
  readonly date: (value: Date | string) => string;
  readonly dateTime: (value: Date | string) => string;
  /** Hours, minutes and seconds. */
  readonly time: (value: Date | string) => string;
  /** What stands between day, month and year. */
  readonly dateSeparator: string;
  readonly number: (value: number) => string;
  readonly compare: (a: string, b: string) => number;
}

/** British order of day and month for English, so that both languages read alike. */
const tags: Readonly<Record<OperatorLanguage, string>> = { en: 'en-GB', nb: 'nb-NO' };

const separators: Readonly<Record<OperatorLanguage, string>> = { en: '/', nb: '.' };

const day: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };

export function createLocale(language: OperatorLanguage, messages: Messages): Locale {
  const tag = tags[language];
  const plural = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag, { useGrouping: 'always' });
  const dates = new Intl.DateTimeFormat(tag, day);
  const times = new Intl.DateTimeFormat(tag, { ...day, hour: '2-digit', minute: '2-digit' });
  const hours = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const t: Translate = (key, values = {}) => fill(form(messages[key], values, plural), values, numbers);
  return {
    language,
    t,
    date: (value) => orText(value, dates),
    dateTime: (value) => orText(value, times),
    time: (value) => orText(value, hours),
    dateSeparator: separators[language],
    number: (value) => numbers.format(value),
    compare: new Intl.Collator(tag, { numeric: true, sensitivity: 'base' }).compare,
  };
}

function form(message: Message, values: Values, plural: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return plural.select(Number(values['n'])) === 'one' ? message.one : message.other;
}

const fill = (text: string, values: Values, numbers: Intl.NumberFormat): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });

/** What is no date is shown as it came. */
function orText(value: Date | string, format: Intl.DateTimeFormat): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : format.format(date);
}
