import { type Guid, getGuid, namedGuid } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import type { Value } from './query.ts';

/** Record id of the first row of a new table of Human Resources (human-resources-security 5.3). */
export const firstRecordId = 5_637_144_576n;

const maxEntityNumber = 0xffff_ffff;

/**
 * Id of a row of a virtual table, computable from outside: the entity number as the first group, the next two groups
 * zero, then the record id as eight bytes, lowest first (human-resources-security 5.3). Throws a `RangeError` for numbers
 * that do not fit.
 */
export function rowIdOfRecord(entityNumber: number, recordId: bigint): Guid {
  if (!Number.isInteger(entityNumber) || entityNumber < 0 || entityNumber > maxEntityNumber) {
    throw new RangeError(`entity number ${entityNumber} does not fit into 32 bits`);
  }
  const record = Buffer.alloc(8);
  record.writeBigInt64LE(recordId);
  const tail = record.toString('hex');
  return getGuid(`${entityNumber.toString(16).padStart(8, '0')}-0000-0000-${tail.slice(0, 4)}-${tail.slice(4)}`);
}

/**
 * Id of a row whose business key is all that tells it from others: the same key gives the same id in every environment.
 * `values` are those of the key columns in order. Text that compares equal gives the same id: case does not matter, nor
 * how letters with marks are encoded.
 */
export function rowIdOfKey(table: Table, values: readonly Value[]): Guid {
  // JSON keeps the parts apart whatever characters they hold.
  return namedGuid(JSON.stringify([table.logicalName, ...values.map(keyPart)]));
}

function keyPart(value: Value): string | number | boolean | null {
  if (typeof value === 'string') return value.normalize('NFC').toLowerCase().normalize('NFC');
  return typeof value === 'bigint' ? value.toString() : value;
}

const recordRowId = /^([0-9a-f]{8})-0000-0000-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** The record id that a row id was computed from by `rowIdOfRecord`; `undefined` for any other id. */
export function recordIdOf(entityNumber: number, id: string): bigint | undefined {
  const match = recordRowId.exec(id);
  if (match === null || Number.parseInt(match[1] ?? '', 16) !== entityNumber) return undefined;
  return Buffer.from(`${match[2]}${match[3]}`, 'hex').readBigInt64LE();
}
