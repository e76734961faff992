import type { Column, Navigation, SingleNavigation, Table } from '../../../src/metadata/table.ts';
import type { WireRow } from '../../support/odata.ts';
import { type ColumnPath, type Comparison, compare, type Filter, type SortKey, type Wire } from './oracle.ts';
import { shownColumns, type World } from './world.ts';

/** Numbers that are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to 1, 1 not included. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }
}

export interface Asked {
  readonly table: Table;
  readonly where: Filter | undefined;
  readonly order: readonly SortKey[];
  readonly columns: readonly Column[] | undefined;
  readonly top: number | undefined;
  /** Rows per page: the query is asked page by page. */
  readonly pageSize: number | undefined;
  readonly counted: boolean;
  readonly expand: readonly AskedExpand[];
}

export interface AskedExpand {
  readonly navigation: Navigation;
  readonly columns: readonly Column[];
  readonly where: Filter | undefined;
  readonly order: readonly SortKey[];
  readonly top: number | undefined;
  /** An expand inside it, of a lookup. */
  readonly inner: SingleNavigation | undefined;
}

const comparisons: readonly Comparison[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const isNumber = ({ type }: Column): boolean => ['Integer', 'Choice', 'BigInt', 'Decimal'].includes(type);
const isMoment = ({ type }: Column): boolean => type === 'Date' || type === 'DateTime';
const isId = ({ type }: Column): boolean => type === 'Guid' || type === 'Lookup';

/** Makes random queries over what a user may see. `now` is when they are asked, at a fixed clock of the day. */
export class QueryMaker {
  readonly #world: World;
  readonly #dice: Dice;
  readonly #now: () => Date;

  constructor(world: World, dice: Dice, now: () => Date) {
    this.#world = world;
    this.#dice = dice;
    this.#now = now;
  }

  query(): Asked {
    const dice = this.#dice;
    const table = dice.of(this.#world.tables);
    const pageSize = dice.chance(0.25) ? 1 + dice.below(40) : undefined;
    return {
      table,
      where: dice.chance(0.9) ? this.#filter(table, 3) : undefined,
      order: this.#order(table),
      columns: dice.chance(0.8) ? this.#columns(table) : undefined,
      top: pageSize === undefined && dice.chance(0.2) ? dice.below(20) : undefined,
      pageSize,
      counted: dice.chance(0.3),
      expand: dice.chance(0.35) ? this.#expands(table) : [],
    };
  }

  #columns(table: Table): readonly Column[] {
    const columns = shownColumns(table);
    return [...new Set(Array.from({ length: 1 + this.#dice.below(4) }, () => this.#dice.of(columns)))];
  }

  #order(table: Table): readonly SortKey[] {
    const keys = Array.from({ length: this.#dice.below(3) }, () => ({
      path: this.#path(table, shownColumns, 0.3),
      descending: this.#dice.chance(0.5),
    }));
    const names = keys.map(({ path }) => [...path.through, path.column].map(({ name }) => name).join('/'));
    // A lookup sorts by the name of its row; a column that comes again changes nothing, not even the order of equals.
    return keys.filter(({ path }, at) => path.column.type !== 'Lookup' && names.indexOf(names[at] ?? '') === at);
  }

  #expands(table: Table): readonly AskedExpand[] {
    const all = [...this.#world.navigations(table, 'single'), ...this.#world.navigations(table, 'many')];
    if (all.length === 0) return [];
    const chosen = [...new Set(Array.from({ length: 1 + this.#dice.below(2) }, () => this.#dice.of(all)))];
    const isNested = this.#dice.chance(0.4);
    const expands = chosen.map((navigation) => this.#expand(navigation, isNested));
    // Where nothing is nested after all, options may stand again; this way they do not.
    return expands;
  }

  #expand(navigation: Navigation, isNested: boolean): AskedExpand {
    const { target } = navigation;
    const inner = isNested ? this.#world.navigations(target, 'single') : [];
    const isPlain = isNested || navigation.kind === 'single';
    return {
      navigation,
      columns: this.#columns(target),
      where: this.#dice.chance(0.4) ? this.#filter(target, 1) : undefined,
      order: isPlain ? [] : this.#order(target),
      top: !isPlain && this.#dice.chance(0.3) ? this.#dice.below(5) : undefined,
      inner: inner.length > 0 && this.#dice.chance(0.7) ? (this.#dice.of(inner) as SingleNavigation) : undefined,
    };
  }

  #path(table: Table, columnsOf: (table: Table) => readonly Column[], through: number): ColumnPath {
    const navigations: SingleNavigation[] = [];
    let at = table;
    while (navigations.length < 3 && this.#dice.chance(through)) {
      const found = this.#world.navigations(at, 'single').filter((each) => columnsOf(each.target).length > 0);
      if (found.length === 0) break;
      const navigation = this.#dice.of(found) as SingleNavigation;
      navigations.push(navigation);
      at = navigation.target;
    }
    const columns = columnsOf(at);
    return columns.length > 0
      ? { through: navigations, column: this.#dice.of(columns) }
      : { through: [], column: table.primaryKey };
  }

  #filter(table: Table, depth: number): Filter {
    const dice = this.#dice;
    if (depth > 0 && dice.chance(0.45)) {
      if (dice.chance(0.25)) return { kind: 'not', of: this.#filter(table, depth - 1) };
      const of = Array.from({ length: 2 + dice.below(2) }, () => this.#filter(table, depth - 1));
      return { kind: dice.chance(0.5) ? 'and' : 'or', of };
    }
    const many = this.#world.navigations(table, 'many');
    if (depth > 0 && many.length > 0 && dice.chance(0.3)) {
      const navigation = dice.of(many);
      const isBare = dice.chance(0.1);
      const op = !isBare && dice.chance(0.4) ? 'all' : 'any';
      return { kind: 'lambda', navigation, op, where: isBare ? undefined : this.#filter(navigation.target, depth - 1) };
    }
    return dice
      .of([this.#compare, this.#compare, this.#text, this.#in, this.#call, this.#twoColumns])
      .call(this, table);
  }

  #compare(table: Table): Filter {
    const path = this.#path(table, shownColumns, 0.3);
    const ops = path.column.type === 'Boolean' ? (['eq', 'ne'] as const) : comparisons;
    return {
      kind: 'compare',
      path,
      op: this.#dice.of(ops),
      value: this.#dice.chance(0.1) ? null : this.#value(path.column),
    };
  }

  #text(table: Table): Filter {
    const path = this.#path(table, (of) => shownColumns(of).filter((column) => column.isText), 0.3);
    const value = this.#value(path.column);
    if (!path.column.isText || typeof value !== 'string') return { kind: 'compare', path, op: 'ne', value: null };
    const op = this.#dice.of(['contains', 'startswith', 'endswith'] as const);
    const start = op === 'startswith' ? 0 : this.#dice.below(value.length + 1);
    const length = 1 + this.#dice.below(5);
    const part = op === 'endswith' ? value.slice(-length) : value.slice(start, start + length);
    return { kind: 'text', path, op, text: this.#wild(part) };
  }

  /** Wildcards of the value stand for themselves; now and then a character becomes one. */
  #wild(text: string): string {
    return [...text]
      .map((character, at) => {
        if ('%_['.includes(character)) return `[${character}]`;
        if (!/[a-z0-9]/i.test(character) || !this.#dice.chance(0.15)) return character;
        const middle = at > 0 && at < text.length - 1;
        return this.#dice.of(['_', `[${character}x]`, '[a-m]', '[^a-m]', ...(middle ? ['%'] : [])]);
      })
      .join('');
  }

  #in(table: Table): Filter {
    const path = this.#path(table, shownColumns, 0.25);
    const values = Array.from({ length: 1 + this.#dice.below(4) }, () =>
      this.#dice.chance(0.1) ? null : this.#value(path.column),
    );
    return { kind: 'in', path, values };
  }

  #twoColumns(table: Table): Filter {
    const groups = [isNumber, isMoment, isId, (column: Column) => column.isText];
    const fits = this.#dice.of(groups);
    // Numbers with and without decimals are not compared with each other.
    const columns = shownColumns(table).filter((column) => fits(column) && column.type !== 'Decimal');
    if (columns.length < 2) return this.#compare(table);
    return {
      kind: 'columns',
      left: this.#dice.of(columns),
      right: this.#dice.of(columns),
      op: this.#dice.of(comparisons),
    };
  }

  #call(table: Table): Filter {
    const dice = this.#dice;
    if (dice.chance(0.5)) return this.#dateCall(table);
    const path = this.#path(
      table,
      (of) => shownColumns(of).filter((column) => isNumber(column) || column.isText),
      0.25,
    );
    const { column } = path;
    if (!column.isText && !isNumber(column)) return this.#compare(table);
    const values = Array.from({ length: 2 }, () => this.#value(column)).filter((value) => value !== null);
    if (values.length < 2) return this.#compare(table);
    const list = JSON.stringify(values.map(String));
    const [low = '', high = ''] = values;
    const negated = dice.chance(0.4);
    const among = dice.chance(0.5) || column.isText;
    const meets = among
      ? (value: Exclude<Wire, null>) => values.some((each) => compare(column, value, each) === 0) !== negated
      : (value: Exclude<Wire, null>) =>
          (compare(column, value, low) >= 0 && compare(column, value, high) <= 0) !== negated;
    const name = `${negated ? 'Not' : ''}${among ? 'In' : 'Between'}`;
    return { kind: 'call', path, name, parameters: `,PropertyValues=${list}`, meets, orAbsent: negated };
  }

  #dateCall(table: Table): Filter {
    const path = this.#path(table, (of) => shownColumns(of).filter(isMoment), 0.25);
    if (!isMoment(path.column)) return this.#compare(table);
    const day = (value: Exclude<Wire, null>): string => String(value).slice(0, 10);
    const some = this.#value(path.column);
    const date = some === null ? '2024-02-29' : day(some);
    const today = this.#now().toISOString().slice(0, 10);
    const years = 1 + this.#dice.below(60);
    const back = `${Number(today.slice(0, 4)) - years}${today.slice(4)}`.replace(/-02-29$/, '-02-28');
    const month = this.#dice.below(4) + 1;
    const calls: readonly (readonly [
      name: string,
      parameters: string,
      meets: (on: string) => boolean,
      orAbsent?: true,
    ])[] = [
      ['On', `,PropertyValue='${date}'`, (on) => on === date],
      ['NotOn', `,PropertyValue='${date}'`, (on) => on !== date, true],
      ['OnOrAfter', `,PropertyValue='${date}'`, (on) => on >= date],
      ['OnOrBefore', `,PropertyValue=${date}`, (on) => on <= date],
      ['ThisYear', '', (on) => on.slice(0, 4) === today.slice(0, 4)],
      ['LastXYears', `,PropertyValue=${years}`, (on) => on >= back && on <= today],
      ['OlderThanXYears', `,PropertyValue=${years}`, (on) => on < back],
      ['InFiscalPeriod', `,PropertyValue=${month}`, (on) => Math.ceil(Number(on.slice(5, 7)) / 3) === month],
      ['InFiscalYear', `,PropertyValue=${date.slice(0, 4)}`, (on) => on.slice(0, 4) === date.slice(0, 4)],
    ];
    const [name, parameters, meets, orAbsent] = this.#dice.of(calls);
    return { kind: 'call', path, name, parameters, meets: (value) => meets(day(value)), orAbsent: orAbsent === true };
  }

  /** A value that a row has, or one beside it; `null` where no row has one. */
  #value(column: Column): Wire {
    const rows: readonly WireRow[] = this.#world.rowsOf(column.table);
    const held = rows.length === 0 ? null : ((this.#dice.of(rows)[column.property] ?? null) as Wire);
    if (typeof held === 'number' && this.#dice.chance(0.2)) return held + (column.type === 'Decimal' ? 0.25 : 1);
    if (typeof held === 'string' && column.isText && this.#dice.chance(0.2)) return held.toUpperCase();
    return held;
  }
}
