import type { Column } from '../../src/metadata/table.ts';
import type { DatePart, FlatCondition, FlatQuery, Join, Output } from '../../src/odata/flat-query.ts';
import type { Value } from '../../src/odata/query.ts';
import type { FlatRow } from '../../src/odata/row-store.ts';
import { compareBoth, compareWithNull, heldValue, junction, type Oracle, type Truth, units } from './oracle.ts';
import type { SampleRow } from './sample-rows.ts';

/** What a flat query means, written down a second time and without SQL: every combination of rows is looked at. */

type Combination = readonly SampleRow[];

export interface FlatExpected {
  readonly rows: readonly FlatRow[];
  readonly tooMany: boolean;
}

/** All rows of the answer, whatever the page. */
export function expectFlat(oracle: Oracle, query: FlatQuery): FlatExpected {
  let combinations: readonly Combination[] = oracle.rowsOf(query.table).map((row) => [row]);
  for (const join of query.joins) combinations = combinations.flatMap((known) => joined(oracle, join, known));
  const { where } = query;
  const found = where === undefined ? combinations : combinations.filter((each) => truth(oracle, where, each) === true);
  if (query.answer === 'rows') return { rows: rowsOf(oracle, query, found), tooMany: false };
  const tooMany = query.aggregateLimit !== undefined && found.length > query.aggregateLimit;
  return { rows: tooMany ? [] : groupsOf(oracle, query, found), tooMany };
}

function joined(oracle: Oracle, join: Join, known: Combination): readonly Combination[] {
  const from = heldValue(known[join.to.source] as SampleRow, join.to.column);
  const holds = (row: SampleRow, where = join.where): boolean =>
    where === undefined || oracle.truth(row, where) === true;
  const matches = oracle
    .rowsOf(join.table)
    .filter((row) => compareBoth(heldValue(row, join.column), 'eq', from, join.column) === true)
    .filter((row) => holds(row) && holds(row, join.among));
  if (join.kind === 'inner') return matches.map((row) => [...known, row]);
  const nobody: SampleRow = { table: join.table, id: '' as SampleRow['id'], values: new Map() };
  const [first = nobody] = [...matches].sort((left, right) => (left.id < right.id ? -1 : 1));
  const kept = join.kind === 'first' || matches.length === 0 ? [first] : matches;
  return kept.map((row) => [...known, row]);
}

function truth(oracle: Oracle, condition: FlatCondition, rows: Combination): Truth {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return junction(
        condition.of.map((each) => truth(oracle, each, rows)),
        condition.kind === 'or',
      );
    case 'row':
      return oracle.truth(rows[condition.source] as SampleRow, condition.where);
    case 'compareRows': {
      const { left, right, op } = condition;
      return compareBoth(valueAt(rows, left), op, valueAt(rows, right), left.column);
    }
  }
}

const valueAt = (rows: Combination, { source, column }: { source: number; column: Column }): Value =>
  heldValue(rows[source] as SampleRow, column);

function displayOf(oracle: Oracle, output: Output, value: Value): string | undefined {
  if (output.kind !== 'column' || output.display === undefined) return undefined;
  const { navigation, among } = output.display;
  const row = oracle
    .rowsOf(navigation.target)
    .find((each) => each.id === value && (among === undefined || oracle.truth(each, among) === true));
  const name = row && heldValue(row, navigation.target.primaryName);
  return name === undefined || name === null ? undefined : String(name);
}

function rowsOf(oracle: Oracle, query: FlatQuery, found: readonly Combination[]): FlatRow[] {
  const down = query.orderBy.at(-1)?.descending ?? false;
  const tables = [query.table, ...query.joins.map(({ table }) => table)];
  const orders = [
    ...query.orderBy.map((order) => {
      if (order.kind !== 'column') throw new TypeError('rows are sorted by columns');
      return order;
    }),
    ...tables.map((table, source) => ({ source, column: table.primaryKey, descending: down })),
  ];
  const sorted = [...found].sort((left, right) => {
    for (const order of orders) {
      const difference = compareWithNull(order.column, valueAt(left, order), valueAt(right, order));
      if (difference !== 0) return order.descending ? -difference : difference;
    }
    return 0;
  });
  return sorted.map((rows) => {
    const values = query.outputs.map((output) => valueAt(rows, output));
    return {
      values,
      displays: values.map((value, at) => displayOf(oracle, query.outputs[at] as Output, value)),
      version: undefined,
    };
  });
}

/** The column of whole numbers that a part of a date is. */
const wholeNumbers = (column: Column): Column => ({ ...column, type: 'Integer', isText: false });

const keyColumn = (output: Output): Column => (output.kind === 'column' ? output.column : wholeNumbers(output.column));

function keyOf(output: Output, rows: Combination): Value {
  const value = valueAt(rows, output);
  return output.kind === 'datePart' && value !== null ? datePart(output.part, new Date(String(value))) : value;
}

