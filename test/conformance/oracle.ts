import type { Column, Navigation, Table } from '../../src/metadata/table.ts';
import type {
  ComparisonOperator,
  Condition,
  Hierarchy,
  Hop,
  Order,
  Pattern,
  PatternPart,
  Value,
} from '../../src/odata/query.ts';
import { equalityKey, orderKey } from '../../src/storage/text-key.ts';
import type { SampleRow } from './sample-rows.ts';

/** What a condition means (`odata/query.ts`), written down a second time and without SQL: `null` is neither true nor false. */
export type Truth = boolean | null;

export class Oracle {
  readonly #rows: readonly SampleRow[];

  constructor(rows: readonly SampleRow[]) {
    this.#rows = rows;
  }

  select(table: Table, where: Condition | undefined, orderBy: readonly Order[] = []): readonly SampleRow[] {
    const found = this.#rows.filter((row) => row.table === table && (!where || this.truth(row, where) === true));
    const down = orderBy.at(-1)?.descending ?? false;
    const order = [...orderBy, { column: table.primaryKey, descending: down }];
    return [...found].sort((a, b) => {
      for (const { column, descending, through } of order) {
        const difference = compareWithNull(
          column,
          this.#valueAt(a, column, through),
          this.#valueAt(b, column, through),
        );
        if (difference !== 0) return descending ? -difference : difference;
      }
      return 0;
    });
  }

  rowsOf(table: Table): readonly SampleRow[] {
    return this.#rows.filter((row) => row.table === table);
  }

  truth(row: SampleRow, condition: Condition): Truth {
    switch (condition.kind) {
      case 'always':
      case 'never':
        return condition.kind === 'always';
      case 'and':
        return junction(
          condition.of.map((each) => this.truth(row, each)),
          false,
        );
      case 'or':
        return junction(
          condition.of.map((each) => this.truth(row, each)),
          true,
        );
      case 'not': {
        const inner = this.truth(row, condition.of);
        return inner === null ? null : !inner;
      }
      case 'compare':
        return compareTo(condition.column, heldValue(row, condition.column), condition.op, condition.value);
      case 'compareColumns':
        return compareBoth(
          heldValue(row, condition.left),
          condition.op,
          heldValue(row, condition.right),
          condition.left,
        );
      case 'text': {
        const value = heldValue(row, condition.column);
        return value === null ? null : holds(equalityKey(String(value)), condition.op, equalityKey(condition.value));
      }
      case 'in':
        return junction(
          condition.values.map((value) => compareTo(condition.column, heldValue(row, condition.column), 'eq', value)),
          true,
        );
      case 'options': {
        const value = heldValue(row, condition.column);
        return value === null
          ? null
          : String(value)
              .split(',')
              .some((each) => condition.options.includes(Number(each)));
      }
      case 'bits': {
        const value = heldValue(row, condition.column);
        return value === null ? null : (BigInt(Number(value)) & BigInt(condition.mask)) === BigInt(condition.mask);
      }
      case 'like': {
        const value = heldValue(row, condition.column);
        return value === null ? null : fitsPattern([...equalityKey(String(value))], condition.pattern);
      }
      case 'month': {
        const value = heldValue(row, condition.column);
        return value === null ? null : condition.months.includes(new Date(String(value)).getUTCMonth() + 1);
      }
      case 'through': {
        const { among, where, every } = condition;
        const seen = this.related(row, condition.navigation).filter(
          (each) => among === undefined || this.truth(each, among) === true,
        );
        const meets = (each: SampleRow): boolean => this.truth(each, where) === true;
        return every === true ? seen.every(meets) : seen.some(meets);
      }
      case 'linked': {
        const { column, target, among, where } = condition;
        return this.rowsOf(target.table).some(
          (each) =>
            compareBoth(heldValue(each, target), 'eq', heldValue(row, column), target) === true &&
            (among === undefined || this.truth(each, among) === true) &&
            this.truth(each, where) === true,
        );
      }
      case 'hierarchy': {
        const value = heldValue(row, condition.column);
        return value !== null && this.#lineOf(condition).includes(String(value));
      }
    }
  }

