import type { ComparisonOperator, TextOperator } from '../query.ts';

/**
 * What an operator of `condition` means ("condition operator values"). Most are query functions of the Web API by another
 * name, so that each has one meaning in one place (`query-functions.ts`).
 */
export type FetchOperator =
  | { readonly kind: 'compare'; readonly op: ComparisonOperator }
  | { readonly kind: 'null'; readonly op: 'eq' | 'ne' }
  | { readonly kind: 'like'; readonly negated: boolean }
  | { readonly kind: 'text'; readonly op: TextOperator; readonly negated: boolean }
  | { readonly kind: 'function'; readonly name: string };

const compare = (op: ComparisonOperator): FetchOperator => ({ kind: 'compare', op });
const text = (op: TextOperator, negated = false): FetchOperator => ({ kind: 'text', op, negated });

/** Operators that are query functions; `-x-` operators are made of units below. */
const functions: Readonly<Record<string, string>> = {
  above: 'Above',
  'eq-or-above': 'AboveOrEqual',
  under: 'Under',
  'eq-or-under': 'UnderOrEqual',
  'not-under': 'NotUnder',
  between: 'Between',
  'not-between': 'NotBetween',
  in: 'In',
  'not-in': 'NotIn',
  'contain-values': 'ContainValues',
  'not-contain-values': 'DoesNotContainValues',
  'eq-userid': 'EqualUserId',
  'ne-userid': 'NotEqualUserId',
  'eq-businessid': 'EqualBusinessId',
  'ne-businessid': 'NotEqualBusinessId',
  'eq-userlanguage': 'EqualUserLanguage',
  'eq-userteams': 'EqualUserTeams',
  'eq-useroruserteams': 'EqualUserOrUserTeams',
  'eq-useroruserhierarchy': 'EqualUserOrUserHierarchy',
  'eq-useroruserhierarchyandteams': 'EqualUserOrUserHierarchyAndTeams',
  on: 'On',
  'not-on': 'NotOn',
  'on-or-after': 'OnOrAfter',
  'on-or-before': 'OnOrBefore',
  today: 'Today',
  tomorrow: 'Tomorrow',
  yesterday: 'Yesterday',
  'last-seven-days': 'Last7Days',
  'next-seven-days': 'Next7Days',
  'in-fiscal-period': 'InFiscalPeriod',
  'in-fiscal-year': 'InFiscalYear',
  'in-fiscal-period-and-year': 'InFiscalPeriodAndYear',
  'in-or-after-fiscal-period-and-year': 'InOrAfterFiscalPeriodAndYear',
  'in-or-before-fiscal-period-and-year': 'InOrBeforeFiscalPeriodAndYear',
};

const capital = (words: string): string =>
  words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const units = ['week', 'month', 'year', 'fiscal-period', 'fiscal-year'];
const wholeUnits = ['last', 'this', 'next'].flatMap((which) => units.map((unit) => `${which}-${unit}`));
const countedUnits = ['hours', 'days', 'weeks', 'months', 'years', 'fiscal-periods', 'fiscal-years'];
const counted = ['last', 'next'].flatMap((which) => countedUnits.map((unit) => `${which}-x-${unit}`));
const older = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'];

const operators: Readonly<Record<string, FetchOperator>> = {
  eq: compare('eq'),
  ne: compare('ne'),
  neq: compare('ne'),
  lt: compare('lt'),
  le: compare('le'),
  gt: compare('gt'),
  ge: compare('ge'),
  null: { kind: 'null', op: 'eq' },
  'not-null': { kind: 'null', op: 'ne' },
  like: { kind: 'like', negated: false },
  'not-like': { kind: 'like', negated: true },
  'begins-with': text('startswith'),
  'not-begin-with': text('startswith', true),
  'ends-with': text('endswith'),
  'not-end-with': text('endswith', true),
  ...Object.fromEntries(Object.entries(functions).map(([name, of]) => [name, { kind: 'function', name: of } as const])),
  ...Object.fromEntries(
    [...wholeUnits, ...counted].map((name) => [name, { kind: 'function', name: capital(name) } as const]),
  ),
  ...Object.fromEntries(
    older.map((unit) => [`olderthan-x-${unit}`, { kind: 'function', name: `OlderThanX${capital(unit)}` } as const]),
  ),
};

export const fetchOperators: ReadonlyMap<string, FetchOperator> = new Map(Object.entries(operators));
