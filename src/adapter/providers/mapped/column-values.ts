import { createHash } from 'node:crypto';
import { type Guid, parseGuid } from '../../../kernel/ids.ts';
import { unreachable } from '../../../kernel/unreachable.ts';
import type { Column, Model, Table } from '../../../metadata/table.ts';
import { isEmptyDate } from '../../../odata/empty-date.ts';
import type { Value } from '../../../odata/query.ts';
import { recordIdOf, rowIdOfRecord } from '../../../odata/row-id.ts';
import {
  formatDecimal,
  isInt32,
  parseDecimal,
  parseInt64,
  parseMoment,
  parseOptions,
  roundDecimal,
} from '../../../odata/values.ts';
import type { MappedTable, MappedTables } from './mapping.ts';
import { sourceRefusal } from './source-problems.ts';

/** What another source sends and takes, as text; `null` is no value. */
export type SourceText = string | null;

/** Turns values of columns into what the source holds, and back. */
export class ColumnValues {
  readonly #model: Model;
  readonly #tables: MappedTables;

  constructor(model: Model, tables: MappedTables) {
    this.#model = model;
    this.#tables = tables;
  }

  /** @throws Refusal V3 for text that is no value of the column: the mapping or the source is at fault */
  parse(column: Column, text: SourceText): Value {
    if (text === null) return null;
    const value = this.#parse(column, text);
    if (value !== undefined) return value;
    throw sourceRefusal.failed(`the source holds a value in ${column.name} that is no ${column.type}`);
  }

  #parse(column: Column, text: string): Value | undefined {
    switch (column.type) {
      case 'String':
      case 'Memo':
        return text;
      case 'Guid':
      case 'Lookup':
        return this.#parseId(column, text);
      case 'Boolean':
        return { true: true, t: true, yes: true, '1': true, false: false, f: false, no: false, '0': false }[
          text.toLowerCase()
        ];
      case 'Date':
      case 'DateTime':
        return parseDate(column, text);
      case 'Integer':
        return /^-?\d{1,10}$/.test(text) && isInt32(Number(text)) ? Number(text) : undefined;
      case 'Choice':
        return this.#parseOption(column, text);
      case 'Choices':
        return parseOptions(text)?.join();
      case 'BigInt':
        return parseInt64(text);
      case 'Decimal': {
        const decimal = parseDecimal(text);
        return decimal && formatDecimal(roundDecimal(decimal, column.scale));
      }
      default:
        return unreachable(column.type);
    }
  }

  /** Options by number, or by the external name that Human Resources has for them. */
  #parseOption({ choice }: Column, text: string): number | undefined {
    if (/^-?\d{1,10}$/.test(text)) return Number(text);
    return this.#model.choice.get(choice ?? '')?.options.find(({ name }) => name === text)?.value;
  }

  #parseId(column: Column, text: string): Value | undefined {
    const holder = this.#holderOf(column);
    if (holder?.mapping.id.form !== 'recordId') return parseGuid(text);
    const record = parseInt64(text);
    // A record id of zero is no row.
    if (record === 0n) return null;
    return record === undefined ? undefined : rowIdOfRecord(holder.table.entityNumber ?? 0, record);
  }

  /** The table whose rows the column's ids are of. */
  #holderOf({ table, lookup, type }: Column): MappedTable | undefined {
    const target: Table | undefined = type === 'Lookup' ? this.#model.table.get(lookup?.target ?? '') : table;
    return target && this.#tables.get(target);
  }

  /** What is sent. `undefined`: no row of the source can have it, such as an id that was not computed from a record id. */
  format(column: Column, value: Value): SourceText | undefined {
    if (value === null) return null;
    if (column.type !== 'Guid' && column.type !== 'Lookup') return String(value);
    const holder = this.#holderOf(column);
    if (holder?.mapping.id.form !== 'recordId') return String(value);
    return recordIdOf(holder.table.entityNumber ?? 0, String(value))?.toString();
  }

  /** Is the column a number at the source? */
  isNumber(column: Column): boolean {
    if (column.type === 'Guid' || column.type === 'Lookup')
      return this.#holderOf(column)?.mapping.id.form === 'recordId';
    return ['Integer', 'BigInt', 'Decimal', 'Choice'].includes(column.type);
  }
}

/** A row id that the source holds. */
export const parseRowId = (value: Value): Guid => {
  if (typeof value === 'string') return value as Guid;
  throw sourceRefusal.failed('the source gave a row without its id');
};

function parseDate(column: Column, text: string): Value | undefined {
  // PostgreSQL writes a blank for the T and leaves the minutes of an offset out.
  const moment = parseMoment(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  if (moment === undefined) return undefined;
  const utc = column.type === 'Date' ? `${moment.date}T00:00:00Z` : moment.utc;
  return isEmptyDate(column, utc) ? null : utc;
}

/** A version for rows of sources that count none: the same values, the same version. */
export function digestOf(texts: readonly SourceText[]): bigint {
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest();
  return digest.readBigUInt64BE() >> 1n;
}
