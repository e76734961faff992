import type { Guid } from '../../src/kernel/ids.ts';
import { unreachable } from '../../src/kernel/unreachable.ts';
import type { Column, Navigation, Table } from '../../src/metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from '../../src/odata/authorized-plan.ts';
import type { Values } from '../../src/odata/operation.ts';
import type { ComparisonOperator, Condition, Expand, Query, Value } from '../../src/odata/query.ts';
import {
  type BusinessEvent,
  DuplicateKey,
  type MaintenanceStore,
  type Page,
  type Row,
  type RowStore,
  type Transaction,
  type Watcher,
} from '../../src/odata/row-store.ts';
import { Watchers } from '../../src/storage/sql/watchers.ts';

type TableRows = Map<Guid, Row>;

/**
 * The row store port in memory, for unit tests of the layers above storage. Writes run one after the other and undo
 * themselves when they throw. Not the conformance suite's subject: text sorts by code point.
 */
export class MemoryStore implements RowStore, MaintenanceStore {
  #tables = new Map<Table, TableRows>();
  #numbers = new Map<string, bigint>();
  #version = 1n;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #watchers = new Watchers();
  /** Every query that was run, for tests that look at what storage was asked. */
  readonly queries: Query[] = [];

  async query({ scope }: AuthorizedPlan<Query>): Promise<Page> {
    this.queries.push(scope);
    const all = this.#select(scope);
    const count = scope.countUpTo === undefined ? undefined : Math.min(all.length, scope.countUpTo);
    const { after } = scope;
    const found = after === undefined ? all : all.filter((row) => comparePlaces(scope, placeOf(scope, row), after) > 0);
    const shown = found.slice(0, scope.limit ?? found.length);
    const last = shown.at(-1);
    const next = last === undefined || shown.length === found.length ? undefined : placeOf(scope, last);
    return { rows: shown.map((row) => JSON.stringify(this.#show(scope, row))), count, next };
  }

  async flat(): Promise<never> {
    throw new TypeError('the memory store has no joins and groups');
  }

  write<T>(plan: AuthorizedPlan<WriteScope>, job: (rows: Transaction, scope: WriteScope) => Promise<T>): Promise<T> {
    return this.maintain((rows) => job(rows, plan.scope));
  }

  together<T>(job: (rows: RowStore) => Promise<T>): Promise<T> {
    return this.maintain((rows) => {
      const inside: RowStore = {
        query: (plan) => this.query(plan),
        flat: () => this.flat(),
        write: (plan, step) => step(rows, plan.scope),
        together: (step) => step(inside),
      };
      return job(inside);
    });
  }

  async readAll(table: Table, where?: Condition): Promise<readonly Row[]> {
    return [...this.#of(table).values()].filter((row) => where === undefined || this.#holds(where, row) === true);
  }

  watch(watcher: Watcher): () => void {
    return this.#watchers.add(watcher);
  }

  maintain<T>(job: (rows: Transaction) => Promise<T>): Promise<T> {
    const run = this.#turn.then(async () => {
      const before = new Map([...this.#tables].map(([table, rows]) => [table, new Map(rows)]));
      const numbers = new Map(this.#numbers);
      const changes = new Map<string, Set<string>>();
      try {
        const late: unknown[] = [];
        const result = await job(this.#transaction(changes, late));
        if (late.length > 0) throw late[0];
        this.#watchers.tell(changes);
        return result;
      } catch (error) {
        this.#tables = before;
        this.#numbers = numbers;
        throw error;
      }
    });
    this.#turn = run.catch(() => undefined);
    return run;
  }

  #of(table: Table): TableRows {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const rows: TableRows = new Map();
    this.#tables.set(table, rows);
    return rows;
  }

  /** `late` takes the errors of what the job does not wait for. */
  #transaction(changes: Map<string, Set<string>>, late: unknown[]): Transaction {
    const note = (table: Table, values: Values | undefined): void => {
      for (const column of this.#watchers.columnsOf(table)) {
        const keys = changes.get(table.logicalName) ?? new Set();
        changes.set(table.logicalName, keys.add(String(values?.get(column))));
      }
    };
    const events: BusinessEvent[] = [];
    const insert = (table: Table, values: Values): void => {
      const id = values.get(table.primaryKey) as Guid;
      if (this.#of(table).has(id)) throw new DuplicateKey(table, [table.primaryKey]);
      note(table, values);
      this.#put(table, id, values);
    };
    return {
      events,
      announce: (event) => {
        events.push(event);
      },
      get: async (table, id) => this.#of(table).get(id),
      list: async (table, where, limit) =>
        [...this.#of(table).values()]
          .filter((row) => this.#holds(where, row) === true)
          .sort((left, right) => (left.id < right.id ? -1 : 1))
          .slice(0, limit),
      insert: async (table, values) => insert(table, values),
      insertLater: (table, values, explain) => {
        try {
          insert(table, values);
        } catch (error) {
          late.push(explain(error));
        }
      },
      update: async (table, id, values) => {
        const row = this.#of(table).get(id);
        if (row === undefined) throw new TypeError(`no row ${id}`);
        note(table, row.values);
        this.#put(table, id, new Map([...row.values, ...values]));
        note(table, this.#of(table).get(id)?.values);
      },
      delete: async (table, id) => {
        note(table, this.#of(table).get(id)?.values);
        this.#of(table).delete(id);
      },
      mustCheckNumbers: true,
      nextNumber: async (sequence, first) => {
        const number = this.#numbers.get(sequence) ?? first;
        this.#numbers.set(sequence, number + 1n);
        return number;
      },
    };
  }

  #put(table: Table, id: Guid, values: Values): void {
    const key = table.naturalKey.map((column) => fold(values.get(column) ?? null));
    const twin = [...this.#of(table).values()].find(
      (row) =>
        row.id !== id && table.naturalKey.every((column, at) => key[at] === fold(row.values.get(column) ?? null)),
    );
    if (key.length > 0 && !key.includes(null) && twin !== undefined) throw new DuplicateKey(table, table.naturalKey);
    this.#version += 1n;
    const all = new Map<Column, Value>(table.columns.map((column) => [column, values.get(column) ?? null]));
    this.#of(table).set(id, { id, version: this.#version, values: all });
  }

  #select(query: Query): Row[] {
    const { table, where } = query;
    const rows = [...this.#of(table).values()].filter((row) => where === undefined || this.#holds(where, row) === true);
    return rows.sort((left, right) => comparePlaces(query, placeOf(query, left), placeOf(query, right)));
  }

  #show(query: Query, row: Row): Record<string, unknown> {
    const shown: Record<string, unknown> = query.etag ? { '@odata.etag': `W/"${row.version}"` } : {};
    for (const column of new Set([query.table.primaryKey, ...query.columns])) {
      const value = query.withheld?.has(column) === true ? null : (row.values.get(column) ?? null);
      const isDay = column.type === 'Date' && column.table.kind !== 'virtual' && typeof value === 'string';
      const isNumber = (column.type === 'Decimal' || typeof value === 'bigint') && value !== null;
      shown[column.property] = isNumber ? Number(value) : isDay ? value.slice(0, 10) : value;
    }
    for (const expand of query.expand) shown[expand.navigation.name] = this.#expand(expand, row);
    return shown;
  }

  #expand({ navigation, query }: Expand, row: Row): unknown {
    const ids = new Set(this.#targets(navigation, row).map(({ id }) => id));
    const rows = this.#select(query).filter(({ id }) => ids.has(id));
    const shown = rows.slice(0, query.limit ?? rows.length).map((other) => this.#show(query, other));
    return navigation.kind === 'single' ? (shown[0] ?? null) : shown;
  }

  /** Rows on the other side of a navigation property. */
  #targets(navigation: Navigation, row: Row): Row[] {
    const targets = [...this.#of(navigation.target).values()];
    switch (navigation.kind) {
      case 'single':
        return targets.filter(({ id }) => id === row.values.get(navigation.column));
      case 'collection':
        return targets.filter(({ values }) => values.get(navigation.column) === row.id);
      case 'manyToMany': {
        const links = [...this.#of(navigation.intersect).values()].filter(
          ({ values }) => values.get(navigation.ownColumn) === row.values.get(navigation.ownKey),
        );
        return targets.filter((target) =>
          links.some(({ values }) => values.get(navigation.targetColumn) === target.values.get(navigation.targetKey)),
        );
      }
      default:
        return unreachable(navigation);
    }
  }

  /** `undefined` is "neither true nor false". */
  #holds(where: Condition, row: Row): boolean | undefined {
    const value = (column: Column): Value => row.values.get(column) ?? null;
    switch (where.kind) {
      case 'always':
        return true;
      case 'never':
        return false;
      case 'and':
        return where.of.every((condition) => this.#holds(condition, row) === true);
      case 'or':
        return where.of.some((condition) => this.#holds(condition, row) === true);
      case 'not': {
        const inner = this.#holds(where.of, row);
        return inner === undefined ? undefined : !inner;
      }
      case 'compare':
        return holds(where.op, value(where.column), where.value);
      case 'compareColumns':
        return holds(where.op, value(where.left), value(where.right));
      case 'in':
        return where.values.some((each) => holds('eq', value(where.column), each) === true);
      case 'text': {
        const text = fold(value(where.column));
        const part = String(fold(where.value));
        if (typeof text !== 'string') return undefined;
        const tests = {
          contains: text.includes(part),
          startswith: text.startsWith(part),
          endswith: text.endsWith(part),
        };
        return tests[where.op];
      }
      case 'like':
      case 'options':
      case 'month':
      case 'hierarchy':
        throw new TypeError(`the memory store has no ${where.kind}`);
      case 'bits':
        return (Number(value(where.column)) & where.mask) === where.mask;
      case 'linked':
        return [...this.#of(where.target.table).values()].some(
          (other) =>
            holds('eq', other.values.get(where.target) ?? null, value(where.column)) === true &&
            (where.among === undefined || this.#holds(where.among, other) === true) &&
            this.#holds(where.where, other) === true,
        );
      case 'through': {
        const seen = this.#targets(where.navigation, row).filter(
          (target) => where.among === undefined || this.#holds(where.among, target) === true,
        );
        const meets = (target: Row): boolean => this.#holds(where.where, target) === true;
        return where.every === true ? seen.every(meets) : seen.some(meets);
      }
      default:
        return unreachable(where);
    }
  }
}

/** Place of a row in the order of a query: its values there, then its id. */
const placeOf = ({ orderBy }: Query, row: Row): readonly Value[] => [
  ...orderBy.map(({ column }) => row.values.get(column) ?? null),
  row.id,
];

function comparePlaces({ orderBy }: Query, left: readonly Value[], right: readonly Value[]): number {
  for (let at = 0; at < left.length; at++) {
    const order = compare(left[at] ?? null, right[at] ?? null);
    if (order !== 0) return orderBy[at]?.descending === true ? -order : order;
  }
  return 0;
}

const fold = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

function compare(left: Value, right: Value): number {
  const [a, b] = [fold(left), fold(right)];
  if (a === b) return 0;
  if (a === null) return -1;
  return b !== null && a > b ? 1 : b === null ? 1 : -1;
}

function holds(op: ComparisonOperator, left: Value, right: Value): boolean | undefined {
  if (right === null) return op === 'eq' ? left === null : op === 'ne' ? left !== null : undefined;
  if (left === null) return op === 'ne' ? true : undefined;
  const order = compare(left, right);
  const tests = { eq: order === 0, ne: order !== 0, gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 };
  return tests[op];
}
