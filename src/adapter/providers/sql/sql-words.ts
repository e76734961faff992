import type { Column } from '../../../metadata/table.ts';
import type { Condition, Order, Value } from '../../../odata/query.ts';
import type { ColumnValues } from '../mapped/column-values.ts';
import type { MappedTable } from '../mapped/mapping.ts';
import { sourceRefusal } from '../mapped/source-problems.ts';

const operators = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/** A statement on one mapped relation of PostgreSQL, with its parameters. Values are never part of its text. */
export class SqlWords {
  readonly parameters: (string | null)[] = [];
  readonly #table: MappedTable;
  readonly #values: ColumnValues;

  constructor(table: MappedTable, values: ColumnValues) {
    this.#table = table;
    this.#values = values;
  }

  /** The relation; a dot parts schema and name. */
  get relation(): string {
    return this.#table.mapping.from.split('.').map(quoteName).join('.');
  }

  /** @throws Refusal 501 for conditions that mapped relations do not have */
  where(where: Condition): string {
    switch (where.kind) {
      case 'and':
      case 'or':
        return `(${where.of.map((each) => this.where(each)).join(` ${where.kind} `)})`;
      case 'not':
        return `(not ${this.where(where.of)})`;
      case 'always':
        return 'true';
      case 'never':
        return 'false';
      case 'compare':
        return this.#compare(where.op, where.column, where.value);
      case 'in':
        if (where.values.length === 0) return 'false';
        return `(${where.values.map((value) => this.#compare('eq', where.column, value)).join(' or ')})`;
      case 'compareColumns':
        return `(${this.#comparable(where.left)} ${operators[where.op]} ${this.#comparable(where.right)})`;
      case 'text':
        return this.#text(where.op, where.column, where.value);
      default:
        throw sourceRefusal.notBuilt(`a condition of the kind ${where.kind} on mapped relations`);
    }
  }

  order(orderBy: readonly Order[]): string {
    return orderBy
      .map(({ column, descending, through }) => {
        if ((through ?? []).length > 0) throw sourceRefusal.notBuilt('an order through lookups on mapped relations');
        return `${this.#comparable(column)} ${descending ? 'desc nulls last' : 'asc nulls first'}`;
      })
      .join(', ');
  }

  /** A parameter, as the type that the column has at the source. `undefined`: no row can have the value. */
  parameter(column: Column, value: Value): string | undefined {
    const text = this.#values.format(column, value);
    if (text === undefined) return undefined;
    this.parameters.push(text);
    return `$${this.parameters.length}`;
  }

  name(column: Column): string {
    const name = this.#table.names.get(column);
    if (name === undefined) throw sourceRefusal.notBuilt(`the relation has no ${column.name}`);
    return quoteName(name);
  }

  /** Text is compared without regard to case, and by code points, so that an order and a place in it agree. */
  #comparable(column: Column): string {
    return column.isText ? `lower(${this.name(column)}) collate "C"` : this.name(column);
  }

  #compare(op: keyof typeof operators, column: Column, value: Value): string {
    if (value === null) {
      if (op === 'eq' || op === 'ne') return `${this.name(column)} is ${op === 'eq' ? '' : 'not '}null`;
      return 'null::boolean';
    }
    const parameter = this.parameter(column, value);
    if (parameter === undefined) return op === 'ne' ? 'true' : 'false';
    const right = column.isText ? `lower(${parameter}) collate "C"` : parameter;
    const compared = `${this.#comparable(column)} ${operators[op]} ${right}`;
    return op === 'ne' ? `(${compared} or ${this.name(column)} is null)` : compared;
  }

  #text(op: 'contains' | 'startswith' | 'endswith', column: Column, value: string): string {
    this.parameters.push(value);
    const [left, right] = [`lower(${this.name(column)})`, `lower($${this.parameters.length})`];
    if (op === 'contains') return `(position(${right} in ${left}) > 0)`;
    const side = op === 'startswith' ? 'left' : 'right';
    return `(${side}(${left}, length(${right})) = ${right})`;
  }
}

/** An identifier (PostgreSQL 4.1.1). */
const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
