import type { Column } from '../../../metadata/table.ts';
import type { Condition, Order, Value } from '../../../odata/query.ts';
import type { ColumnValues } from '../mapped/column-values.ts';
import type { MappedTable } from '../mapped/mapping.ts';
import { sourceRefusal } from '../mapped/source-problems.ts';

/** Words of the OData query language (OData 4.01 part 2, section 5.1) for one table of a source. */
export class ODataFilter {
  readonly #table: MappedTable;
  readonly #values: ColumnValues;

  constructor(table: MappedTable, values: ColumnValues) {
    this.#table = table;
    this.#values = values;
  }

  /** `$filter`. @throws Refusal 501 for conditions that not every service knows */
  filter(where: Condition): string {
    switch (where.kind) {
      case 'and':
      case 'or':
        return `(${where.of.map((each) => this.filter(each)).join(` ${where.kind} `)})`;
      case 'not':
        return `not (${this.filter(where.of)})`;
      case 'always':
        return `${this.#idName} ne null`;
      case 'never':
        return `${this.#idName} eq null`;
      case 'compare':
        return this.#compare(where.op, where.column, where.value);
      case 'in':
        if (where.values.length === 0) return `${this.#idName} eq null`;
        return `(${where.values.map((value) => this.#compare('eq', where.column, value)).join(' or ')})`;
      case 'compareColumns':
        return `${this.name(where.left)} ${where.op} ${this.name(where.right)}`;
      case 'text':
        return `${where.op}(${this.name(where.column)},${quote(where.value)})`;
      default:
        throw sourceRefusal.notBuilt(`a condition of the kind ${where.kind} at another service`);
    }
  }

  /** `$orderby`. */
  order(orderBy: readonly Order[]): string {
    return orderBy
      .map(({ column, descending, through }) => {
        if ((through ?? []).length > 0) throw sourceRefusal.notBuilt('an order through lookups at another service');
        return `${this.name(column)}${descending ? ' desc' : ''}`;
      })
      .join(',');
  }

  /** Name of a column at the service. */
  name(column: Column): string {
    const name = this.#table.names.get(column);
    if (name === undefined) throw sourceRefusal.notBuilt(`the service has no ${column.name}`);
    return name;
  }

  get #idName(): string {
    return this.name(this.#table.table.primaryKey);
  }

  /** `ne` with a value also holds for rows without one; a service that thinks otherwise is told. */
  #compare(op: string, column: Column, value: Value): string {
    const name = this.name(column);
    const literal = this.literal(column, value);
    if (literal === undefined) return `${this.#idName} ${op === 'ne' ? 'ne' : 'eq'} null`;
    return `${name} ${op} ${literal}`;
  }

  /** A value as a literal; `undefined` for an id that no row of the service has. */
  literal(column: Column, value: Value): string | undefined {
    const text = this.#values.format(column, value);
    if (text === undefined || text === null) return text === null ? 'null' : undefined;
    const isBare =
      this.#values.isNumber(column) || ['Boolean', 'Date', 'DateTime'].includes(column.type) || this.#isBareId(column);
    return isBare ? text : quote(text);
  }

  /** Ids that the service keeps as GUIDs stand without quotes; those that it keeps as text say so in the file. */
  #isBareId({ type }: Column): boolean {
    return (type === 'Guid' || type === 'Lookup') && this.#table.mapping.idsAreText !== true;
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
