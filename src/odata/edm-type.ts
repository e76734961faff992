import type { Column, ColumnType } from '../metadata/table.ts';

const edmTypes = {
  Guid: 'Edm.Guid',
  String: 'Edm.String',
  Memo: 'Edm.String',
  Integer: 'Edm.Int32',
  BigInt: 'Edm.Int64',
  Decimal: 'Edm.Decimal',
  Boolean: 'Edm.Boolean',
  Date: 'Edm.Date',
  DateTime: 'Edm.DateTimeOffset',
  Choice: 'Edm.Int32',
  Choices: 'Edm.String',
  Lookup: 'Edm.Guid',
} as const satisfies Record<ColumnType, string>;

/** Dates of virtual tables travel with a time at midnight, whatever their type says (human-resources-security 5.4). */
export function edmType(column: Column): string {
  if (column.type === 'Date' && column.table.kind === 'virtual') return edmTypes.DateTime;
  return column.numeric === 'Double' ? 'Edm.Double' : edmTypes[column.type];
}
