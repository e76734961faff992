import type { ColumnType } from '../metadata/table.ts';
import {
  fiscalRange,
  lastUnits,
  nextUnits,
  olderThan,
  type TimeRange,
  type TimeUnit,
  wholeUnit,
} from './relative-dates.ts';

/** A parameter beside `PropertyName`. */
export type QueryParameter = 'PropertyValue' | 'PropertyValue1' | 'PropertyValue2' | 'PropertyValues';

/** What a query function means. Each kind is bound by a function of `bind-query-function.ts`. */
export type QueryFunction =
  /** The column lies in a range of time that depends on the present. */
  | { readonly kind: 'now'; readonly rangeOf: (now: Date) => TimeRange }
  | {
      readonly kind: 'count';
      readonly unit: TimeUnit;
      /** `PropertyValue` units. */
      readonly rangeOf: (unit: TimeUnit, count: number, now: Date) => TimeRange;
    }
  /** `PropertyValue` is a day. */
  | { readonly kind: 'day'; readonly part: 'on' | 'after' | 'before'; readonly negated?: true }
  /** `PropertyValue1` is a period, `PropertyValue2` a year. */
  | { readonly kind: 'fiscalPeriod'; readonly part: 'on' | 'after' | 'before' }
  /** `PropertyValue` is a fiscal year, or a period of whatever year. */
  | { readonly kind: 'anyPeriod' }
  | { readonly kind: 'fiscalYear'; readonly rangeOf: (year: number) => TimeRange }
  | { readonly kind: 'between'; readonly negated?: true }
  | { readonly kind: 'list'; readonly negated?: true }
  /** One of the column's options is one of `PropertyValues`. */
  | { readonly kind: 'options'; readonly negated?: true }
  /** The column is an id that is known of who asks. */
  | { readonly kind: 'asker'; readonly ids: readonly AskerIds[]; readonly negated?: true }
  | { readonly kind: 'language' }
  /** `PropertyValue` is the id of a row, above or under which the column's row is. */
  | {
      readonly kind: 'hierarchy';
      readonly direction: 'above' | 'under';
      readonly orEqual: boolean;
      readonly negated?: true;
    }
  /** The asker, or who reports to them; with `teams` also a team that one of them is a member of. */
  | { readonly kind: 'reports'; readonly teams: boolean }
  /** Exists in the product and cannot mean anything here. */
  | { readonly kind: 'refused'; readonly why: string };

export type AskerIds = 'user' | 'businessUnit' | 'roleBusinessUnits' | 'teams';

const whole = (unit: TimeUnit, offset: number): QueryFunction => ({
  kind: 'now',
  rangeOf: (now) => wholeUnit(unit, offset, now),
});

const sevenDays = (rangeOf: (unit: TimeUnit, count: number, now: Date) => TimeRange): QueryFunction => ({
  kind: 'now',
  rangeOf: (now) => rangeOf('day', 7, now),
});

const units: Readonly<Record<string, TimeUnit>> = {
  Minutes: 'minute',
  Hours: 'hour',
  Days: 'day',
  Weeks: 'week',
  Months: 'month',
  Years: 'year',
  FiscalPeriods: 'fiscalPeriod',
  FiscalYears: 'fiscalYear',
};

/** `LastXDays` and its like. */
function counted(
  prefix: string,
  names: readonly string[],
  rangeOf: (unit: TimeUnit, count: number, now: Date) => TimeRange,
): Record<string, QueryFunction> {
  return Object.fromEntries(
    names.map((name) => [`${prefix}${name}`, { kind: 'count', unit: units[name] ?? 'day', rangeOf }]),
  );
}

const calendar = ['Hours', 'Days', 'Weeks', 'Months', 'Years', 'FiscalPeriods', 'FiscalYears'];

/**
 * All of the Web API Query Function Reference, by name without `Microsoft.Dynamics.CRM.`. What the columns of a function
 * may be is in `columnsOf`.
 */