  /** The value of a column behind lookups; null where the way leads to no row that may be looked at. */
  #valueAt(row: SampleRow, column: Column, through: readonly Hop[] = []): Value {
    let at: SampleRow | undefined = row;
    for (const { navigation, among } of through) {
      const [next]: readonly SampleRow[] = this.related(at, navigation);
      at = next !== undefined && (among === undefined || this.truth(next, among) === true) ? next : undefined;
      if (at === undefined) return null;
    }
    return heldValue(at, column);
  }

  /** Ids above or under a row, step by step. */
  #lineOf({ parent, direction, id, orEqual, among }: Hierarchy): readonly string[] {
    const seen = this.#rows.filter(
      (row) => row.table === parent.table && (among === undefined || this.truth(row, among) === true),
    );
    const found = new Set<SampleRow>(seen.filter((row) => row.id === id));
    for (const row of found) {
      for (const other of seen) {
        const follows =
          direction === 'above' ? heldValue(row, parent) === other.id : heldValue(other, parent) === row.id;
        if (follows) found.add(other);
      }
    }
    return [...found].map((row) => row.id).filter((each) => orEqual || each !== id);
  }

  related(row: SampleRow, navigation: Navigation): readonly SampleRow[] {
    const of = (table: Table): readonly SampleRow[] => this.#rows.filter((each) => each.table === table);
    switch (navigation.kind) {
      case 'single':
        return of(navigation.target).filter((each) => each.id === heldValue(row, navigation.column));
      case 'collection':
        return of(navigation.target).filter((each) => heldValue(each, navigation.column) === row.id);
      case 'manyToMany': {
        const joins = of(navigation.intersect).filter(
          (each) => heldValue(each, navigation.ownColumn) === heldValue(row, navigation.ownKey),
        );
        return of(navigation.target).filter((each) =>
          joins.some((join) => heldValue(join, navigation.targetColumn) === heldValue(each, navigation.targetKey)),
        );
      }
    }
  }
}

export const heldValue = (row: SampleRow, column: Column): Value => row.values.get(column) ?? null;

/** `or` when `decisive` is true, else `and`. */
export function junction(truths: readonly Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

function compareTo(column: Column, own: Value, op: ComparisonOperator, value: Value): Truth {
  if (value === null) return op === 'eq' ? own === null : op === 'ne' ? own !== null : null;
  if (own === null) return op === 'ne' ? true : null;
  return byOperator(op, compare(column, own, value));
}

export function compareBoth(left: Value, op: ComparisonOperator, right: Value, column: Column): Truth {
  return left === null || right === null ? null : byOperator(op, compare(column, left, right));
}

function byOperator(op: ComparisonOperator, difference: number): boolean {
  const answers = {
    eq: difference === 0,
    ne: difference !== 0,
    gt: difference > 0,
    ge: difference >= 0,
    lt: difference < 0,
    le: difference <= 0,
  };
  return answers[op];
}

function holds(own: string, op: 'contains' | 'startswith' | 'endswith', value: string): boolean {
  if (op === 'contains') return own.includes(value);
  return op === 'startswith' ? own.startsWith(value) : own.endsWith(value);
}

/** By following all places of the text that the parts so far may lead to: trying them one by one takes for ever at times. */
function fitsPattern(text: readonly string[], pattern: Pattern): boolean {
  let places: ReadonlySet<number> = new Set([0]);
  for (const part of pattern) places = new Set([...places].flatMap((at) => placesAfter(text, at, part)));
  return places.has(text.length);
}

/** Where a part of a pattern may end that begins at a place of the text. */
function placesAfter(text: readonly string[], at: number, part: PatternPart): readonly number[] {
  const character = text[at];
  switch (part.kind) {
    case 'text': {
      const own = [...equalityKey(part.text)];
      return own.every((each, index) => text[at + index] === each) ? [at + own.length] : [];
    }
    case 'any':
      return Array.from({ length: text.length - at + 1 }, (_, length) => at + length);
    case 'one':
      return character === undefined ? [] : [at + 1];
    case 'among': {
      if (character === undefined) return [];
      const code = (of: string): number => equalityKey(of).codePointAt(0) ?? 0;
      const inside = part.ranges.some(([from, to]) => code(from) <= code(character) && code(character) <= code(to));
      return inside !== part.negated ? [at + 1] : [];
    }
  }
}

export function compareWithNull(column: Column, a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compare(column, a, b);
}

function compare(column: Column, a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (column.isText) {
    return Buffer.compare(Buffer.from(orderKey(String(a), 'nb')), Buffer.from(orderKey(String(b), 'nb')));
  }
  if (['Integer', 'Choice', 'BigInt', 'Decimal'].includes(column.type)) return compareNumbers(units(a), units(b));
  return a < b ? -1 : Number(a > b);
}

const compareNumbers = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

/** In units of ten digits after the point. */
export function units(value: NonNullable<Value>): bigint {
  // A large number's own text has an exponent.
  const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
  const [whole = '', fraction = ''] = String(text).split('.');
  const digits = BigInt(whole.replace('-', '') + fraction.padEnd(10, '0'));
  return whole.startsWith('-') ? -digits : digits;
}
