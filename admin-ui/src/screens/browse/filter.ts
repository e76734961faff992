import { literal } from '../../api/odata.ts';
import type { MessageKey } from '../../i18n/en.ts';
import type { ColumnType, ModelColumn } from '../../model/table-model.ts';

/** One condition as a person puts it together. */
export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

export type Operator = keyof typeof operatorTexts;

export const operatorTexts = {
  eq: 'filter.eq',
  ne: 'filter.ne',
  gt: 'filter.gt',
  ge: 'filter.ge',
  lt: 'filter.lt',
  le: 'filter.le',
  contains: 'filter.contains',
  startswith: 'filter.startswith',
  endswith: 'filter.endswith',
  empty: 'filter.empty',
  filled: 'filter.filled',
} as const satisfies Readonly<Record<string, MessageKey>>;

const order: readonly Operator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'empty', 'filled'];
const same: readonly Operator[] = ['eq', 'ne', 'empty', 'filled'];
const texts: readonly Operator[] = ['contains', 'startswith', 'endswith', ...same];

/** What can be asked of a column. */
export const operatorsOf: Readonly<Record<ColumnType, readonly Operator[]>> = {
  text: texts,
  memo: texts,
  number: order,
  boolean: same,
  date: order,
  dateTime: order,
  localTime: order,
  choice: same,
  choices: ['empty', 'filled'],
  lookup: same,
  guid: ['eq', 'ne'],
};

export const takesValue = (operator: Operator): boolean => operator !== 'empty' && operator !== 'filled';

/** Conditions as `$filter`; those that lack a value are left out. `undefined`: there is nothing to filter by. */
export function filterOf(
  conditions: readonly Condition[],
  join: 'and' | 'or',
  columns: readonly ModelColumn[],
): string | undefined {
  const parts = conditions.flatMap((condition) => {
    const column = columns.find(({ name }) => name === condition.column);
    return column === undefined ? [] : (partOf(condition, column) ?? []);
  });
  return parts.length === 0 ? undefined : parts.join(` ${join} `);
}

function partOf({ operator, value }: Condition, column: ModelColumn): string | undefined {
  const { property } = column;
  if (operator === 'empty') return `${property} eq null`;
  if (operator === 'filled') return `${property} ne null`;
  const written = literalOf(column, value.trim());
  if (written === undefined) return undefined;
  if (operator === 'contains' || operator === 'startswith' || operator === 'endswith') {
    return `${operator}(${property},${written})`;
  }
  return `${property} ${operator} ${written}`;
}

/** A value as OData writes it. What cannot be one of the type goes to the server as a text, which says what is wrong. */
function literalOf({ type }: ModelColumn, value: string): string | undefined {
  if (value === '') return undefined;
  switch (type) {
    case 'text':
    case 'memo':
    case 'choices':
      return literal(value);
    case 'number':
    case 'choice':
      return /^-?\d+([.,]\d+)?$/.test(value) ? value.replace(',', '.') : literal(value);
    case 'boolean':
      return value === 'true' ? 'true' : 'false';
    case 'lookup':
    case 'guid':
      return /^[0-9a-f-]{36}$/i.test(value) ? value : literal(value);
    case 'date':
      return value.slice(0, 10);
    case 'dateTime':
    case 'localTime':
      return /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/.test(value) ? moment(value) : literal(value);
  }
}

/** From an input of date and time, which knows no seconds and no zone: taken for UTC, as everything on the wire. */
function moment(value: string): string {
  const plain = value.replace(/Z$/, '');
  return `${/T\d\d:\d\d$/.test(plain) ? `${plain}:00` : plain}Z`;
}