const functions: Readonly<Record<string, QueryFunction>> = {
  Yesterday: whole('day', -1),
  Today: whole('day', 0),
  Tomorrow: whole('day', 1),
  LastWeek: whole('week', -1),
  ThisWeek: whole('week', 0),
  NextWeek: whole('week', 1),
  LastMonth: whole('month', -1),
  ThisMonth: whole('month', 0),
  NextMonth: whole('month', 1),
  LastYear: whole('year', -1),
  ThisYear: whole('year', 0),
  NextYear: whole('year', 1),
  LastFiscalPeriod: whole('fiscalPeriod', -1),
  ThisFiscalPeriod: whole('fiscalPeriod', 0),
  NextFiscalPeriod: whole('fiscalPeriod', 1),
  LastFiscalYear: whole('fiscalYear', -1),
  ThisFiscalYear: whole('fiscalYear', 0),
  NextFiscalYear: whole('fiscalYear', 1),
  Last7Days: sevenDays(lastUnits),
  Next7Days: sevenDays(nextUnits),
  ...counted('LastX', calendar, lastUnits),
  ...counted('NextX', calendar, nextUnits),
  ...counted('OlderThanX', ['Minutes', 'Hours', 'Days', 'Weeks', 'Months', 'Years'], olderThan),
  On: { kind: 'day', part: 'on' },
  NotOn: { kind: 'day', part: 'on', negated: true },
  OnOrAfter: { kind: 'day', part: 'after' },
  OnOrBefore: { kind: 'day', part: 'before' },
  InFiscalPeriod: { kind: 'anyPeriod' },
  InFiscalYear: { kind: 'fiscalYear', rangeOf: (year) => fiscalRange(year, undefined, 'on') },
  InFiscalPeriodAndYear: { kind: 'fiscalPeriod', part: 'on' },
  InOrAfterFiscalPeriodAndYear: { kind: 'fiscalPeriod', part: 'after' },
  InOrBeforeFiscalPeriodAndYear: { kind: 'fiscalPeriod', part: 'before' },
  Between: { kind: 'between' },
  NotBetween: { kind: 'between', negated: true },
  In: { kind: 'list' },
  NotIn: { kind: 'list', negated: true },
  EqualUserId: { kind: 'asker', ids: ['user'] },
  NotEqualUserId: { kind: 'asker', ids: ['user'], negated: true },
  EqualBusinessId: { kind: 'asker', ids: ['businessUnit'] },
  NotEqualBusinessId: { kind: 'asker', ids: ['businessUnit'], negated: true },
  EqualRoleBusinessId: { kind: 'asker', ids: ['roleBusinessUnits'] },
  EqualUserTeams: { kind: 'asker', ids: ['teams'] },
  EqualUserOrUserTeams: { kind: 'asker', ids: ['user', 'teams'] },
  EqualUserOrUserHierarchy: { kind: 'reports', teams: false },
  EqualUserOrUserHierarchyAndTeams: { kind: 'reports', teams: true },
  EqualUserLanguage: { kind: 'language' },
  Above: { kind: 'hierarchy', direction: 'above', orEqual: false },
  AboveOrEqual: { kind: 'hierarchy', direction: 'above', orEqual: true },
  Under: { kind: 'hierarchy', direction: 'under', orEqual: false },
  UnderOrEqual: { kind: 'hierarchy', direction: 'under', orEqual: true },
  NotUnder: { kind: 'hierarchy', direction: 'under', orEqual: false, negated: true },
  ContainValues: { kind: 'options' },
  DoesNotContainValues: { kind: 'options', negated: true },
  Contains: { kind: 'refused', why: 'no column has a full-text index' },
};

export const queryFunctions: ReadonlyMap<string, QueryFunction> = new Map(Object.entries(functions));

const parameters = {
  now: [],
  count: ['PropertyValue'],
  day: ['PropertyValue'],
  fiscalPeriod: ['PropertyValue1', 'PropertyValue2'],
  anyPeriod: ['PropertyValue'],
  fiscalYear: ['PropertyValue'],
  between: ['PropertyValues'],
  list: ['PropertyValues'],
  options: ['PropertyValues'],
  asker: [],
  language: [],
  hierarchy: ['PropertyValue'],
  reports: [],
  refused: [],
} as const satisfies Record<QueryFunction['kind'], readonly QueryParameter[]>;

/** What a function takes beside `PropertyName`, each exactly once. */
export const parametersOf = ({ kind }: QueryFunction): readonly QueryParameter[] => parameters[kind];

const moments: readonly ColumnType[] = ['Date', 'DateTime'];
const ids: readonly ColumnType[] = ['Guid', 'Lookup'];
const numbers: readonly ColumnType[] = ['Integer', 'BigInt', 'Decimal', 'Choice'];

const columnTypes = {
  now: moments,
  count: moments,
  day: moments,
  fiscalPeriod: moments,
  anyPeriod: moments,
  fiscalYear: moments,
  between: [...numbers, ...moments],
  list: [...numbers, ...ids, 'String', 'Memo', 'Boolean'],
  options: ['Choices'],
  asker: ids,
  language: ['Integer'],
  hierarchy: ids,
  reports: ids,
  refused: [],
} as const satisfies Record<QueryFunction['kind'], readonly ColumnType[]>;

/** Types of the columns that a function can be asked of. Hours and minutes mean nothing to dates without a time. */
export function columnsOf(of: QueryFunction): readonly ColumnType[] {
  const isTimed = of.kind === 'count' && (of.unit === 'hour' || of.unit === 'minute');
  return isTimed ? ['DateTime'] : columnTypes[of.kind];
}

/** Tables whose rows point to the row above them, and the lookup that does (`IsHierarchical` of a relationship). */
export const hierarchies: Readonly<Record<string, string>> = {
  businessunit: 'parentbusinessunitid',
  systemuser: 'parentsystemuserid',
};

/** Language of application users (English): their settings cannot be changed yet. */
export const askerLanguage = 1033;