function datePart(part: DatePart, date: Date): number {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const parts: Record<DatePart, number> = {
    day: date.getUTCDate(),
    week: weekOf(date),
    month,
    quarter: Math.ceil(month / 3),
    year,
    fiscalYear: year,
    fiscalPeriod: year * 100 + Math.ceil(month / 3),
  };
  return parts[part];
}

/** By counting the Sundays since New Year. */
function weekOf(date: Date): number {
  let week = 1;
  for (const day = new Date(Date.UTC(date.getUTCFullYear(), 0, 2)); day <= date; day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDay() === 0) week++;
  }
  return week;
}

function groupsOf(oracle: Oracle, query: FlatQuery, found: readonly Combination[]): FlatRow[] {
  const keys = query.outputs.filter((output) => output.kind !== 'aggregate');
  const groups: Combination[][] = keys.length === 0 ? [[]] : [];
  for (const rows of found) {
    const own = groups.find(
      ([other]) =>
        keys.length === 0 ||
        keys.every((key) => compareWithNull(keyColumn(key), keyOf(key, rows), keyOf(key, other as Combination)) === 0),
    );
    if (own === undefined) groups.push([rows]);
    else own.push(rows);
  }
  const made = groups.map((group) => {
    const values = query.outputs.map((output) => groupValue(output, group));
    return {
      values,
      displays: values.map((value, at) => displayOf(oracle, query.outputs[at] as Output, value)),
      version: undefined,
    };
  });
  return made.sort((left, right) => compareGroups(query, left, right));
}

function compareGroups({ outputs, orderBy }: FlatQuery, left: FlatRow, right: FlatRow): number {
  const asked = orderBy.map((order) => ({ at: order.kind === 'output' ? order.output : -1, down: order.descending }));
  const isSorted = asked.some(({ at }) => outputs[at]?.kind === 'aggregate');
  // Where an aggregate is sorted by, groups that are equal keep the order of their keys as the database gives them.
  const down = orderBy.at(-1)?.descending ?? false;
  const keyPlaces = outputs.flatMap((output, at) => (output.kind === 'aggregate' ? [] : [at]));
  const sortedKeys = asked.filter(({ at }) => outputs[at]?.kind !== 'aggregate');
  const rest = keyPlaces.map((at) => ({ at, down }));
  for (const { at, down: descending } of [...asked, ...(isSorted ? sortedKeys : []), ...rest]) {
    const output = outputs[at] as Output;
    const column = output.kind === 'aggregate' ? aggregateColumn(output) : keyColumn(output);
    const difference = compareWithNull(column, left.values[at] ?? null, right.values[at] ?? null);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}

type AggregateOutput = Extract<Output, { kind: 'aggregate' }>;

function aggregateColumn({ function: of, column }: AggregateOutput): Column {
  if (of === 'min' || of === 'max') return column;
  return { ...column, type: of === 'sum' || of === 'average' ? 'Decimal' : 'Integer', isText: false };
}

/** Of texts that are the same but for case, the first one by code points stands for the group. */
function groupValue(output: Output, group: readonly Combination[]): Value {
  if (output.kind === 'aggregate') return aggregate(output, group);
  const values = group.map((rows) => keyOf(output, rows));
  if (!keyColumn(output).isText) return values[0] ?? null;
  return (
    [...values].sort((left, right) => Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right))))[0] ?? null
  );
}

function aggregate(output: AggregateOutput, group: readonly Combination[]): Value {
  const { column } = output;
  const values = group.map((rows) => valueAt(rows, output)).filter((value) => value !== null);
  const sorted = [...values].sort((left, right) => {
    const difference = compareWithNull(column, left, right);
    return difference === 0 ? Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right))) : difference;
  });
  const isNumber = output.function === 'sum' || output.function === 'average';
  const total = !isNumber ? 0n : values.reduce<bigint>((sum, value) => sum + units(value), 0n);
  switch (output.function) {
    case 'count':
      return group.length;
    case 'countColumn':
      return values.length;
    case 'countDistinct':
      return sorted.filter((value, at) => at === 0 || compareWithNull(column, value, sorted[at - 1] ?? null) !== 0)
        .length;
    case 'sum':
      return decimal(total);
    case 'average':
      return values.length === 0 ? null : mean(column, total, BigInt(values.length));
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
  }
}

const ten = 10n ** 10n;

function decimal(of: bigint): string {
  const digits = (of < 0n ? -of : of).toString().padStart(11, '0');
  const fraction = digits.slice(-10).replace(/0+$/, '');
  return `${of < 0n ? '-' : ''}${digits.slice(0, -10)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Whole numbers are cut off, decimals rounded half away from zero to six digits. */
function mean(column: Column, total: bigint, count: bigint): string {
  const sign = total < 0n ? -1n : 1n;
  const size = total * sign;
  if (column.type !== 'Decimal') return decimal((size / (count * ten)) * ten * sign);
  const unit = 10n ** 4n;
  return decimal(((2n * size + count * unit) / (2n * count * unit)) * unit * sign);
}
